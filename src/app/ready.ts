import { OperationError } from "../core/errors.ts";
import type { Role } from "../core/members/role.ts";
import type { AgentEvent } from "../core/status/model.ts";
import type { Report } from "../core/plan/progress.ts";
import { Judge, type Settled, type Status } from "./judge.ts";
import { isRefusal, type LabEvents } from "./lab-events.ts";
import { pause } from "./pause.ts";
import type { EngineReader } from "./ports/engine-reader.ts";

export interface Awaited {
  readonly name: string;
  readonly role: Role;
  readonly containerName: string;
  readonly realFarSide: boolean;
  readonly realSubscriber: boolean;
}

export interface ReadyOptions {
  readonly reader: EngineReader;
  /** What the agents of the lab say. */
  readonly events: LabEvents<Status>;
  /** `--wait`. */
  readonly strict: boolean;
  /** Fires when the time is up or the user interrupts. */
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** How a member ended up; a warning tells what the outside world still owes it. */
export interface Arrived {
  readonly name: string;
  readonly warning?: string;
}

const RESTARTS_BEFORE_GIVING_UP = 3;
const RECHECK_MS = 400;
/** After this long without a word from a member, its container is looked at; then less and less often. */
const SILENCE_MS = 700;
const LONGEST_SILENCE_MS = 5000;
/**
 * After this long, a member is asked by an exec of its own, then less and less often. Every question costs a slow engine
 * time that the member needs to start: a machine that emulated another one was asked to death when this was 10 s and stayed so.
 */
const TOO_SILENT_MS = 20_000;

/** Follows a member's events until it is ready or settled. Throws when its container ends again and again; `waiting` keeps what it waits for. */
export async function awaitReady(
  member: Awaited,
  options: ReadyOptions,
  waiting: Map<string, string>,
): Promise<Arrived> {
  const { name } = member;
  const { report } = options;
  let detail = "";
  const tell = (text: string): void => {
    waiting.set(name, text);
    if (text !== detail) report({ kind: "awaiting", name, detail: text });
    detail = text;
  };
  tell("starting");
  const verdict = await settle(member, options, tell);
  waiting.delete(name);
  if (verdict.kind === "ready") {
    report({ kind: "ready", name });
    return { name };
  }
  const warning = verdict.warning.message;
  report({ kind: "settled", name, warning });
  return { name, warning };
}

/** What it comes to, by whichever way is first: what all say, what it says alone, what becomes of its container. */
async function settle(
  member: Awaited,
  { reader, events, strict, signal }: ReadyOptions,
  tell: (text: string) => void,
): Promise<Settled> {
  const done = new AbortController();
  const judge = new Judge({ ...member, strict }, tell);
  const watch: Watch = {
    member,
    reader,
    judge,
    signal: AbortSignal.any([signal, done.signal]),
    onComplaint: (text) => tell(`its agent cannot be asked: ${text}`),
  };
  const recheck = setInterval(() => judge.look(), RECHECK_MS);
  try {
    const { onComplaint } = watch;
    const onStatus = (status: Status): void => judge.take(status);
    const stream = { signal: watch.signal, onComplaint, onStatus, onGone: () => judge.forget() };
    return await Promise.race([
      judge.verdict,
      events.follow(member, stream),
      watchContainer(watch),
      askAlone(watch, events),
    ]);
  } finally {
    clearInterval(recheck);
    done.abort();
  }
}

interface Watch {
  readonly member: Awaited;
  readonly reader: EngineReader;
  readonly judge: Judge;
  readonly signal: AbortSignal;
  readonly onComplaint: (text: string) => void;
}

/** Throws when the container of a silent member is gone or ends again and again, and when the signal fires. */
async function watchContainer({ member, reader, judge, signal }: Watch): Promise<never> {
  const { containerName } = member;
  const first = (await reader.containerState(containerName, signal))?.restartCount ?? 0;
  for (let wait = SILENCE_MS; ; wait = judge.heard ? SILENCE_MS : Math.min(1.5 * wait, LONGEST_SILENCE_MS)) {
    await pause(wait, signal);
    if (judge.heard) continue;
    const state = await reader.containerState(containerName, signal);
    if (state === undefined) throw await ended(member, reader, "its container was removed by someone else");
    if (state.restartCount - first >= RESTARTS_BEFORE_GIVING_UP || state.status === "exited") {
      throw await ended(member, reader, `its container ends at once (exit code ${state.exitCode})`);
    }
  }
}

/** Asks a member by an exec of its own while nobody tells of it: its image may be too old, or it cannot be reached by others. */
async function askAlone(watch: Watch, events: LabEvents<Status>): Promise<never> {
  const { judge, signal } = watch;
  let wait = TOO_SILENT_MS;
  let silentSince = performance.now();
  for (;;) {
    await pause(RECHECK_MS, signal);
    if (judge.heard) silentSince = performance.now();
    if (judge.heard || (events.supported && performance.now() - silentSince < wait)) continue;
    await followAlone(watch);
    wait *= 2;
    silentSince = performance.now();
  }
}

/** One stream of its events, to its end: its agent goes, or does not come to listen. */
async function followAlone({ member, reader, judge, signal, onComplaint }: Watch): Promise<void> {
  try {
    await reader.execLines(member.containerName, ["agent", "events", "attached"], {
      signal,
      onLine(line) {
        // The engine puts its own complaint where the agent's answer would be.
        if (!line.startsWith("{")) onComplaint(line);
        const status = statusOf(line);
        if (status !== undefined) judge.take(status);
      },
      onErrorLine: () => {},
    });
    judge.forget();
  } catch (error) {
    signal.throwIfAborted();
    if (!isRefusal(error)) throw error;
  }
}

function statusOf(line: string): Status | undefined {
  try {
    const event = JSON.parse(line) as Partial<AgentEvent<Status>>;
    return event.event === "snapshot" || event.event === "status" ? event.status : undefined;
  } catch {
    return undefined;
  }
}

async function ended(
  { name, containerName }: Awaited,
  reader: EngineReader,
  why: string,
): Promise<OperationError> {
  const evidence = await reader.lastLogLines(containerName, 10).catch(() => []);
  return new OperationError("MHLAB_CONTAINER_ENDED", `${name} does not stay up: ${why}`, {
    evidence,
    hint: `its whole output: mhlab logs ${name}`,
  });
}
