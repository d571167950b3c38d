import { parseEvent } from "../core/model/protocol/event.ts";
import type { Cursor } from "../core/model/protocol/cursor.ts";
import type { Told } from "../core/model/protocol/story.ts";
import type { Engines, Seen } from "./agents/engines.ts";
import type { SeenNode } from "./agents/node.ts";
import { LiveLabs, type LiveQuestions } from "./live-labs.ts";
import type { LabTap } from "./live-lab.ts";

/** A line of the stream of all nodes. */
export type EventNews =
  | { readonly node: SeenNode; readonly told: Told; readonly epoch: string }
  /** Its agent went, or is not heard any more. */
  | { readonly node: SeenNode; readonly told: "gone" };

export interface EventsOptions {
  readonly engines: Engines;
  readonly questions: LiveQuestions;
  /** By node: go on after that event, if its agent lives on and remembers; otherwise it begins with what is now. */
  readonly since: ReadonlyMap<string, Cursor>;
  readonly signal: AbortSignal;
  readonly onNews: (news: EventNews) => void;
}

/** Hands over what nodes tell, in the order in which each tells it, until the signal fires; rejects then, and when the engine fails. */
export async function readEvents(seen: Seen, options: EventsOptions): Promise<never> {
  const { engines, questions, signal } = options;
  const live = new LiveLabs(engines, questions, signal, resuming(options));
  try {
    await live.open(seen);
    return await live.untilEnd();
  } finally {
    live.close();
  }
}

/** Fills the gap between where one was and the first snapshot; what comes meanwhile waits. */
function resuming({ since, signal, onNews }: EventsOptions): LabTap {
  const epochs = new Map<string, string>();
  const waiting = new Map<string, EventNews[]>();
  const hand = (news: EventNews): void => {
    const queue = waiting.get(news.node.name);
    if (queue === undefined) onNews(news);
    else queue.push(news);
  };
  const flush = (name: string): void => {
    const queue = waiting.get(name) ?? [];
    waiting.delete(name);
    for (const news of queue) onNews(news);
  };
  return {
    onTold(node, told) {
      const first = !epochs.has(node.name);
      if (told.kind === "snapshot") epochs.set(node.name, told.event.epoch);
      const epoch = epochs.get(node.name) ?? "";
      const cursor = first ? since.get(node.name) : undefined;
      if (told.kind !== "snapshot" || cursor?.epoch !== epoch || cursor.seq > told.event.seq)
        return hand({ node, told, epoch });
      waiting.set(node.name, []);
      void missed(node, cursor, told.event.seq, signal)
        .catch(() => undefined)
        .then((events) => {
          for (const one of events ?? [told]) onNews({ node, told: one, epoch });
          flush(node.name);
        });
    },
    onGone: (node) => hand({ node, told: "gone" }),
  };
}

/** The events after one place up to another; undefined when the agent does not remember all of them. */
async function missed(
  node: SeenNode,
  since: Cursor,
  lastSeq: number,
  signal: AbortSignal,
): Promise<Told[] | undefined> {
  if (since.seq === lastSeq) return [];
  const enough = new AbortController();
  const events: Told[] = [];
  let known = true;
  try {
    await node.follow(
      { verb: "events", attached: true, since },
      {
        signal: AbortSignal.any([signal, enough.signal]),
        onLine(line) {
          const heard = parseEvent(line);
          if (heard.kind === "snapshot") known = false;
          if (heard.kind === "event" && !PERSONAL.has(heard.event.event) && heard.event.seq <= lastSeq)
            events.push(heard);
          if (heard.kind !== "event" || events.at(-1)?.event.seq === lastSeq) enough.abort();
        },
      },
    );
  } catch (error) {
    if (!enough.signal.aborted) throw error;
  }
  signal.throwIfAborted();
  const all = known && events.at(-1)?.event.seq === lastSeq;
  return all ? events : undefined;
}

/** Lines for one follower only, which repeat the number of the last event. */
const PERSONAL: ReadonlySet<string> = new Set(["resumed", "alive", "cut", "gone"]);
