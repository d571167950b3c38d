import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyChange } from "../../../../../src/core/model/protocol/apply.ts";
import { diffStatus, type Difference } from "../../../../../src/core/model/protocol/diff.ts";
import type { Change } from "../../../../../src/core/model/protocol/event.ts";
import { NODES } from "../../../../../src/core/render/nodes/registry.ts";
import type { Delegation, NodeStatus, ProviderStatus } from "../../../../../src/core/model/status/model.ts";
import { formatUtc } from "../../../../../src/core/model/utc.ts";
import { ANY_STATUS } from "../../../support/statuses.ts";

const NOW_S = 1_790_000_000;
const rebuilt = (before: NodeStatus, changes: readonly Change[]): NodeStatus =>
  changes.reduce(applyChange, before);
const allOf = ({ changes, counters }: Difference): Change[] => [
  ...changes,
  ...(counters === undefined ? [] : [counters]),
];
/** As it goes over the wire. */
const wired = (changes: readonly Change[]): Change[] => JSON.parse(JSON.stringify(changes)) as Change[];

describe.each(Object.entries(ANY_STATUS))("a follower of a %s", (_, any: fc.Arbitrary<NodeStatus>) => {
  test("rebuilds exactly its status from the changes", () => {
    fc.assert(
      fc.property(any, any, (before, after) => {
        const changes = wired(allOf(diffStatus(before, after)));
        expect(rebuilt(before, changes)).toEqual(after);
      }),
      { numRuns: 300 },
    );
  });

  test("may hear counters later than the rest", () => {
    fc.assert(
      fc.property(any, any, any, (first, second, third) => {
        const early = diffStatus(first, second);
        const known = rebuilt(first, wired(early.changes));
        expect(known).toEqual(early.known);
        const end = rebuilt(known, wired(allOf(diffStatus(early.known, third))));
        expect(end).toEqual(third);
      }),
    );
  });
});

function delegation(number: number): Delegation {
  return {
    prefix: `2001:db8:a:${(0x8000 + number).toString(16)}::/64`,
    via: "fe80::1",
    duid: `00:03:00:01:${number}`,
    iaid: 1,
    mac: null,
    preferredS: 1800,
    validS: 14_400,
    expiresAt: formatUtc(NOW_S + 14_400),
    routed: true,
  };
}

function provider(delegations: Delegation[]): ProviderStatus {
  const problem = { code: "x", message: "x" };
  return { ...NODES.bng.silent({ name: "alpha", state: "running", problem }), problems: [], delegations };
}

test("among 8000 delegations, one that is renewed is one small line, and quickly found", () => {
  const all = Array.from({ length: 8000 }, (_, index) => delegation(index));
  const renewed = all.map((one, index) =>
    index === 4711 ? { ...one, expiresAt: formatUtc(NOW_S + 15_000) } : one,
  );
  const begun = performance.now();
  const { changes, counters } = diffStatus(provider(all), provider(renewed));
  const tookMs = performance.now() - begun;
  expect(changes).toEqual([
    { event: "delegation", change: "changed", index: 4711, delegation: renewed[4711] },
  ]);
  expect(counters).toBeUndefined();
  expect(JSON.stringify(changes).length).toBeLessThan(400);
  expect(tookMs).toBeLessThan(250);
});

test("8000 delegations that come at once are told with all counters, and quickly", () => {
  const all = Array.from({ length: 8000 }, (_, index) => delegation(index));
  const begun = performance.now();
  const { changes, known } = diffStatus(provider([]), {
    ...provider(all),
    leaks: { since: null, up: 3, down: 0, addresses: [] },
  });
  expect(performance.now() - begun).toBeLessThan(500);
  expect(changes).toHaveLength(8001);
  expect(changes.at(-1)).toMatchObject({ event: "counters", counters: { leaks: { up: 3 } } });
  expect(known).toMatchObject({ delegations: all });
});

test("a kind of a newer agent changes nothing", () => {
  const status = provider([]);
  expect(applyChange(status, { event: "weather" })).toBe(status);
});
