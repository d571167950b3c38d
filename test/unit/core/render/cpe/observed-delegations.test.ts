import { expect, test } from "vitest";

import type { KernelAddress } from "../../../../../src/core/render/cpe/host-addresses.ts";
import { observedDelegations } from "../../../../../src/core/render/cpe/observed-delegations.ts";

const address = (local: string, preferredS = 300, validS = 600): KernelAddress => ({
  local,
  scope: "global",
  preferred_life_time: preferredS,
  valid_life_time: validS,
});
const alpha = { number: 0, pool: "2001:db8:a:8000::/49/56", addresses: ["2001:db8:a::77"] };
const beta = { number: 1, pool: "2001:db8:b:8000::/49/60", addresses: ["2001:db8:b::77"] };
const LINK_LOCAL = { ...address("fe80::1"), scope: "link" };

test("an address on the LAN is of the provider whose pool it is in, with that provider's length", () => {
  const seen = observedDelegations(
    [LINK_LOCAL, address("2001:db8:a:8101::1"), address("2001:db8:b:8021::1", 0, 50)],
    [alpha, beta],
    [],
    1000,
  );
  expect(seen).toEqual([
    { wan: 0, prefix: "2001:db8:a:8100::/56", active: true, preferredUntil: 1300, validUntil: 1600 },
    { wan: 1, prefix: "2001:db8:b:8020::/60", active: false, preferredUntil: 1000, validUntil: 1050 },
  ]);
});

test("a network that is not number 1 of its delegation is told as that network: hosts have addresses of it", () => {
  const [seen] = observedDelegations([address("2001:db8:a:8105::1")], [alpha], [], 0);
  expect(seen?.prefix).toBe("2001:db8:a:8105::/64");
});

test("after a renumbering it is of the line whose own addresses are most like it, and stays so", () => {
  const moved = { ...beta, addresses: ["2001:db8:bb::77", "2001:db8:b::77"] };
  const first = observedDelegations([address("2001:db8:bb:8001::1")], [alpha, moved], [], 0);
  expect(first.map(({ wan }) => wan)).toEqual([1]);
  const later = observedDelegations(
    [address("2001:db8:bb:8001::1")],
    [
      { ...alpha, addresses: [] },
      { ...beta, addresses: [] },
    ],
    first,
    10,
  );
  expect(later.map(({ wan, validUntil }) => [wan, validUntil])).toEqual([[1, 610]]);
});

test("an address that is like nobody's is nobody's", () => {
  expect(observedDelegations([address("fd00:1:2:3::1")], [alpha, beta], [], 0)).toEqual([]);
});

test("of one provider the one that is preferred longest comes first", () => {
  const seen = observedDelegations(
    [address("2001:db8:a:8001::1", 10), address("2001:db8:a:8201::1", 20)],
    [alpha],
    [],
    0,
  );
  expect(seen.map(({ prefix }) => prefix)).toEqual(["2001:db8:a:8200::/56", "2001:db8:a:8000::/56"]);
});
