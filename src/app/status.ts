import { labContainersOf } from "../core/plan/labels.ts";
import type { FoundContainer, LabContainer } from "../core/plan/observed.ts";
import { assembleStatus, type Answer, type ExpectedMembers } from "../core/status/assemble.ts";
import type { LabStatus } from "../core/status/model.ts";
import type { EngineReader } from "./ports.ts";

const ANSWER_TIMEOUT_MS = 10_000;

export interface StatusQuestion {
  readonly lab: string;
  readonly containers: readonly FoundContainer[];
  readonly expected?: ExpectedMembers | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Asks all agents of a lab at once. An agent that does not answer makes its member degraded, not the command fail. */
export async function labStatus(reader: EngineReader, question: StatusQuestion): Promise<LabStatus> {
  const members = labContainersOf(question.containers, question.lab);
  const answers = await Promise.all(members.map((container) => askAgent(reader, container, question.signal)));
  return assembleStatus(question.lab, answers, question.expected);
}

async function askAgent(
  reader: EngineReader,
  container: LabContainer,
  signal?: AbortSignal,
): Promise<Answer> {
  if (container.state !== "running") return { container };
  const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const both = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  try {
    const { stdout, stderr } = await reader.exec(container.id, ["agent", "status"], both);
    return { container, line: stdout.trim(), failure: stderr.trim() || stdout.trim() || "it said nothing" };
  } catch (error) {
    if (signal?.aborted === true) throw error;
    const failure = timeout.aborted ? `no answer in ${ANSWER_TIMEOUT_MS / 1000} s` : (error as Error).message;
    return { container, failure };
  }
}
