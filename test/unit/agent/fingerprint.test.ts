import { expect, test } from "vitest";
import { fingerprint } from "../../../src/agent/fingerprint.ts";

test("the same data has the same text, other data another one, and what is ignored does not count", () => {
  const of = (bits: bigint, elapsedMs: number): string =>
    fingerprint({ prefix: { bits }, paces: [{ elapsedMs }] }, "elapsedMs");
  expect(of(1n << 100n, 5)).toBe(of(1n << 100n, 6));
  expect(of(1n << 100n, 5)).not.toBe(of(1n << 101n, 5));
  expect(fingerprint({ elapsedMs: 5 })).not.toBe(fingerprint({ elapsedMs: 6 }));
});
