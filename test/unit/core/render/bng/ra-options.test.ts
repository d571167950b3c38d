import { expect, test } from "vitest";
import {
  captivePortal,
  pref64,
  prefixInformation,
  pvdOption,
} from "../../../../../src/core/render/bng/ra-options.ts";
import { parsePrefix6, type Prefix6 } from "../../../../../src/core/model/ip6.ts";

function prefix(text: string): Prefix6 {
  const parsed = parsePrefix6(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

/** The octets behind type and length of the option. */
function octets(statement: string, type: number): string {
  const [, found, hex = ""] = /^custom option type (\d+) value hex:([0-9a-f]+);$/.exec(statement) ?? [];
  expect(Number(found)).toBe(type);
  expect((hex.length / 2 + 2) % 8, "units of eight octets").toBe(0);
  return hex;
}

test.each([
  [{ onLink: true, autonomous: true, pdPreferred: false }, "c0"],
  [{ onLink: false, autonomous: false, pdPreferred: false }, "00"],
  [{ onLink: true, autonomous: false, pdPreferred: true }, "90"],
])("a prefix information option has its flags where RFC 4861 and 9762 have them: %o", (flags, octet) => {
  const statement = prefixInformation({
    prefix: prefix("2001:db8:a:1::/64"),
    ...flags,
    preferredS: 0xffff_ffff,
    validS: 14_400,
  });
  expect(octets(statement, 3)).toBe(`40${octet}00003840ffffffff0000000020010db8000a00010000000000000000`);
});

test.each([
  ["64:ff9b::/96", 600, "02580064ff9b0000000000000000"],
  ["64:ff9b::/96", 601, "02600064ff9b0000000000000000"],
  ["64:ff9b::/96", 65_528, "fff80064ff9b0000000000000000"],
  ["2001:db8:a:64::/64", 0, "000120010db8000a006400000000"],
  ["2001:db8::/32", 8, "000d20010db80000000000000000"],
])("PREF64 %s for %i s is as RFC 8781 has it", (text, lifetimeS, expected) => {
  expect(octets(pref64(prefix(text), lifetimeS), 38)).toBe(expected);
});

test("the PvD option has flags, delay, sequence number and name (RFC 8801)", () => {
  const option = pvdOption({ name: "a.example.", http: true, delay: 5, sequence: 258 });
  expect(octets(option, 21)).toBe(`80050102016107${Buffer.from("example").toString("hex")}${"00".repeat(8)}`);
  expect(octets(pvdOption({ name: "a.b", http: false, delay: 0, sequence: 0 }), 21)).toBe(
    `000000000161016200${"00".repeat(5)}`,
  );
});

test("the address of a captive portal is padded with zeros (RFC 8910)", () => {
  expect(octets(captivePortal("https://a.example/"), 37)).toBe(
    `${Buffer.from("https://a.example/").toString("hex")}00000000`,
  );
});
