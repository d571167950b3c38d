import type { LabContainer } from "../core/plan/observed.ts";
import type { EngineReader } from "./ports/engine-reader.ts";

/** What one member told of all: statuses as lines of JSON, by member, and who hangs. Who is in neither was not reached. */
export interface Heard {
  readonly lines: ReadonlyMap<string, string>;
  readonly hanging: ReadonlyMap<string, string>;
}

/** An agent that says nothing for so long has a second one asked beside it. */
const SECOND_AFTER_MS = 500;
/** Agents give up on each other after 2 s; the rest is for starting the command. */
const LIMIT_MS = 3000;

/** Asks for the status of all members by one exec, in the first of them; in the second as well when the first is silent. */
export async function askAll(
  reader: EngineReader,
  running: readonly LabContainer[],
  signal: AbortSignal,
): Promise<Heard> {
  const lines = new Map<string, string>();
  const hanging = new Map<string, string>();
  const enough = new AbortController();
  const end = AbortSignal.any([signal, enough.signal]);
  const ended = new Promise<void>((resolve) => {
    end.addEventListener("abort", () => resolve(), { once: true });
  });
  const onLine = (text: string): void => {
    const { member, status, failure } = parse(text);
    if (member === undefined) return;
    if (status !== undefined) lines.set(member, JSON.stringify(status));
    else if (failure?.startsWith("no answer") === true) hanging.set(member, failure);
    if (running.every(({ name }) => lines.has(name))) enough.abort();
  };
  const ask = async (member: LabContainer | undefined): Promise<void> => {
    if (member === undefined || end.aborted) return;
    const stream = { signal: end, onLine, onErrorLine: () => {} };
    await reader.execLines(member.id, ["agent", "all", "status"], stream).catch(() => undefined);
    // It has told all that it could.
    if (lines.size > 0) enough.abort();
  };
  const [first, second] = running;
  const timers: NodeJS.Timeout[] = [setTimeout(() => enough.abort(), LIMIT_MS)];
  const silence = new Promise<void>((resolve) => timers.push(setTimeout(resolve, SECOND_AFTER_MS)));
  try {
    const asked = ask(first);
    await Promise.race([asked, silence, ended]);
    const askedToo = lines.size === 0 ? ask(second) : undefined;
    await Promise.race([Promise.all([asked, askedToo]), ended]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    enough.abort();
  }
  signal.throwIfAborted();
  return { lines, hanging };
}

function parse(line: string): { member?: string; status?: unknown; failure?: string } {
  try {
    return JSON.parse(line) as { member?: string; status?: unknown; failure?: string };
  } catch {
    return {};
  }
}
