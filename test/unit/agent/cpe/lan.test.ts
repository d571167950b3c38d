import { expect, test } from "vitest";

import { addressChanges } from "../../../../src/agent/cpe/lan.ts";
import type { Link } from "../../../../src/agent/net/link.ts";
import { nextDelegations } from "../../../../src/core/render/cpe/delegations.ts";

const delegations = nextDelegations(
  [],
  [[{ value: "2001:db8:a:8000::/56", preferredUntil: 2800, validUntil: 15_400 }]],
  1000,
);

function lanWith(local: string, preferred: number, valid: number): Link {
  return {
    ifindex: 2,
    ifname: "lan0",
    flags: ["UP", "LOWER_UP"],
    mtu: 1500,
    operstate: "UP",
    addr_info: [
      {
        family: "inet6",
        local,
        prefixlen: 64,
        scope: "global",
        preferred_life_time: preferred,
        valid_life_time: valid,
      },
      {
        family: "inet6",
        local: "fe80::1",
        prefixlen: 64,
        scope: "link",
        preferred_life_time: 4294967295,
        valid_life_time: 4294967295,
      },
    ],
  };
}

test("the LAN gets an address with the lifetimes of the lease", () => {
  expect(addressChanges(undefined, delegations, 1000)).toEqual([
    "addr replace 2001:db8:a:8001::1/64 dev lan0 nodad preferred_lft 1800 valid_lft 14400",
  ]);
});

test("lifetimes that the kernel counted down with the lease are right", () => {
  expect(addressChanges(lanWith("2001:db8:a:8001::1", 1299, 13_899), delegations, 1500)).toEqual([]);
});

test("a renewed lease moves the lifetimes", () => {
  expect(addressChanges(lanWith("2001:db8:a:8001::1", 900, 13_500), delegations, 1000)).toHaveLength(1);
});

test("a lost delegation's address is deprecated, a forgotten one's is removed", () => {
  const link = lanWith("2001:db8:a:8001::1", 1700, 14_300);
  const lost = nextDelegations(delegations, [[]], 1100);
  expect(addressChanges(link, lost, 1100)).toEqual([
    "addr replace 2001:db8:a:8001::1/64 dev lan0 nodad preferred_lft 0 valid_lft 7200",
  ]);
  expect(addressChanges(link, [], 1100)).toEqual(["addr del 2001:db8:a:8001::1/64 dev lan0"]);
});
