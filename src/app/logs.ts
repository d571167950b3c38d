import { setMaxListeners } from "node:events";
import { pause } from "./ports/time.ts";
import type { Node } from "./agents/node.ts";
import type { LogOptions } from "./ports/engine-reader.ts";

export interface LogsOptions extends Pick<LogOptions, "tail" | "follow" | "since"> {
  readonly signal: AbortSignal;
  readonly onLine: (name: string, line: string) => void;
}

/** A line with its time as text; such texts sort as times do, because all have nine digits after the point. */
interface DatedLine {
  readonly name: string;
  readonly at: string;
  readonly line: string;
}

/** Lines of several nodes come by connections of their own: what is heard within this time is put in order. */
const ORDER_MS = 150;
/** So often a node that ended is looked for again. */
const RETRY_MS = 500;

/** Hands over what nodes said by the times of their lines; with `follow` until the signal fires, also over restarts. */
export async function readLogs(nodes: readonly Node[], options: LogsOptions): Promise<void> {
  const { signal, onLine, tail, follow, since } = options;
  const past: DatedLine[] = [];
  const last = new Map<string, string>();
  await Promise.all(
    nodes.map(async (node) => {
      const { name } = node;
      const stream = {
        signal,
        onLine(text: string) {
          const dated = datedLine(name, text, last.get(name));
          last.set(name, dated.at);
          past.push(dated);
        },
      };
      await node.logs({ tail, follow: false, since, timestamps: true }, stream);
    }),
  );
  for (const { name, line } of past.sort(byTime)) onLine(name, line);
  if (follow) await followAll(nodes, last, options);
}

async function followAll(
  nodes: readonly Node[],
  last: Map<string, string>,
  { signal, onLine, since }: LogsOptions,
): Promise<void> {
  const end = new AbortController();
  const both = AbortSignal.any([signal, end.signal]);
  // One listener per node.
  setMaxListeners(0, both);
  let heard: DatedLine[] = [];
  const flush = (): void => {
    const lines = heard.sort(byTime);
    heard = [];
    for (const { name, line } of lines) onLine(name, line);
  };
  const ordering = (async (): Promise<void> => {
    for (;;) {
      await pause(ORDER_MS, both);
      flush();
    }
  })().catch((error: unknown) => {
    if (!both.aborted) throw error;
  });
  const options = { since, signal: both, take: (line: DatedLine) => void heard.push(line) };
  try {
    await Promise.all(nodes.map((node) => followOne(node, last, options)));
  } finally {
    end.abort();
    await ordering;
    flush();
  }
}

/** Follows one node over its restarts, until it is removed. */
async function followOne(
  node: Node,
  last: Map<string, string>,
  { since, signal, take }: Pick<LogsOptions, "since" | "signal"> & { take: (line: DatedLine) => void },
): Promise<void> {
  const { name } = node;
  while ((await node.state(signal)) !== undefined) {
    const known = last.get(name);
    const stream = {
      signal,
      onLine(text: string) {
        const dated = datedLine(name, text, last.get(name));
        // The engine begins with the line of that very moment.
        if (known !== undefined && dated.at <= known) return;
        last.set(name, dated.at);
        take(dated);
      },
    };
    const from = known === undefined ? since : secondsOf(known);
    await node.logs({ tail: -1, follow: true, since: from, timestamps: true }, stream);
    await pause(RETRY_MS, signal);
  }
}

/** Takes a line apart; one without a time, such as the rest of a long one, is of the time before it. */
function datedLine(name: string, text: string, before = ""): DatedLine {
  const [, at, line] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) ?(.*)$/s.exec(text) ?? [];
  return at === undefined || line === undefined ? { name, at: before, line: text } : { name, at, line };
}

function byTime(one: DatedLine, other: DatedLine): number {
  return one.at < other.at ? -1 : Number(one.at > other.at);
}

/** Seconds since 1970 with all nine digits after the point. */
function secondsOf(at: string): string {
  const [, fraction = "0"] = /\.(\d+)Z$/.exec(at) ?? [];
  return `${Math.floor(Date.parse(at) / 1000)}.${fraction}`;
}
