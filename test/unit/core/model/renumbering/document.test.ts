import { expect, test } from "vitest";
import { parsePrefix6, type Prefix6 } from "../../../../../src/core/model/ip6.ts";
import { toDocument, valueAt, type NodeDocument } from "../../../../../src/core/model/document.ts";
import { documentFor, renumberedDocument } from "../../../../../src/core/model/renumbering/document.ts";

const prefix = (text: string): Prefix6 => {
  const parsed = parsePrefix6(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};
const provider = (own: string, pool?: string): NodeDocument =>
  toDocument({ prefix: own, delegation: { valid: "4h", ...(pool === undefined ? {} : { prefix: pool }) } });
const alphaWith = (pool?: string): NodeDocument => provider("2001:db8:a::/48", pool);

test.each([
  ["the usual pool follows by itself", "2001:db8:a:8000::/49", "2001:db8:b::/48", undefined],
  ["also into a prefix of another length", "2001:db8:a:8000::/49", "2001:db8:b00::/40", undefined],
  [
    "a pool with a place of its own keeps it",
    "2001:db8:a:4000::/50",
    "2001:db8:b::/48",
    "2001:db8:b:4000::/50",
  ],
  [
    "in a prefix of another length it has none",
    "2001:db8:a:4000::/50",
    "2001:db8:b::/56",
    "2001:db8:a:4000::/50",
  ],
  ["where none is named, none is", undefined, "2001:db8:b::/48", undefined],
])("%s", (_, pool, to, expected) => {
  expect(documentFor(alphaWith(pool), prefix(to))).toEqual(provider(to, expected));
});

test("what is excluded, reserved and announced keeps its place in the other prefix, and a DUID is no place", () => {
  const places = (net: string): NodeDocument =>
    toDocument({
      prefix: `2001:db8:${net}::/48`,
      delegation: {
        exclude: `2001:db8:${net}:80ff::/64`,
        reservations: [
          {
            duid: "00:03:00:01:02:00:00:00:00:42",
            prefix: `2001:db8:${net}:9000::/56`,
            address: `2001:db8:${net}::1:42`,
          },
        ],
      },
      "router-advertisement": { prefixes: [{ prefix: `2001:db8:${net}:1::/64`, "on-link": false }] },
      dns: ["2001:db8:a::53"],
    });
  expect(documentFor(places("a"), prefix("2001:db8:b::/48"))).toEqual(places("b"));
});

test("there and back is the same", () => {
  const there = documentFor(alphaWith("2001:db8:a:4000::/50"), prefix("2001:db8:b::/48"));
  expect(documentFor(there, prefix("2001:db8:a::/48"))).toEqual(alphaWith("2001:db8:a:4000::/50"));
});

test("a provider that is renumbered has the first of its prefixes; without phases that of its lab file", () => {
  expect(renumberedDocument(alphaWith(), undefined)).toEqual(alphaWith());
  expect(
    valueAt(
      renumberedDocument(alphaWith(), [
        { prefix: "2001:db8:b::/48", state: "current" },
        { prefix: "2001:db8:a::/48", state: "deprecated" },
      ]),
      "prefix",
    ),
  ).toBe("2001:db8:b::/48");
});
