import { OperationError } from "../core/model/errors.ts";
import { askedAmong } from "../core/render/nodes/judge.ts";
import type { Report } from "../core/render/plan/progress.ts";
import type { Listener } from "./agents/known.ts";
import type { Node } from "./agents/node.ts";
import type { LabWatch } from "./agents/watch.ts";
import { Judge, type Settled } from "./judge.ts";
import { ENOUGH, pause } from "./ports/time.ts";

export interface Awaited {
  readonly node: Node;
  readonly realFarSides: ReadonlySet<string>;
  readonly realSubscriber: boolean;
  /** Whether its container was made just now, and so was never started again. */
  readonly isNew?: boolean;
}

export interface ReadyOptions {
  /** What the agents of the lab say. */
  readonly agents: LabWatch;
  /** `--wait`. */
  readonly strict: boolean;
  /** Fires when the time is up or the user interrupts. */
  readonly signal: AbortSignal;
  readonly report: Report;
  /** Called with what a node waits for, whenever that is another thing. */
  readonly onWaiting?: (detail: string) => void;
}

/** How a node ended up; a warning tells what the outside world still owes it. */
export interface Arrived {
  readonly name: string;
  readonly warning?: string;
}

const RESTARTS_BEFORE_GIVING_UP = 3;
const RECHECK_MS = 400;
/** After this long without a word from a node, its container is looked at; then less and less often. */
const SILENCE_MS = 700;
const LONGEST_SILENCE_MS = 5000;
/** Follows a node's events until it is ready or settled. Throws when its container ends again and again. */
export async function awaitReady(awaited: Awaited, options: ReadyOptions): Promise<Arrived> {
  const { name } = awaited.node;
  const { report } = options;
  let detail = "";
  const tell = (text: string): void => {
    if (text === detail) return;
    detail = text;
    options.onWaiting?.(text);
    report({ kind: "awaiting", name, detail: text });
  };
  tell("starting");
  const verdict = await settle(awaited, options, tell);
  if (verdict.kind === "ready") {
    report({ kind: "ready", name });
    return { name };
  }
  const warning = verdict.warning.message;
  report({ kind: "settled", name, warning });
  return { name, warning };
}

/** What becomes of a node: what its agent says, or that its container does not stay. */
async function settle(
  { node, isNew = false, ...patience }: Awaited,
  { agents, strict, signal }: ReadyOptions,
  tell: (text: string) => void,
): Promise<Settled> {
  const done = new AbortController();
  const end = AbortSignal.any([signal, done.signal]);
  const judge = new Judge(
    { ...patience, role: node.role, strict, asked: () => askedAmong(agents.statuses) },
    tell,
  );
  const recheck = setInterval(() => judge.look(), RECHECK_MS);
  const listener: Listener = {
    onStatus: (status) => judge.take(status),
    onGone: () => judge.forget(),
    onComplaint: (text) => tell(`its agent cannot be asked: ${text}`),
  };
  try {
    return await Promise.race([
      judge.verdict,
      agents.follow(node, listener, end),
      watchContainer(node, judge, { isNew, signal: end }),
    ]);
  } finally {
    clearInterval(recheck);
    done.abort(ENOUGH);
  }
}

/** Throws when the container of a silent node is gone or ends again and again, and when the signal fires. */
async function watchContainer(
  node: Node,
  judge: Judge,
  { isNew, signal }: { readonly isNew: boolean; readonly signal: AbortSignal },
): Promise<never> {
  const first = isNew ? 0 : ((await node.state(signal))?.restartCount ?? 0);
  for (let wait = SILENCE_MS; ; wait = judge.heard ? SILENCE_MS : Math.min(1.5 * wait, LONGEST_SILENCE_MS)) {
    await pause(wait, signal);
    if (judge.heard) continue;
    const state = await node.state(signal);
    if (state === undefined) throw await ended(node, "its container was removed by someone else");
    if (state.restartCount - first >= RESTARTS_BEFORE_GIVING_UP || state.status === "exited") {
      throw await ended(node, `its container ends at once (exit code ${state.exitCode})`);
    }
  }
}

async function ended(node: Node, why: string): Promise<OperationError> {
  const evidence = await node.lastLogLines(10).catch(() => []);
  return new OperationError("MHLAB_CONTAINER_ENDED", `${node.name} does not stay up: ${why}`, {
    evidence,
    hint: `its whole output: mhlab logs ${node.name}`,
  });
}
