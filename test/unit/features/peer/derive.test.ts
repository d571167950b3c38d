import { expect, test } from "vitest";
import { MhlabError } from "../../../../src/core/model/errors.ts";
import { parsePrefix6 } from "../../../../src/core/model/ip6.ts";
import { farSides, OUTSIDE, PORTS, SHARED } from "./lab.ts";

function problem(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof MhlabError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "none";
}

test("tunnels to one port of a server share an interface, other ports and servers have their own", () => {
  expect(farSides(SHARED).map(({ listeners }) => listeners.map(({ peers }) => peers.length))).toEqual([[2]]);
  expect(farSides(PORTS).map(({ listeners }) => listeners.map(({ port }) => port))).toEqual([[51820, 51821]]);
  const apart = SHARED.replace("192.0.2.42:51820", "192.0.2.43:51820");
  expect(farSides(apart).map(({ server }) => server)).toEqual(["192.0.2.43", "192.0.2.42"]);
  const sameName = PORTS.replace("far.example.net", "FAR.example.NET");
  expect(farSides(sameName)).toHaveLength(1);
});

const addresses = (text: string): readonly string[] => farSides(text)[0]?.listeners[0]?.addresses ?? [];

test("the server's address in the tunnel is the probed one, else the first that no BNG has", () => {
  expect(addresses(SHARED)).toEqual(["2001:db8:0:f::1"]);
  expect(addresses(SHARED.replace("2001:db8:0:f::a", "2001:db8:0:f::1"))).toEqual(
    ["2001:db8:0:f::2", "2001:db8:0:f::2"].slice(0, 1),
  );
  expect(addresses(SHARED.replace("preshared-key: true", "probe: 2001:db8:0:f::99"))).toContain(
    "2001:db8:0:f::99",
  );
  expect(addresses(SHARED.replaceAll("/64,", "/128,").replace("/64}", "/128}"))).toEqual([]);
});

test("the MTU fits the smallest tunnel of a port", () => {
  expect(farSides(SHARED)[0]?.listeners[0]?.mtu).toBe(1440);
  expect(farSides(SHARED.replace("::b/64", "::b/64, mtu: 1400"))[0]?.listeners[0]?.mtu).toBe(1400);
});

const outsides = (text: string): (string | undefined)[] =>
  farSides(text, { variant: "nptv6", outside: OUTSIDE })[0]?.listeners[0]?.peers.map(
    (peer) => peer.outside,
  ) ?? [];

test("NPTv6 divides the server's prefix in the order of the file, on the borders of each length", () => {
  expect(outsides(SHARED)).toEqual(["2001:db8:f::/56", "2001:db8:f:100::/60"]);
  const swapped = SHARED.replace("2001:db8:a::/56", "2001:db8:a::/60").replace(
    "2001:db8:b::/60",
    "2001:db8:b::/56",
  );
  expect(outsides(swapped)).toEqual(["2001:db8:f::/60", "2001:db8:f:100::/56"]);
});

test("NPTv6 without a prefix, or with one that is too small, is explained", () => {
  expect(problem(() => farSides(SHARED, { variant: "nptv6" }))).toMatch(/needs to know the server's prefix/);
  const small = parsePrefix6("2001:db8:f::/64");
  expect(problem(() => farSides(SHARED, { variant: "nptv6", outside: small }))).toMatch(
    /has no \/56 for alpha/,
  );
  const onlyOne = parsePrefix6("2001:db8:f::/56");
  expect(problem(() => farSides(SHARED, { variant: "nptv6", outside: onlyOne }))).toMatch(
    /has no \/60 for beta/,
  );
  expect(problem(() => farSides(SHARED, { outside: OUTSIDE }))).toMatch(/--outside has no use/);
});
