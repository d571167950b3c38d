import { expect, test } from "vitest";
import {
  heldAddresses,
  hostAddresses,
  preferredOf,
  type KernelAddress,
} from "../../../../../src/core/render/cpe/host-addresses.ts";

import { formatUtc } from "../../../../../src/core/model/utc.ts";

const NOW = 1_700_000_000;
const FOREVER = 4_294_967_295;
const kernel = (local: string, more: Partial<KernelAddress> = {}): KernelAddress => ({
  local,
  scope: "global",
  preferred_life_time: 1500,
  valid_life_time: 5000,
  ...more,
});
const way = () => ({ provider: "alpha", router: "fe80::1" });
const at = (seconds: number): string => formatUtc(NOW + seconds);

test("addresses tell what may be done with them, and for how long", () => {
  const held = heldAddresses(
    [],
    [
      kernel("2001:db8:a:8001::5"),
      kernel("2001:db8:a:9001::5", { deprecated: true, preferred_life_time: 0 }),
      kernel("2001:db8:a:7001::5", { tentative: true }),
      kernel("2001:db8:77::5", { preferred_life_time: FOREVER, valid_life_time: FOREVER }),
      kernel("fe80::5", { scope: "link" }),
    ],
    NOW,
  );
  const told = hostAddresses(held, way);
  expect(
    told.map(({ address, state, preferredUntil, validUntil }) => [
      address,
      state,
      preferredUntil,
      validUntil,
    ]),
  ).toEqual([
    ["2001:db8:a:8001::5", "preferred", at(1500), at(5000)],
    ["2001:db8:a:9001::5", "deprecated", at(0), at(5000)],
    ["2001:db8:a:7001::5", "tentative", at(1500), at(5000)],
    ["2001:db8:77::5", "preferred", null, null],
  ]);
  expect(preferredOf(told).map(({ address }) => address)).toEqual(["2001:db8:a:8001::5", "2001:db8:77::5"]);
});

test("an end stands still while the kernel counts down, and moves when an advertisement renews it", () => {
  const first = heldAddresses([], [kernel("2001:db8::5")], NOW);
  const later = heldAddresses(
    first,
    [kernel("2001:db8::5", { preferred_life_time: 1496, valid_life_time: 4997 })],
    NOW + 3.4,
  );
  expect(later).toEqual(first);
  const renewed = heldAddresses(later, [kernel("2001:db8::5")], NOW + 30);
  expect(renewed[0]).toMatchObject({ preferredUntil: NOW + 1530, validUntil: NOW + 5030 });
});

test("a preferred lifetime that is over stays over since then", () => {
  const first = heldAddresses([], [kernel("2001:db8::5", { deprecated: true, preferred_life_time: 0 })], NOW);
  const later = heldAddresses(
    first,
    [kernel("2001:db8::5", { deprecated: true, preferred_life_time: 0, valid_life_time: 4900 })],
    NOW + 100,
  );
  expect(later).toEqual(first);
});
