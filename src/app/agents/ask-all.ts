import { NO_ANSWER, parseAllStatus, type Reply } from "../../core/protocol/answer.ts";
import type { MemberStatus } from "../../core/status/model.ts";
import { agentArgv } from "./ask.ts";
import { byEngine, type Member } from "./member.ts";

/** An agent that says nothing for so long has a second one asked beside it. */
const SECOND_AFTER_MS = 500;
/** Agents give up on each other after 2 s; the rest is for starting the command. */
const LIMIT_MS = 3000;

/** Asks for the status of members that run. The replies of those who spoke, and of those who hang; who is missing was not reached. */
export async function askAll(
  running: readonly Member[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Reply<MemberStatus>>> {
  // Who is alone is asked as well by himself.
  const groups = byEngine(running).filter(({ length }) => length > 1);
  const replies = await Promise.all(groups.map(async (group) => await askNeighbours(group, signal)));
  return new Map(replies.flatMap((one) => [...one]));
}

/** Asks members of one engine by one exec, in the first of them; in the second as well when the first is silent. */
async function askNeighbours(
  running: readonly Member[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Reply<MemberStatus>>> {
  const spoke = new Map<string, Reply<MemberStatus>>();
  const hanging = new Map<string, Reply<MemberStatus>>();
  const enough = new AbortController();
  const end = AbortSignal.any([signal, enough.signal]);
  const ended = new Promise<void>((resolve) => {
    end.addEventListener("abort", () => resolve(), { once: true });
  });
  const onLine = (text: string): void => {
    const { member, reply } = parseAllStatus(text) ?? {};
    if (member === undefined || reply === undefined) return;
    if (reply.kind !== "failure") spoke.set(member, reply);
    else if (reply.failure.code === NO_ANSWER) hanging.set(member, reply);
    if (running.every(({ name }) => spoke.has(name))) enough.abort();
  };
  const askIn = async (member: Member | undefined): Promise<void> => {
    if (member === undefined || end.aborted) return;
    const stream = { signal: end, onLine, onErrorLine: () => {} };
    await member.execLines(agentArgv({ verb: "allStatus" }), stream).catch(() => undefined);
    // It has told all that it could.
    if (spoke.size > 0) enough.abort();
  };
  const [first, second] = running;
  const timers: NodeJS.Timeout[] = [setTimeout(() => enough.abort(), LIMIT_MS)];
  const silence = new Promise<void>((resolve) => timers.push(setTimeout(resolve, SECOND_AFTER_MS)));
  try {
    const asked = askIn(first);
    await Promise.race([asked, silence, ended]);
    const askedToo = spoke.size === 0 ? askIn(second) : undefined;
    await Promise.race([Promise.all([asked, askedToo]), ended]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    enough.abort();
  }
  signal.throwIfAborted();
  return new Map([...hanging, ...spoke]);
}
