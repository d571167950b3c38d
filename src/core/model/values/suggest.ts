/** The candidate that a mistyped word most likely means; undefined when none is near. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = fold(word);
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, fold(candidate));
    if (distance <= limit && distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** snake_case, camelCase and kebab-case of a word are the same word. */
function fold(word: string): string {
  return word.slice(0, 64).toLowerCase().replaceAll(/[-_ ]/g, "");
}

/** Damerau-Levenshtein (adjacent letters may be swapped), which is what typing errors look like. */
function editDistance(one: string, other: string): number {
  const rows: number[][] = [];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let row = 0; row <= one.length; row++) {
    rows.push([row]);
    for (let column = 1; column <= other.length; column++) {
      if (row === 0) {
        rows[0]?.push(column);
        continue;
      }
      const same = one[row - 1] === other[column - 1] ? 0 : 1;
      const swapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      rows[row]?.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + same,
          swapped ? at(row - 2, column - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return at(one.length, other.length);
}
