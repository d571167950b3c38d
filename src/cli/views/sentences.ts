import { harmless, type View } from "./theme.ts";
import { wrap } from "./width.ts";

/** Sentences of a result, each from the beginning of a line, within the screen. */
export function renderSentences(sentences: readonly string[], { columns }: Pick<View, "columns">): string {
  const lines = sentences.flatMap((sentence) => wrap(harmless(sentence), { width: columns, hang: "  " }));
  return lines.map((line) => `${line}\n`).join("");
}
