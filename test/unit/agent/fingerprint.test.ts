import { expect, test } from "vitest";
import { fingerprint } from "../../../src/agent/fingerprint.ts";

test("the same data has the same text, other data another one", () => {
  const of = (bits: bigint): string => fingerprint({ prefix: { bits } });
  expect(of(1n << 100n)).toBe(of(1n << 100n));
  expect(of(1n << 100n)).not.toBe(of(1n << 101n));
});
