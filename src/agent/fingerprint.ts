/** A text that is the same for the same data, also where that holds big integers; keys that are `ignored` do not count. */
export function fingerprint(data: unknown, ...ignored: readonly string[]): string {
  return JSON.stringify(data, (key, value: unknown) =>
    ignored.includes(key) ? undefined : typeof value === "bigint" ? String(value) : value,
  );
}
