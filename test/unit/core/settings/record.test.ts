import { expect, test } from "vitest";
import { advertised } from "../../../../src/core/settings/advertised.ts";
import { dhcpv6 } from "../../../../src/core/settings/dhcpv6.ts";
import { writtenInLab } from "../../../../src/core/settings/texts.ts";

const routes = advertised.routes.codec.environment;

test("records are read back from the environment as they were written", () => {
  const text = "prefix=2001:db8:f::/48,preference=high,lifetime=1800 prefix=::/0";
  const read = routes.parse(text) ?? [];
  expect(read).toHaveLength(2);
  expect(read[0]).toMatchObject({ preference: "high", lifetimeS: 1800 });
  expect(Object.keys(read[1] ?? {})).toEqual(["prefix"]);
  expect(routes.format(read)).toBe(text);
  expect(routes.parse(`  ${text.replace(" ", " \n ")} `)).toEqual(read);
});

test.each([
  ["a key that is none", "prefix=::/0,metric=1"],
  ["a key twice", "prefix=::/0,prefix=::/0"],
  ["a value that is none", "prefix=::/0,preference=highest"],
  ["without what is required", "preference=high"],
  ["without a value", "prefix"],
  ["one of two that is wrong", "prefix=::/0 prefix=::1/0"],
])("%s makes the whole variable wrong", (_, text) => {
  expect(routes.parse(text)).toBeUndefined();
});

test("records are shown as lab.yaml writes them", () => {
  const value = dhcpv6.reservations.codec.environment.parse(
    "duid=0003000102000000AB42,address=2001:db8:a::1:42",
  );
  expect(writtenInLab(dhcpv6.reservations, value)).toBe(
    "[{duid: 00:03:00:01:02:00:00:00:ab:42, address: 2001:db8:a::1:42}]",
  );
});
