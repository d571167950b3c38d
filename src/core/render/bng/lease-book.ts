import { canonicalPrefix, leasePrefix, readLease, type KeaLease, type Lease } from "./leases.ts";

/**
 * What is leased, by prefix: kept by the DHCPv6 server's notices, and compared with its database page by page. A notice is
 * newer than a page that was asked for before it came.
 */
export class LeaseBook {
  readonly #leases = new Map<string, Lease>();
  readonly #onChange: (prefix: string, lease: Lease | undefined) => void;
  /** Seen in the present round through the database. */
  #seen = new Set<string>();
  /** Ended since the page that is awaited was asked for. */
  #ended = new Set<string>();
  readonly #refused = new Set<Lease["kind"]>();
  readonly #dropped = { unsent: 0, foreign: 0 };

  /** `onChange` gets every lease that is another one than before, or undefined for one that ended. */
  constructor(onChange: (prefix: string, lease: Lease | undefined) => void) {
    this.#onChange = onChange;
  }

  /** By prefix. */
  get leases(): ReadonlyMap<string, Lease> {
    return this.#leases;
  }

  /** Whether somebody got nothing of a kind, since the last of that kind ended. */
  refused(kind: Lease["kind"]): boolean {
    return this.#refused.has(kind);
  }

  /** DHCPv6 replies that the link did not take, and Releases and Declines of other customers' leases. */
  get dropped(): Readonly<{ unsent: number; foreign: number }> {
    return this.#dropped;
  }

  /** Takes one line of the hook; true when it says that others were lost. */
  note(line: string): boolean {
    const space = line.indexOf(" ");
    const rest = line.slice(space + 1);
    if (line.startsWith("set ")) {
      const lease = JSON.parse(rest) as KeaLease;
      const prefix = leasePrefix(lease);
      this.#ended.delete(prefix);
      this.#take(prefix, lease);
    } else if (line.startsWith("gone ")) {
      const prefix = canonicalPrefix(rest);
      this.#ended.add(prefix);
      this.#end(prefix);
    } else if (line === "refused prefix" || line === "refused address") {
      this.#refused.add(rest as Lease["kind"]);
    } else if (line.startsWith("unsent ")) {
      this.#dropped.unsent += Number(rest);
    } else if (line === "foreign") {
      this.#dropped.foreign += 1;
    }
    return line === "lost";
  }

  /** To be called before each page is asked for; `first` begins a round. */
  expectPage(first: boolean): void {
    this.#ended.clear();
    if (first) this.#seen.clear();
  }

  /** Takes a page of the database; after the last of a round, what was not in it has ended. */
  takePage(page: readonly KeaLease[], last: boolean): void {
    for (const lease of page) {
      const prefix = leasePrefix(lease);
      if (!this.#ended.has(prefix)) this.#take(prefix, lease);
    }
    if (!last) return;
    for (const prefix of this.#leases.keys()) if (!this.#seen.has(prefix)) this.#end(prefix);
  }

  /** Ends what has run out, whether the server said so or not; when the next one will, in seconds since 1970, or Infinity. */
  expire(nowS: number): number {
    let next = Infinity;
    for (const { prefix, endsAtS } of this.#leases.values()) {
      if (endsAtS <= nowS) this.#end(prefix);
      else next = Math.min(next, endsAtS);
    }
    return next;
  }

  #take(prefix: string, found: KeaLease): void {
    const lease = readLease(found, prefix);
    if (lease === undefined) return this.#end(prefix);
    this.#seen.add(prefix);
    const before = this.#leases.get(prefix);
    if (before !== undefined && before.heardAtS > lease.heardAtS) return;
    this.#leases.set(prefix, lease);
    this.#onChange(prefix, lease);
  }

  #end(prefix: string): void {
    const lease = this.#leases.get(prefix);
    if (lease === undefined) return;
    this.#leases.delete(prefix);
    this.#refused.delete(lease.kind);
    this.#onChange(prefix, undefined);
  }
}
