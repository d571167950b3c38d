/** A result with the time at which it was so, UTC. */
export function dated<T extends object>(result: T): { readonly at: string } & T {
  return { at: new Date().toISOString(), ...result };
}

/** UTC, RFC 3339 to the second, as SPDX takes it. */
export function nowInSeconds(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, "Z");
}
