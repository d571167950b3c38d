/** A result with the time at which it was so, UTC. */
export function dated<T extends object>(result: T): { readonly at: string } & T {
  return { at: new Date().toISOString(), ...result };
}
