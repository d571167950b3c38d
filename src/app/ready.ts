import { OperationError } from "../core/errors.ts";
import type { Role } from "../core/names.ts";
import type {
  AgentEvent,
  CpeStatus,
  HostStatus,
  InternetStatus,
  ProviderStatus,
} from "../core/status/model.ts";
import { judgeHost, judgeProvider, judgeReady, type Verdict } from "../core/status/settle.ts";
import type { Report } from "../core/plan/progress.ts";
import type { LabEvents, MemberStream } from "./lab-events.ts";
import type { EngineReader } from "./ports.ts";

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

export type Status = ProviderStatus | CpeStatus | InternetStatus | HostStatus;

const RESTARTS_BEFORE_GIVING_UP = 3;
const RETRY_MS = 200;
const RECHECK_MS = 400;
/** After this long without a word from a member, its container is looked at and it is followed anew. */
const SILENCE_MS = 700;
/** The same for a member that is asked by itself, which waits for its agent to listen. */
const SILENCE_ALONE_MS = 12_000;
/** After this long, a member is asked by an exec of its own: its image may be too old to be asked by others. */
const TOO_SILENT_MS = 10_000;

/** Follows a member's events until it is ready or settled. Throws when its container ends again and again; `waiting` keeps what it waits for. */
export async function awaitReady(
  member: Awaited,
  options: ReadyOptions,
  waiting: Map<string, string>,
): Promise<Arrived> {
  const { reader, report, signal } = options;
  let detail = "";
  let heard = false;
  const tell = (text: string): void => {
    waiting.set(member.name, text);
    if (text !== detail) report({ kind: "awaiting", name: member.name, detail: text });
    detail = text;
  };
  tell("starting");
  const askedAt = performance.now();
  const firstRestarts = (await reader.containerState(member.containerName, signal))?.restartCount ?? 0;
  for (;;) {
    const silent = !heard && performance.now() - askedAt > TOO_SILENT_MS;
    const verdict = await followOnce(member, options, {
      tell,
      alone: silent || !options.events.supported,
      onHeard: () => (heard = true),
    });
    if (verdict !== undefined) {
      waiting.delete(member.name);
      if (verdict.kind !== "settled") {
        report({ kind: "ready", name: member.name });
        return { name: member.name };
      }
      report({ kind: "settled", name: member.name, warning: verdict.warning.message });
      return { name: member.name, warning: verdict.warning.message };
    }
    const state = await reader.containerState(member.containerName, signal);
    if (state === undefined) throw await ended(member, reader, "its container was removed by someone else");
    if (state.restartCount - firstRestarts >= RESTARTS_BEFORE_GIVING_UP || state.status === "exited") {
      throw await ended(member, reader, `its container ends at once (exit code ${state.exitCode})`);
    }
    await pause(RETRY_MS, signal);
  }
}

/** One event stream; undefined when it ended, or said nothing, without a verdict. */
async function followOnce(
  member: Awaited,
  { reader, events, strict, signal }: ReadyOptions,
  { tell, alone, onHeard }: { tell: (detail: string) => void; alone: boolean; onHeard: () => void },
): Promise<Verdict | undefined> {
  const done = new AbortController();
  const isDone = new Promise<void>((resolve) => done.signal.addEventListener("abort", () => resolve()));
  const begun = performance.now();
  let verdict: Verdict | undefined;
  let last: Status | undefined;
  let since: number | undefined;
  const judge = (): void => {
    if (done.signal.aborted) return;
    if (last === undefined) {
      if (performance.now() - begun > (alone ? SILENCE_ALONE_MS : SILENCE_MS)) done.abort();
      return;
    }
    const answeredForMs = performance.now() - (since ??= performance.now());
    const patience = { ...member, strict, answeredForMs };
    const now = "uplink" in last ? judgeProvider(last, patience) : judgeOther(last);
    if (now.kind === "waiting") return tell(now.detail);
    verdict = now;
    done.abort();
  };
  const onStatus = (status: Status): void => {
    last = status;
    onHeard();
    judge();
  };
  const onComplaint = (text: string): void => tell(`its agent cannot be asked: ${text}`);
  // Patience with a real far side runs out without an event.
  const timer = setInterval(judge, RECHECK_MS);
  const stream = { signal: AbortSignal.any([signal, done.signal]), onStatus, onComplaint };
  try {
    const following = alone ? followAlone(member, reader, stream) : events.follow(member, stream);
    // How a stream ends when nobody needs it any more is no news.
    await Promise.race([following, isDone.finally(() => following.catch(() => undefined))]);
  } catch (error) {
    if (signal.aborted) throw error;
    if (!done.signal.aborted && !isContainerGone(error)) throw error;
  } finally {
    clearInterval(timer);
  }
  signal.throwIfAborted();
  return verdict;
}

async function followAlone(
  { containerName }: Awaited,
  reader: EngineReader,
  { signal, onStatus, onComplaint }: MemberStream<Status>,
): Promise<void> {
  await reader.execLines(containerName, ["agent", "events", "attached"], {
    signal,
    onLine(line) {
      // The engine puts its own complaint where the agent's answer would be.
      if (!line.startsWith("{")) onComplaint(line);
      const status = statusOf(line);
      if (status !== undefined) onStatus(status);
    },
    onErrorLine: () => {},
  });
}

function judgeOther(status: Exclude<Status, ProviderStatus>): Verdict {
  return "wans" in status || "peers" in status ? judgeReady(status) : judgeHost(status);
}

function statusOf(line: string): Status | undefined {
  try {
    const event = JSON.parse(line) as Partial<AgentEvent<Status>>;
    return event.event === "snapshot" || event.event === "status" ? event.status : undefined;
  } catch {
    return undefined;
  }
}

/** An exec in a container that is just restarting is refused; anything else is the engine's failure. */
function isContainerGone(error: unknown): boolean {
  return error instanceof OperationError && error.code === "MHLAB_ENGINE";
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

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error("interrupted"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}
