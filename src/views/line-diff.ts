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

/** Longest common subsequence; what differs is in the middle, so ends that are equal are taken off first. */
function compare(old: readonly string[], now: readonly string[]): DiffLine[] {
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const same = (from: number, to: number): DiffLine[] =>
    now.slice(from, to).map((text, index) => ({ sign: " ", text, line: from + index + 1 }));
  return [
    ...same(0, head),
    ...middle(old.slice(head, old.length - tail), now.slice(head, now.length - tail), head),
    ...same(now.length - tail, now.length),
  ];
}

function middle(old: readonly string[], now: readonly string[], offset: number): DiffLine[] {
  const lengths = Array.from({ length: old.length + 1 }, () =>
    Array.from({ length: now.length + 1 }, () => 0),
  );
  const at = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = now.length - 1; column >= 0; column--) {
      const cells = lengths[row];
      if (cells === undefined) continue;
      cells[column] =
        old[row] === now[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < old.length || column < now.length) {
    const [gone, come] = [old[row], now[column]];
    if (gone !== undefined && gone === come) {
      lines.push({ sign: " ", text: gone, line: offset + column + 1 });
      row += 1;
      column += 1;
    } else if (gone !== undefined && (come === undefined || at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ sign: "-", text: gone, line: offset + row + 1 });
      row += 1;
    } else if (come !== undefined) {
      lines.push({ sign: "+", text: come, line: offset + column + 1 });
      column += 1;
    }
  }
  return lines;
}
