import { sentencesOf, type Level, type Sentence } from "../../core/judge/live/sentence.ts";
import type { NodeEvent } from "../../core/model/protocol/event.ts";
import { harmless, theme, type Theme } from "./theme.ts";
import { padTo } from "./width.ts";

interface Screen {
  write(text: string): void;
  readonly colour: boolean;
  asCalled(text: string): string;
}

/** An event as far as it is shown: what a node told, or that it is not heard any more. */
export type ShownEvent =
  | NodeEvent
  /** `at`: UTC, RFC 3339. */
  | { readonly at: string; readonly node: string; readonly event: "gone" };

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
  return (event) => {
    const { at, node } = event;
    width = Math.max(width, node.length);
    const clock = look.dim(harmless(at).slice("2026-11-24T".length, -"000Z".length));
    for (const { level, text } of sentencesFor(event)) {
      const words = LOOKS[level](look, harmless(screen.asCalled(text)));
      screen.write(`${clock}  ${look.strong(padTo(harmless(node), width))}  ${words}\n`);
    }
  };
}

function sentencesFor(event: ShownEvent): readonly Omit<Sentence, "about">[] {
  if (event.event === "gone") return [{ level: "bad", text: "its agent is not heard any more" }];
  return sentencesOf(event);
}
