import { BlockList, isIPv6, SocketAddress } from "node:net";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addressIn,
  containsAddress,
  containsPrefix,
  formatIp6,
  formatPrefix6,
  overlaps,
  parseInterfaceAddress6,
  parseIp6,
  parsePrefix6,
  prefixOf,
  subnet,
  subnetCount,
} from "../../../../src/core/model/ip6.ts";

const address = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
  // Runs of zeros, where RFC 5952 has its rules.
  fc
    .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 })
    .map((groups) => groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n)),
);
const length = fc.integer({ min: 0, max: 128 });
const prefix = fc.tuple(address, length).map(([bits, bitLength]) => prefixOf(bits, bitLength));
/** Two prefixes that often lie in one another. */
const related = fc
  .tuple(address, fc.bigInt({ min: 0n, max: 0xffn }), length, length)
  .map(
    ([bits, difference, one, other]) => [prefixOf(bits, one), prefixOf(bits ^ difference, other)] as const,
  );

function blockOf(network: { bits: bigint; length: number }): BlockList {
  const block = new BlockList();
  // BlockList takes lengths from 1; the whole space contains everything by definition.
  block.addSubnet(formatIp6(network.bits), Math.max(1, network.length), "ipv6");
  return block;
}

describe("text", () => {
  test("an address reads as it was written", () => {
    fc.assert(
      fc.property(address, (bits) => {
        expect(parseIp6(formatIp6(bits))).toBe(bits);
      }),
    );
  });

  test("an address is written as Node writes it", () => {
    fc.assert(
      fc.property(
        // Node writes the embedded IPv4 forms (::/96, ::ffff:0:0/96) with dots.
        address.filter((bits) => bits >> 48n !== 0n),
        (bits) => {
          const written = formatIp6(bits);
          expect(new SocketAddress({ address: written, family: "ipv6" }).address).toBe(written);
        },
      ),
    );
  });

  test("what is an address agrees with Node, zones apart", () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEF:.%/g ".split("")), maxLength: 45 }),
      fc
        .array(fc.constantFrom("", "0", "db8", "2001", "ffff", "00001", "192.0.2.1", "1.2.3", "g"), {
          maxLength: 9,
        })
        .map((parts) => parts.join(":")),
    );
    fc.assert(
      fc.property(text, (candidate) => {
        expect([candidate, parseIp6(candidate) !== undefined]).toEqual([
          candidate,
          isIPv6(candidate) && !candidate.includes("%"),
        ]);
      }),
      { numRuns: 2000 },
    );
  });

  test("a prefix reads as it was written", () => {
    fc.assert(
      fc.property(prefix, (each) => {
        expect(parsePrefix6(formatPrefix6(each))).toEqual(each);
      }),
    );
  });

  test("host bits are kept in an interface address and refused in a prefix", () => {
    fc.assert(
      fc.property(address, length, (bits, bitLength) => {
        const text = `${formatIp6(bits)}/${bitLength}`;
        expect(parseInterfaceAddress6(text)).toEqual({ address: bits, length: bitLength });
        expect(parsePrefix6(text) !== undefined).toBe(prefixOf(bits, bitLength).bits === bits);
      }),
    );
  });

  test.each([
    "2001:db8::/129",
    "2001:db8::/",
    "2001:db8::",
    "/48",
    "2001:db8::/4 8",
    "2001:db8::/+48",
    "2001:db8::/48/48",
    "192.0.2.0/24",
    "fe80::%eth0/64",
  ])("%s is no prefix", (text) => {
    expect(parsePrefix6(text)).toBeUndefined();
  });
});

describe("containment", () => {
  test("agrees with Node's BlockList", () => {
    fc.assert(
      fc.property(related, ([one, other]) => {
        expect(containsAddress(one, other.bits)).toBe(
          one.length === 0 || blockOf(one).check(formatIp6(other.bits), "ipv6"),
        );
      }),
      { numRuns: 500 },
    );
  });

  test("an outer prefix covers the first and last address of an inner one, and is not longer", () => {
    fc.assert(
      fc.property(related, ([one, other]) => {
        const last = other.bits | ((1n << BigInt(128 - other.length)) - 1n);
        expect(containsPrefix(one, other)).toBe(
          containsAddress(one, other.bits) && containsAddress(one, last),
        );
      }),
    );
  });

  test("prefixes overlap if and only if one holds the other's first address", () => {
    fc.assert(
      fc.property(related, ([one, other]) => {
        expect(overlaps(one, other)).toBe(
          containsAddress(one, other.bits) || containsAddress(other, one.bits),
        );
        expect(overlaps(other, one)).toBe(overlaps(one, other));
      }),
    );
  });
});

describe("subnets", () => {
  const split = fc
    .tuple(prefix, fc.integer({ min: 0, max: 128 }), fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }))
    .filter(([each, longer]) => longer >= each.length)
    .map(([each, longer, seed]) => ({
      prefix: each,
      length: longer,
      index: seed % subnetCount(each, longer),
    }));

  test("lie inside, and two of them do not overlap", () => {
    fc.assert(
      fc.property(split, ({ prefix: outer, length: longer, index }) => {
        const inner = subnet(outer, longer, index);
        expect(containsPrefix(outer, inner)).toBe(true);
        const last = subnet(outer, longer, subnetCount(outer, longer) - 1n);
        expect(overlaps(inner, last)).toBe(index === subnetCount(outer, longer) - 1n);
      }),
    );
  });

  test("number n starts n sizes after the first", () => {
    fc.assert(
      fc.property(split, ({ prefix: outer, length: longer, index }) => {
        expect(subnet(outer, longer, index).bits - outer.bits).toBe(index << BigInt(128 - longer));
      }),
    );
  });

  test("beyond the prefix there are none", () => {
    const outer = { bits: 0n, length: 48 };
    expect(() => subnet(outer, 64, 65_536n)).toThrow(RangeError);
    expect(() => subnet(outer, 64, -1n)).toThrow(RangeError);
    expect(() => subnet(outer, 47, 0n)).toThrow(RangeError);
    expect(() => subnet(outer, 129, 0n)).toThrow(RangeError);
    expect(() => addressIn({ bits: 0n, length: 127 }, 2n)).toThrow(RangeError);
    expect(addressIn({ bits: 4n, length: 127 }, 1n)).toBe(5n);
  });
});
