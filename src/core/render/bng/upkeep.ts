import type { Effects } from "../../model/faults/effects.ts";
import { containsPrefix, parsePrefix6, type Prefix6 } from "../../model/ip6.ts";
import type { Customer, Lease } from "./leases.ts";
import { elementsOf } from "./source-sets.ts";
import { Tracked } from "./tracked.ts";

type Wish = readonly [Tracked, key: string, value?: string];

/** Who wants what a fault holds; no prefix is called so. */
const HOLDER = "held";
/** Between the next hop of a route and its MTU, which no other may change. */
export const LOCKED_MTU = " mtu lock ";

/** What faults change of it. */
export type UpkeepEffects = Pick<Effects, "unrouted" | "held" | "mtu">;

/** What the kernel must have for the leases: their routes, who is where, who may send what. */
export class Upkeep {
  /** Next hop by delegated prefix. */
  readonly routes = new Tracked();
  /** MAC by next hop. */
  readonly neighbours = new Tracked();
  /** Elements of the sets of the subscriber port's rules. */
  readonly elements = new Tracked();
  readonly #kept = new Map<string, Lease>();
  #held: readonly Wish[] = [];

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

  /** Takes what faults change, in the place of what they changed before. */
  impose({ unrouted, held, mtu }: UpkeepEffects): void {
    for (const [tracked, key] of this.#held) tracked.unwant(key, HOLDER);
    this.#held = held.flatMap((one) => this.#wishesFor("prefix", one.prefix, one));
    for (const [tracked, key, value] of this.#held) tracked.want(key, HOLDER, value);
    const { down } = mtu;
    const changes = unrouted.length > 0 || down !== undefined;
    const suffix = down === undefined ? "" : `${LOCKED_MTU}${down}`;
    this.routes.turn(
      changes ? (prefix, via) => (isWithin(prefix, unrouted) ? undefined : `${via}${suffix}`) : undefined,
    );
  }

  #wishesOf({ kind, prefix, customer }: Lease): Wish[] {
    return customer === undefined ? [] : this.#wishesFor(kind, prefix, customer);
  }

  #wishesFor(kind: Lease["kind"], prefix: string, customer: Customer): Wish[] {
    const { via, mac } = customer;
    return [
      ...(kind === "prefix" ? [[this.routes, prefix, via] as const] : []),
      [this.neighbours, via, mac],
      ...(kind === "address" ? [[this.neighbours, prefix.slice(0, -"/128".length), mac] as const] : []),
      ...elementsOf(prefix, customer).map((element) => [this.elements, element] as const),
    ];
  }
}

function isWithin(text: string, prefixes: readonly Prefix6[]): boolean {
  const prefix = parsePrefix6(text);
  return prefix !== undefined && prefixes.some((one) => containsPrefix(one, prefix));
}
