import { diffArrays } from "diff";

/** One line of a comparison; `skip` stands for lines that are equal and not shown. */
export interface DiffLine {
  readonly sign: "+" | "-" | " " | "skip";
  readonly text: string;
  /** Number of the line in the text that has it, from 1; of the new one for those that both have. */
  readonly line: number;
}

/** What differs between two texts, with a few equal lines around. */
export function diffLines(before: string, after: string, around = 2): DiffLine[] {
  const all = compare(split(before), split(after));
  const near = (index: number): boolean =>
    all.slice(Math.max(0, index - around), index + around + 1).some(({ sign }) => sign !== " ");
  const shown: DiffLine[] = [];
  for (const [index, line] of all.entries()) {
    if (near(index)) shown.push(line);
    else if (shown.length > 0 && shown.at(-1)?.sign !== "skip")
      shown.push({ sign: "skip", text: "", line: line.line });
  }
  return shown.at(-1)?.sign === "skip" ? shown.slice(0, -1) : shown;
}

function split(text: string): string[] {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function compare(before: string[], after: string[]): DiffLine[] {
  let [old, now] = [0, 0];
  return diffArrays(before, after).flatMap(({ value, added, removed }) =>
    value.map((text): DiffLine => {
      if (!added) old += 1;
      if (!removed) now += 1;
      if (removed) return { sign: "-", text, line: old };
      return { sign: added ? "+" : " ", text, line: now };
    }),
  );
}
