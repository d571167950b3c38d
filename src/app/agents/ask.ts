import { parseAnswer, parseStatus, type Reply } from "../../core/model/protocol/answer.ts";
import { OperationError } from "../../core/model/errors.ts";
import { requestWords } from "../../core/model/protocol/request.ts";
import type { AnswerTo, OneLineVerb, Request, RequestOf } from "../../core/model/protocol/verbs.ts";
import type { ExecResult } from "../ports/engine-reader.ts";
import { timeLimit } from "../ports/time.ts";

/** An agent that says nothing for so long is reported as silent; starting the command is part of it. */
export const ANSWER_TIMEOUT_MS = 3000;

export interface AskOptions {
  readonly signal: AbortSignal;
  /** Left out, the answer is waited for. */
  readonly deadlineMs?: number;
}

/** Where a command can be run that asks an agent. */
export interface Asked {
  exec(argv: readonly string[], signal?: AbortSignal): Promise<ExecResult>;
}

/** The command that asks the agent of its container. */
export function agentArgv(request: Request): string[] {
  return ["agent", ...requestWords(request)];
}

/** Asks one agent one thing. What the agent or its container cannot do is a reply; rejects when the signal fires or the engine fails. */
export async function ask<V extends OneLineVerb>(
  node: Asked,
  request: RequestOf<V>,
  { signal, deadlineMs }: AskOptions,
): Promise<Reply<AnswerTo<V>>> {
  const limit = deadlineMs === undefined ? signal : timeLimit(deadlineMs, signal);
  try {
    const { stdout, stderr } = await node.exec(agentArgv(request as Request), limit);
    const said = stdout.trim() === "" ? stderr : stdout;
    const reply = request.verb === "status" ? parseStatus(said) : parseAnswer(said);
    return reply as Reply<AnswerTo<V>>;
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) return { kind: "silent", reason: `no answer in ${(deadlineMs ?? 0) / 1000} s` };
    if (isRefusal(error)) return { kind: "silent", reason: error.message };
    throw error;
  }
}

/** An exec in a container that is just restarting is refused; anything else is the engine's failure. */
export function isRefusal(error: unknown): error is OperationError {
  return error instanceof OperationError && error.code === "MHLAB_ENGINE";
}

/** What a reply without an answer says, as lines of evidence. */
export function evidenceOf(reply: Exclude<Reply<unknown>, { kind: "answer" }>): string[] {
  if (reply.kind === "foreign") return ["its agent speaks another protocol"];
  return (reply.kind === "failure" ? reply.failure.error : reply.reason).trim().split("\n");
}
