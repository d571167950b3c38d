import { OperationError, UsageError } from "../core/model/errors.ts";
import { InjectionError, readInjection } from "../core/model/faults/injection.ts";
import type { Reply } from "../core/model/protocol/answer.ts";
import type { InjectAnswer, InjectOptions } from "../core/model/protocol/verbs.ts";
import type { FaultStatus } from "../core/model/status/model.ts";
import type { SeenNode } from "./agents/node.ts";
import { ANSWER_TIMEOUT_MS, evidenceOf } from "./agents/ask.ts";

/** A fault with whose it is. */
export interface ProviderFault {
  readonly node: SeenNode;
  readonly fault: FaultStatus;
}

/** The faults of nodes, and which providers cannot be asked. */
export interface FoundFaults {
  readonly faults: readonly ProviderFault[];
  readonly silent: readonly string[];
}

/** The request for a fault, with its options in their canonical form. Throws UsageError for what the agent would refuse. */
export function faultRequest(kind: string, options: InjectOptions["options"]): InjectOptions {
  try {
    return { kind, options: { ...options, ...readInjection(kind, options).options } };
  } catch (error) {
    if (!(error instanceof InjectionError)) throw error;
    throw new UsageError(error.message, { hint: error.hint, state: "Nothing was changed." });
  }
}

/** Injects a fault into a provider; resolves when it is in force. Throws UsageError when the node is no running provider, OperationError when it cannot be injected. */
export async function injectFault(
  node: SeenNode,
  request: InjectOptions,
  signal: AbortSignal,
): Promise<InjectAnswer> {
  const { name, role } = node;
  if (role !== "bng")
    throw new UsageError(`${name} is no provider`, { hint: "faults are injected into providers" });
  if (!node.runs)
    throw new UsageError(`${name} does not run`, { hint: `start it with: mhlab start ${name}` });
  const reply = await node.ask({ verb: "inject", ...request }, { signal });
  if (reply.kind === "answer") return reply.value;
  throw failed(`${request.kind} could not be injected into ${name}`, name, reply);
}

/** Asks providers for their faults. */
export async function findFaults(nodes: readonly SeenNode[], signal: AbortSignal): Promise<FoundFaults> {
  const providers = nodes
    .filter(({ role }) => role === "bng")
    .sort((one, other) => (one.containerName < other.containerName ? -1 : 1));
  const options = { signal, deadlineMs: ANSWER_TIMEOUT_MS };
  const replies = await Promise.all(
    providers.map(async (node) => (node.runs ? await node.ask({ verb: "status" }, options) : undefined)),
  );
  const faults: ProviderFault[] = [];
  const silent: string[] = [];
  for (const [index, node] of providers.entries()) {
    const reply = replies[index];
    const value = reply?.kind === "answer" ? reply.value : undefined;
    if (value?.role !== "bng") silent.push(node.name);
    else faults.push(...value.faults.map((fault) => ({ node, fault })));
  }
  return { faults, silent };
}

/** The faults that a word means: the one with that id, or all of a provider; those of the preferred lab first. Throws UsageError that names what there is. */
export function chooseFaults(
  word: string,
  { faults }: FoundFaults,
  preferred?: string,
): readonly ProviderFault[] {
  const byId = faults.filter(({ fault }) => fault.id === word);
  const matches = byId.length > 0 ? byId : faults.filter(({ node }) => node.name === word);
  const own = matches.filter(({ node }) => node.lab === preferred);
  const chosen = own.length > 0 ? own : matches;
  const labs = [...new Set(chosen.map(({ node }) => node.lab))];
  if (labs.length > 1)
    throw new UsageError(`'${word}' is in several labs: ${labs.join(", ")}`, {
      hint: "choose one with --lab",
    });
  if (chosen.length > 0) return chosen;
  const ids = faults.map(({ fault }) => fault.id);
  throw new UsageError(`there is no fault '${word}', and no provider of that name with one`, {
    hint: ids.length === 0 ? "no fault is injected" : `there are: ${ids.join(", ")}`,
  });
}

/** Clears faults; resolves to them as they were when nothing of them is in force any more. Throws OperationError. */
export async function clearFaults(
  chosen: readonly ProviderFault[],
  signal: AbortSignal,
): Promise<ProviderFault[]> {
  const cleared = await Promise.all(
    chosen.map(async ({ node, fault }) => {
      const reply = await node.ask({ verb: "clear", which: fault.id }, { signal });
      // It has just ended by itself.
      if (reply.kind === "failure" && reply.failure.code === "bad-request") return [];
      if (reply.kind !== "answer") throw failed(`${fault.id} could not be cleared`, node.name, reply);
      return reply.value.cleared.map((one) => ({ node, fault: one }));
    }),
  );
  return cleared.flat();
}

function failed(
  message: string,
  name: string,
  reply: Exclude<Reply<unknown>, { kind: "answer" }>,
): OperationError {
  return new OperationError("MHLAB_FAULT", message, {
    evidence: evidenceOf(reply),
    hint: `see: mhlab logs ${name}`,
  });
}
