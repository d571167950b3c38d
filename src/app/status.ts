import type { ExpectedMembers } from "../core/members/member.ts";
import { memberRole } from "../core/members/registry.ts";
import { labContainersOf } from "../core/plan/labels.ts";
import type { FoundContainer } from "../core/plan/observed.ts";
import { NO_ANSWER, type Reply } from "../core/protocol/answer.ts";
import { assembleStatus, type Answer } from "../core/status/assemble.ts";
import type { LabStatus, MemberStatus } from "../core/status/model.ts";
import { ask, ANSWER_TIMEOUT_MS } from "./agents/ask.ts";
import { askAll } from "./agents/ask-all.ts";
import type { EngineReader } from "./ports/engine-reader.ts";

export interface StatusQuestion {
  readonly lab: string;
  readonly containers: readonly FoundContainer[];
  readonly expected?: ExpectedMembers | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What a member told last where it is followed: it counts for one that the question of all did not reach. */
  readonly followed?: (name: string) => MemberStatus | undefined;
}

/**
 * Asks all agents of a lab: by one exec in one of them, and those that it could not reach by an exec of their own. An
 * agent that does not answer makes its member degraded, not the command fail.
 */
export async function labStatus(reader: EngineReader, question: StatusQuestion): Promise<LabStatus> {
  const { lab, expected } = question;
  return assembleStatus(lab, await askMembers(reader, question), expected);
}

/** What each member of a lab answers, of those that are part of its status. */
export async function askMembers(
  reader: EngineReader,
  { lab, containers, followed, signal = new AbortController().signal }: Omit<StatusQuestion, "expected">,
): Promise<Answer[]> {
  const members = labContainersOf(containers, lab).filter(
    ({ role }) => memberRole(role).inStatus !== undefined,
  );
  const running = members.filter(({ state }) => state === "running");
  const heard = running.length > 1 ? await askAll(reader, running, signal) : undefined;
  return await Promise.all(
    members.map(async (container): Promise<Answer> => {
      if (container.state !== "running") return { container };
      const reply = heard?.get(container.name);
      if (reply !== undefined && !isSilence(reply)) return { container, reply };
      const value = followed?.(container.name);
      if (value !== undefined) return { container, reply: { kind: "answer", value } };
      const options = { signal, deadlineMs: ANSWER_TIMEOUT_MS };
      return { container, reply: reply ?? (await ask(reader, container.id, { verb: "status" }, options)) };
    }),
  );
}

/** Whether a member is silent for another that asked it; a slow machine makes many so. */
function isSilence(reply: Reply<MemberStatus>): boolean {
  return reply.kind === "silent" || (reply.kind === "failure" && reply.failure.code === NO_ANSWER);
}
