import type { Lease } from "./leases.ts";
import { elementsOf } from "./source-sets.ts";
import { Tracked } from "./tracked.ts";

/** What the kernel must have for the leases: their routes, who is where, who may send what. */
export class Upkeep {
  /** Next hop by delegated prefix. */
  readonly routes = new Tracked();
  /** MAC by next hop. */
  readonly neighbours = new Tracked();
  /** Elements of the sets of the subscriber port's rules. */
  readonly elements = new Tracked();
  readonly #kept = new Map<string, Lease>();

  /** Takes a lease, or the end of one. */
  keep(prefix: string, lease: Lease | undefined): void {
    const before = this.#kept.get(prefix);
    if (lease === undefined) this.#kept.delete(prefix);
    else this.#kept.set(prefix, lease);
    if (before?.customer?.via === lease?.customer?.via && before?.customer?.mac === lease?.customer?.mac)
      return;
    if (before !== undefined)
      for (const [tracked, key] of this.#wishesOf(before)) tracked.unwant(key, prefix);
    if (lease !== undefined)
      for (const [tracked, key, value] of this.#wishesOf(lease)) tracked.want(key, prefix, value);
  }

  #wishesOf(lease: Lease): (readonly [Tracked, key: string, value?: string])[] {
    const { kind, prefix, customer } = lease;
    if (customer === undefined) return [];
    const { via, mac } = customer;
    return [
      ...(kind === "prefix" ? [[this.routes, prefix, via] as const] : []),
      [this.neighbours, via, mac],
      ...(kind === "address" ? [[this.neighbours, prefix.slice(0, -"/128".length), mac] as const] : []),
      ...elementsOf(prefix, customer).map((element) => [this.elements, element] as const),
    ];
  }
}
