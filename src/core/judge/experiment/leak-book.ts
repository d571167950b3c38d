import type { LeakedAddress, LeakStatus } from "../../model/status/model.ts";
import type { PortLeaks } from "./record.ts";
import type { Span } from "./spans.ts";

/** What a BNG had counted at a time, in seconds since t=0. */
interface Reading {
  readonly atS: number;
  readonly leaks: LeakStatus;
}

type Count = Pick<PortLeaks, "up" | "down" | "addresses">;

/** Counts the leaks at one provider's port since t=0 from the readings of its BNG, and knows for which time they say nothing. */
export class LeakBook {
  #last: Reading | undefined;
  #sum: Count = { up: 0, down: 0, addresses: [] };
  #gaps: Span[] = [];

  /** Takes a reading; `atS` and `sinceS`, from when on this BNG counts, are seconds since t=0. */
  take(leaks: LeakStatus, atS: number, sinceS: number): void {
    if (leaks.since === null) return;
    const before = this.#last;
    const continues = before?.leaks.since === leaks.since;
    // An answer that took longer than the one after it.
    if (before !== undefined && continues && (leaks.up < before.leaks.up || leaks.down < before.leaks.down))
      return;
    if (before === undefined) this.#gap(0, sinceS);
    // What was counted between the last reading of a BNG and its end, nobody knows.
    if (before !== undefined && !continues) this.#gap(before.atS, sinceS);
    this.#sum = sumOf(this.#sum, continues && before !== undefined ? difference(leaks, before.leaks) : leaks);
    this.#last = { atS, leaks };
  }

  /** t=0: what was counted before is a baseline. */
  begin(): void {
    this.#sum = { up: 0, down: 0, addresses: [] };
    this.#gaps = [];
    if (this.#last !== undefined) this.#last = { ...this.#last, atS: 0 };
  }

  /** The count until a time; what no reading covers is a gap. */
  until(endS: number): PortLeaks {
    const lastS = this.#last?.atS ?? 0;
    const gaps = lastS < endS ? [...this.#gaps, [lastS, endS] as const] : this.#gaps;
    return { ...this.#sum, gaps };
  }

  #gap(fromS: number, toS: number): void {
    if (toS > fromS) this.#gaps.push([fromS, toS]);
  }
}

const keyOf = ({ direction, address }: LeakedAddress): string => `${direction} ${address}`;

/** What came since; an address that was forgotten in between begins anew. */
function difference(now: Count, before: Count): Count {
  const known = new Map(before.addresses.map((one) => [keyOf(one), one.packets]));
  const addresses = now.addresses.flatMap((one) => {
    const packets = one.packets - (known.get(keyOf(one)) ?? 0);
    return packets === 0 ? [] : [{ ...one, packets: packets < 0 ? one.packets : packets }];
  });
  return { up: now.up - before.up, down: now.down - before.down, addresses };
}

function sumOf(one: Count, other: Count): Count {
  const addresses = new Map<string, LeakedAddress>();
  for (const leaked of [...one.addresses, ...other.addresses]) {
    const packets = (addresses.get(keyOf(leaked))?.packets ?? 0) + leaked.packets;
    addresses.set(keyOf(leaked), { ...leaked, packets });
  }
  return {
    up: one.up + other.up,
    down: one.down + other.down,
    addresses: [...addresses.values()].toSorted((a, b) => b.packets - a.packets),
  };
}
