import { shellWord } from "../core/words.ts";

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

/** A word with its field; undefined when that is empty. */
function filledIn(word: string, fields: Readonly<Record<string, string>>): string | undefined {
  const [, name] = /^\{(.+)\}$/.exec(word) ?? [];
  return name === undefined ? word : fields[name]?.trim() || undefined;
}
