import { timeLimit } from "./time-limit.ts";
import type { ExpectedMembers } from "../core/members/member.ts";
import { memberRole } from "../core/members/registry.ts";
import { labContainersOf } from "../core/plan/labels.ts";
import type { FoundContainer, LabContainer } from "../core/plan/observed.ts";
import { assembleStatus, type Answer } from "../core/status/assemble.ts";
import type { LabStatus } from "../core/status/model.ts";
import { askAll } from "./ask-all.ts";
import type { EngineReader } from "./ports/engine-reader.ts";

/** An agent that says nothing for so long is reported as silent; starting the command is part of it. */
const ANSWER_TIMEOUT_MS = 3000;

export interface StatusQuestion {
  readonly lab: string;
  readonly containers: readonly FoundContainer[];
  readonly expected?: ExpectedMembers | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks all agents of a lab: by one exec in one of them, and those that it could not reach by an exec of their own. An
 * agent that does not answer makes its member degraded, not the command fail.
 */
export async function labStatus(reader: EngineReader, question: StatusQuestion): Promise<LabStatus> {
  const { lab, containers, expected, signal = new AbortController().signal } = question;
  const members = labContainersOf(containers, lab).filter(
    ({ role }) => memberRole(role).inStatus !== undefined,
  );
  const running = members.filter(({ state }) => state === "running");
  const heard = running.length > 1 ? await askAll(reader, running, signal) : undefined;
  const answers = await Promise.all(
    members.map(async (container): Promise<Answer> => {
      const line = heard?.lines.get(container.name);
      if (line !== undefined) return { container, line };
      const failure = heard?.hanging.get(container.name);
      return failure === undefined ? await askOne(reader, container, signal) : { container, failure };
    }),
  );
  return assembleStatus(lab, answers, expected);
}

async function askOne(reader: EngineReader, container: LabContainer, signal: AbortSignal): Promise<Answer> {
  if (container.state !== "running") return { container };
  const limit = timeLimit(ANSWER_TIMEOUT_MS, signal);
  try {
    const { stdout, stderr } = await reader.exec(container.id, ["agent", "status"], limit);
    return { container, line: stdout.trim(), failure: stderr.trim() || stdout.trim() || "it said nothing" };
  } catch (error) {
    if (signal.aborted) throw error;
    const failure = limit.aborted ? `no answer in ${ANSWER_TIMEOUT_MS / 1000} s` : (error as Error).message;
    return { container, failure };
  }
}
