import type { Cursor } from "../core/model/protocol/cursor.ts";
import type { NodeEvent } from "../core/model/protocol/event.ts";
import type { Engines, Seen } from "./agents/engines.ts";
import type { SeenNode } from "./agents/node.ts";
import { LiveLabs, type LiveQuestions } from "./live-labs.ts";

/** A line of the stream of all nodes; `gone` when a node's agent went, or is not heard any more. */
export interface EventNews {
  readonly node: SeenNode;
  readonly told: NodeEvent | "gone";
}

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
  const { engines, questions, since, signal, onNews } = options;
  const live = new LiveLabs(engines, questions, signal, {
    since,
    onTold: (node, told) => onNews({ node, told }),
    onGone: (node) => onNews({ node, told: "gone" }),
  });
  try {
    await live.open(seen);
    return await live.untilEnd();
  } finally {
    live.close();
  }
}
