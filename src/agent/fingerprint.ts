/** A text that is the same for the same data, also where that holds big integers. */
export function fingerprint(data: unknown): string {
  return JSON.stringify(data, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}
