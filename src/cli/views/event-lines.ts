import { sentenceOf, stateSentence, type Level, type Sentence } from "../../core/judge/live/sentence.ts";
import type { Recorded } from "../../core/model/protocol/event.ts";
import type { NodeStatus } from "../../core/model/status/model.ts";
import { harmless, theme, type Theme } from "./theme.ts";
import { padTo } from "./width.ts";

interface Screen {
  write(text: string): void;
  readonly colour: boolean;
  asCalled(text: string): string;
}

/** An event as far as it is shown. */
export interface ShownEvent {
  /** UTC, RFC 3339. */
  readonly at: string;
  readonly node: string;
  readonly what: { readonly snapshot: NodeStatus } | { readonly event: Recorded } | "gone";
}

const LOOKS: Readonly<Record<Level, (look: Theme, text: string) => string>> = {
  info: (_, text) => text,
  good: (look, text) => look.good(text),
  warn: (look, text) => look.warn(text),
  bad: (look, text) => look.bad(text),
};

/** Writes events as lines: time of day (UTC), node, sentence. What only counts is left out. */
export function eventLines(names: readonly string[], screen: Screen): (event: ShownEvent) => void {
  const look = theme(screen.colour);
  let width = Math.max(0, ...names.map((name) => name.length));
  return ({ at, node, what }) => {
    const sentence = sentenceFor(what);
    if (sentence === undefined) return;
    width = Math.max(width, node.length);
    const clock = look.dim(harmless(at).slice("2026-11-24T".length, -"000Z".length));
    const text = LOOKS[sentence.level](look, harmless(screen.asCalled(sentence.text)));
    screen.write(`${clock}  ${look.strong(padTo(harmless(node), width))}  ${text}\n`);
  };
}

function sentenceFor(what: ShownEvent["what"]): Sentence | undefined {
  if (what === "gone") return { level: "bad", text: "its agent is not heard any more" };
  return "event" in what ? sentenceOf(what.event) : stateSentence(what.snapshot);
}
