import { expect, test } from "vitest";
import { iperf3BitsPerS } from "../../../../../src/core/judge/experiment/iperf3.ts";

test.each([
  ['{"end":{"sum_sent":{"bits_per_second":9},"sum_received":{"bits_per_second":8.5}}}', 8.5],
  ['{"end":{"sum":{"bits_per_second":7}}}', 7],
  ['{"error":"unable to connect to server"}', undefined],
  ['{"end":{"sum_received":{"bits_per_second":"fast"}}}', undefined],
  ["iperf3: error", undefined],
  ["null", undefined],
])("%s", (text, rate) => {
  expect(iperf3BitsPerS(text)).toBe(rate);
});
