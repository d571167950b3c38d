import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  formatNicMark,
  parseNicMark,
  type NicRecord,
} from "../../../../../src/core/model/host/nic-record.ts";

const record: fc.Arbitrary<NicRecord> = fc.record({
  mtu: fc.integer({ min: 68, max: 65_535 }),
  up: fc.boolean(),
  addresses: fc.array(
    fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([a, l]) => `${a}/${l}`),
    { maxLength: 3 },
  ),
  alias: fc.string({ maxLength: 60 }).map((text) => text.replaceAll("\0", "")),
});

test("a mark gives back what was written, and fits the kernel's 255 bytes", () => {
  fc.assert(
    fc.property(record, (one) => {
      const mark = formatNicMark("alpha", one);
      expect(Buffer.byteLength(mark)).toBeLessThanOrEqual(255);
      expect(parseNicMark(mark)).toEqual({ provider: "alpha", record: one });
    }),
  );
});

test("what does not fit is left out: the old alias first, then the last addresses; MTU and state always stay", () => {
  const addresses = Array.from({ length: 12 }, (_, index) => `2001:db8:1234:5678:9abc:def0:1234:${index}/64`);
  const mark = formatNicMark("alpha", { mtu: 9000, up: true, addresses, alias: "ö".repeat(90) });
  expect(Buffer.byteLength(mark)).toBeLessThanOrEqual(255);
  const read = parseNicMark(mark)?.record;
  expect(read).toMatchObject({ mtu: 9000, up: true, alias: "" });
  expect(read?.addresses).toEqual(addresses.slice(0, read?.addresses.length));
  expect(read?.addresses.length).toBeGreaterThan(3);
});

test("other aliases are not marks", () => {
  for (const alias of [
    undefined,
    "",
    "mhlab:alpha",
    "uplink to rack 7",
    "mhlab:nic:alpha",
    "mhlab:nic:alpha;mtu=x;up=1",
  ]) {
    expect(parseNicMark(alias)).toBeUndefined();
  }
});
