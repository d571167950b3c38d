import { shellWord } from "../core/words.ts";

/** The command that does the same as an action; empty where there is none. */
export function commandLine(
  self: string,
  words: readonly string[],
  fields: Readonly<Record<string, string>>,
): string {
  if (words.length === 0) return "";
  const filled = words.map((word) => {
    const [, name] = /^\{(.+)\}$/.exec(word) ?? [];
    return name === undefined ? word : (fields[name] ?? "…");
  });
  return [self, ...filled.map(shellWord)].join(" ");
}
