import { expect, test } from "vitest";
import type { RenumberOrder } from "../../../../src/core/model/renumbering/order.ts";
import { NODES } from "../../../../src/core/render/nodes/registry.ts";
import type { ProviderPrefix, ProviderStatus } from "../../../../src/core/model/status/model.ts";
import { parseAssignedPrefix } from "../../../../src/core/model/values/parse.ts";
import { renderRenumbered, type RenumberedView } from "../../../../src/cli/views/renumbering.ts";

const B = parseAssignedPrefix("2001:db8:b::/48") ?? { bits: 0n, length: 0 };
const CURRENT: ProviderPrefix = { prefix: "2001:db8:b::/48", state: "current", endsAt: null };
const NOW_MS = Date.parse("2026-11-24T12:00:00Z");
const former = (state: "deprecated" | "withdrawn", leftS: number | null): ProviderPrefix => ({
  prefix: "2001:db8:a::/48",
  state,
  endsAt: leftS === null ? null : new Date(NOW_MS + 1000 * leftS).toISOString(),
});

function shown(
  order: RenumberOrder,
  prefixes: readonly ProviderPrefix[],
  more: Partial<RenumberedView & { farSideKind: "bundled" | "late" | "real"; leases: number }> = {},
): string {
  const silent = NODES.bng.silent({
    name: "alpha",
    state: "running",
    problem: { code: "x", message: "" },
  });
  const lease = { address: "", duid: "", iaid: 1, mac: null, preferredS: 1, validS: 1, expiresAt: "" };
  const provider: ProviderStatus = {
    ...silent,
    dhcp: { delegationLength: 56, renewS: 900, rebindS: 1440 },
    addresses: more.leases === 0 ? [] : [lease],
  };
  const { farSide = { now: [], afterwards: [] }, farSideKind = "bundled" } = more;
  const done = { provider, prefixes, farSide: farSideKind };
  return renderRenumbered(
    { name: "alpha", order, done, farSide },
    { colour: false, columns: undefined, nowMs: NOW_MS },
  );
}

test("an overlap that ends before the last customer renews is told of", () => {
  const long = shown({ how: "graceful", to: B }, [CURRENT, former("deprecated", 1800)]);
  expect(long).toBe(`\
alpha: 2001:db8:b::/48 is current
alpha: 2001:db8:a::/48 is deprecated, and goes in 30 min
its customers hear of it when they renew, within 15 min (T1): Kea cannot ask them to (no Reconfigure)
back with: mhlab renumber alpha --abort
`);
  const short = shown({ how: "graceful", to: B, overlapS: 600 }, [CURRENT, former("deprecated", 600)]);
  expect(short).toContain("the overlap ends before the last of them renews");
  expect(shown({ how: "graceful", to: B }, [CURRENT, former("deprecated", 60)], { leases: 0 })).not.toMatch(
    /customers|overlap/,
  );
});

test("of a flash nobody is told; a withdrawal is told for as long as anybody may hold it, or for good", () => {
  expect(shown({ how: "flash", to: B }, [CURRENT])).toContain("nobody is told: its customers find out");
  expect(shown({ how: "withdraw", to: B }, [CURRENT, former("withdrawn", 14_400)])).toContain(
    "alpha: 2001:db8:a::/48 is withdrawn, and its end is told for 4 h",
  );
  const none = shown({ how: "withdraw" }, [former("withdrawn", null)]);
  expect(none).toContain(
    "alpha: 2001:db8:a::/48 is withdrawn, and its end is told\nalpha has no prefix any more",
  );
});

test("what a real far side has to do is printed as it is; a bundled one that is late is told of", () => {
  const farSide = { now: ["wg set 1"], afterwards: ["wg set 2"] };
  expect(shown({ how: "flash", to: B }, [CURRENT], { farSide, farSideKind: "real" })).toContain(`
on the server at its far side, now:
  wg set 1

and when nothing but the new prefix is left:
  wg set 2
`);
  expect(shown({ how: "flash", to: B }, [CURRENT], { farSideKind: "late" })).toContain(
    "the bundled internet does not route it yet",
  );
});
