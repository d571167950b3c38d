import { shellWord } from "../../core/model/words.ts";

/** The command that does the same as an action; empty where there is none. What was not given is left out, or a gap. */
export function commandLine(
  self: string,
  words: readonly (string | readonly string[])[],
  fields: Readonly<Record<string, string>>,
): string {
  if (words.length === 0) return "";
  const filled = words.flatMap((word) => {
    if (typeof word === "string") {
      const value = filledIn(word, fields);
      return [value === undefined ? "…" : shellWord(value)];
    }
    const group = word.map((one) => filledIn(one, fields));
    // What a person types as several words stays several.
    return group.includes(undefined) ? [] : group.flatMap((one) => (one ?? "").split(/\s+/).map(shellWord));
  });
  return [self, ...filled].join(" ");
}

/** A word with its fields; undefined when one of them is empty. */
function filledIn(word: string, fields: Readonly<Record<string, string>>): string | undefined {
  const names = [...word.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  if (names.some((name) => (fields[name]?.trim() ?? "") === "")) return undefined;
  return word.replaceAll(/\{(\w+)\}/g, (_, name: string) => fields[name]?.trim() ?? "");
}
