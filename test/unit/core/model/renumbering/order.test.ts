import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { overlaps, parsePrefix6, type Prefix6 } from "../../../../../src/core/model/ip6.ts";
import {
  obey,
  OrderRefused,
  presentPhases,
  usualOverlapS,
  type Circumstances,
  type RenumberOrder,
} from "../../../../../src/core/model/renumbering/order.ts";
import { endOf, phasesAt, type PrefixPhases } from "../../../../../src/core/model/renumbering/phases.ts";

const prefix = (text: string): Prefix6 => {
  const parsed = parsePrefix6(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};
const [A, B, C] = ["2001:db8:a::/48", "2001:db8:b::/48", "2001:db8:c::/48"].map(prefix) as [
  Prefix6,
  Prefix6,
  Prefix6,
];
const NOW = 1_800_000_000;
const around = (phases?: PrefixPhases, nowS = NOW): Circumstances => ({
  base: A,
  phases,
  nowS,
  heldS: 14_400,
  usualOverlapS: 1800,
});
/** `2001:db8:b::/48 current` and with the seconds that are left of the others. */
const told = (phases: PrefixPhases | undefined, nowS = NOW): string[] | undefined =>
  phases?.map((phase) => {
    const end = endOf(phase);
    return `${phase.prefix} ${phase.state}${end === undefined ? "" : ` ${end - nowS}`}`;
  });
/** Orders one after the other, at moments in seconds from the first. */
const orders = (
  ...steps: readonly (readonly [atS: number, order: RenumberOrder])[]
): PrefixPhases | undefined => {
  let phases: PrefixPhases | undefined;
  for (const [atS, order] of steps) phases = obey(order, around(phases, NOW + atS));
  return phases;
};

describe("graceful", () => {
  test("the former one is deprecated for the overlap; without a word, for the usual one", () => {
    expect(told(orders([0, { how: "graceful", to: B, overlapS: 600 }]))).toEqual([
      "2001:db8:b::/48 current",
      "2001:db8:a::/48 deprecated 600",
    ]);
    expect(told(orders([0, { how: "graceful", to: B }]))?.[1]).toBe("2001:db8:a::/48 deprecated 1800");
    expect([usualOverlapS({ preferredS: 60 }), usualOverlapS({ preferredS: 1800 })]).toEqual([600, 1800]);
  });

  test("again while one is under way, all former ones live for the new overlap", () => {
    const twice = orders(
      [0, { how: "graceful", to: B, overlapS: 600 }],
      [60, { how: "graceful", to: C, overlapS: 900 }],
    );
    expect(told(twice, NOW + 60)).toEqual([
      "2001:db8:c::/48 current",
      "2001:db8:b::/48 deprecated 900",
      "2001:db8:a::/48 deprecated 900",
    ]);
  });

  test("repeated, the overlap begins anew; back, the two change places", () => {
    const again = orders(
      [0, { how: "graceful", to: B, overlapS: 600 }],
      [500, { how: "graceful", to: B, overlapS: 600 }],
    );
    expect(told(again, NOW + 500)).toEqual(["2001:db8:b::/48 current", "2001:db8:a::/48 deprecated 600"]);
    const back = orders(
      [0, { how: "graceful", to: B, overlapS: 600 }],
      [60, { how: "graceful", to: A, overlapS: 600 }],
    );
    expect(told(back, NOW + 60)).toEqual(["2001:db8:a::/48 current", "2001:db8:b::/48 deprecated 600"]);
    expect(phasesAt(back ?? [], A, NOW + 660)).toBeUndefined();
  });

  test("when the lab file says the new one, nothing is left after the overlap", () => {
    const phases = orders([0, { how: "graceful", to: B, overlapS: 600 }]) ?? [];
    expect(told(phasesAt(phases, A, NOW + 600))).toEqual(["2001:db8:b::/48 current"]);
    expect(phasesAt(phases, B, NOW + 600)).toBeUndefined();
  });
});

test("flash: the former one is gone, and whatever was under way with it", () => {
  expect(told(orders([0, { how: "flash", to: B }]))).toEqual(["2001:db8:b::/48 current"]);
  const during = orders([0, { how: "graceful", to: B }], [1, { how: "flash", to: C }]);
  expect(told(during)).toEqual(["2001:db8:c::/48 current"]);
  expect(orders([0, { how: "flash", to: B }], [1, { how: "flash", to: A }])).toBeUndefined();
});

describe("withdraw", () => {
  test("the end is told for as long as anybody may hold what is gone", () => {
    expect(told(orders([0, { how: "withdraw", to: B }]))).toEqual([
      "2001:db8:b::/48 current",
      "2001:db8:a::/48 withdrawn 14400",
    ]);
  });

  test("without a new one there is none, for good, until another order", () => {
    const none = orders([0, { how: "withdraw" }]);
    expect(told(none)).toEqual(["2001:db8:a::/48 withdrawn"]);
    expect(told(phasesAt(none ?? [], A, NOW + 1e9))).toEqual(["2001:db8:a::/48 withdrawn"]);
    const then = orders([0, { how: "withdraw" }], [10, { how: "graceful", to: B }]);
    expect(told(then, NOW + 10)).toEqual(["2001:db8:b::/48 current", "2001:db8:a::/48 withdrawn 14400"]);
    expect(orders([0, { how: "withdraw" }], [10, { how: "flash", to: A }])).toBeUndefined();
  });
});

describe("abort", () => {
  test("the former one is current again, and the new one goes when that would have gone", () => {
    const back = orders([0, { how: "graceful", to: B, overlapS: 600 }], [60, { how: "abort" }]);
    expect(told(back, NOW + 60)).toEqual(["2001:db8:a::/48 current", "2001:db8:b::/48 deprecated 540"]);
  });

  test("what was withdrawn comes back as hard", () => {
    expect(told(orders([0, { how: "withdraw", to: B }], [60, { how: "abort" }]), NOW + 60)).toEqual([
      "2001:db8:a::/48 current",
      "2001:db8:b::/48 withdrawn 14340",
    ]);
    expect(orders([0, { how: "withdraw" }], [60, { how: "abort" }])).toBeUndefined();
  });

  test("there must be something to go back to, and it is said what the lab file has", () => {
    expect(() => orders([0, { how: "abort" }])).toThrow(OrderRefused);
    expect(() => orders([0, { how: "flash", to: B }], [1, { how: "abort" }])).toThrow(
      "2001:db8:b::/48 is all it has; back to the lab file's: 2001:db8:a::/48",
    );
  });
});

test("a prefix that overlaps one that it has is refused, the same one is not", () => {
  expect(() => orders([0, { how: "flash", to: prefix("2001:db8:a:8000::/49") }])).toThrow(
    "2001:db8:a:8000::/49 overlaps 2001:db8:a::/48, which it has (current)",
  );
  expect(orders([0, { how: "graceful", to: A }])).toBeUndefined();
});

test("whatever is ordered, at most one is current and the first, none is there twice, and time ends the rest", () => {
  const to = fc.constantFrom(A, B, C, prefix("2001:db8:d::/56"));
  const order: fc.Arbitrary<RenumberOrder> = fc.oneof(
    fc.record({ how: fc.constant("graceful" as const), to, overlapS: fc.integer({ min: 1, max: 900 }) }),
    fc.record({ how: fc.constant("flash" as const), to }),
    fc.record({ how: fc.constant("withdraw" as const), to }),
    fc.constant({ how: "withdraw" as const }),
    fc.constant({ how: "abort" as const }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1000), order), { maxLength: 12 }), (steps) => {
      let phases: PrefixPhases | undefined;
      let nowS = NOW;
      for (const [passed, next] of steps) {
        nowS += passed;
        phases = phases === undefined ? undefined : phasesAt(phases, A, nowS);
        try {
          phases = obey(next, around(phases, nowS));
        } catch (error) {
          if (!(error instanceof OrderRefused)) throw error;
        }
        const all = presentPhases(around(phases, nowS));
        expect(all.length).toBeGreaterThan(0);
        expect(all.slice(1).every(({ state }) => state !== "current")).toBe(true);
        const prefixes = all.map((phase) => prefix(phase.prefix));
        prefixes.forEach((first, index) =>
          expect(prefixes.slice(index + 1).some((other) => overlaps(first, other))).toBe(false),
        );
      }
      const last = presentPhases(around(phases, nowS + 1e6));
      expect(last).toHaveLength(1);
    }),
  );
});
