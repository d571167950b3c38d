/** The smallest of those that are there; undefined when none is. Any number of them. */
export function least(values: Iterable<number | undefined>): number | undefined {
  let found: number | undefined;
  for (const value of values)
    if (value !== undefined && (found === undefined || value < found)) found = value;
  return found;
}
