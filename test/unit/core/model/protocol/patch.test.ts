import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applyPatch,
  diffStatus,
  isCounting,
  type Patch,
} from "../../../../../src/core/model/protocol/patch.ts";
import { NODES } from "../../../../../src/core/render/nodes/registry.ts";
import {
  SHAPES,
  type Delegation,
  type NodeStatus,
  type ProviderStatus,
} from "../../../../../src/core/model/status/model.ts";
import { formatUtc } from "../../../../../src/core/model/utc.ts";
import { ANY_STATUS } from "../../../support/statuses.ts";

const NOW_S = 1_790_000_000;
/** As it goes over the wire. */
const wired = (patch: Patch): Patch => JSON.parse(JSON.stringify(patch)) as Patch;

const diff = (before: NodeStatus, after: NodeStatus): Patch => diffStatus(SHAPES[after.role], before, after);
const apply = (status: NodeStatus, patch: Patch): NodeStatus =>
  applyPatch(SHAPES[status.role], status, patch);

describe.each(Object.entries(ANY_STATUS))("a follower of a %s", (_, any: fc.Arbitrary<NodeStatus>) => {
  test("rebuilds exactly its status from the changes", () => {
    fc.assert(
      fc.property(any, any, (before, after) => {
        expect(apply(before, wired(diff(before, after)))).toEqual(after);
      }),
      { numRuns: 300 },
    );
  });

  test("may hear counters later than the rest", () => {
    fc.assert(
      fc.property(any, any, any, (first, second, third) => {
        const urgent = diff(first, second).filter((one) => !isCounting(one));
        const known = apply(first, wired(urgent));
        expect(apply(known, wired(diff(known, third)))).toEqual(third);
        expect(diff(known, second).every(isCounting)).toBe(true);
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
  const patch = diff(provider(all), provider(renewed));
  const tookMs = performance.now() - begun;
  const path = ["delegations", all[4711]?.prefix];
  expect(patch).toEqual([{ op: "replace", path, value: renewed[4711] }]);
  expect(JSON.stringify(patch).length).toBeLessThan(400);
  expect(tookMs).toBeLessThan(250);
});

test("8000 delegations that come and go at once are told and applied quickly", () => {
  const all = Array.from({ length: 8000 }, (_, index) => delegation(index));
  const begun = performance.now();
  const many = { ...provider(all), leaks: { since: null, up: 3, down: 0, addresses: [] } };
  const patch = diff(provider([]), many);
  expect(patch).toHaveLength(8001);
  expect(apply(provider([]), patch)).toEqual(many);
  expect(apply(many, diff(many, provider([])))).toEqual(provider([]));
  expect(performance.now() - begun).toBeLessThan(1000);
});

test("an entry that is elsewhere moves, and is not told again", () => {
  const [one, two, three] = [1, 2, 3].map(delegation) as [Delegation, Delegation, Delegation];
  const patch = diff(provider([one, two, three]), provider([three, one, two]));
  expect(patch).toEqual([{ op: "move", path: ["delegations", three.prefix], index: 0 }]);
});

test("what a newer agent tells of unknown keys changes only those", () => {
  const status = provider([delegation(1)]);
  const told = apply(status, [
    { op: "replace", path: ["weather"], value: "rain" },
    { op: "add", path: ["storms", "x"], index: 0, value: {} },
    { op: "replace", path: ["delegations", "none"], value: {} },
    { op: "replace", path: ["__proto__"], value: { polluted: true } },
  ]);
  expect(told).toMatchObject({ ...status, weather: "rain" });
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});
