import { describe, expect, test } from "vitest";
import { type Own, done, TARGET, verdictOn } from "../../experiment/record.ts";

const atLeast = (value: number) => ({ atLeast: value, atMost: null });
const atMost = (value: number) => ({ atLeast: null, atMost: value });

describe("exit", () => {
  const expected: Own = { kind: "exit", step: "ask", code: 0 };
  const ended = (exitCode: number | null, more = {}) => ({
    steps: [done("ask", 5, { action: "run", exitCode, ...more })],
  });

  test("is what the command ended with", () => {
    expect(verdictOn(expected, ended(0))).toMatchObject({
      result: "passed",
      value: 0,
      evidence: [{ atS: 5.1 }],
    });
    expect(verdictOn(expected, ended(2, { outcome: "failed" }))).toMatchObject({
      result: "failed",
      value: 2,
    });
    expect(
      verdictOn(expected, ended(null, { outcome: "failed", detail: "it took longer than 1 m" })).result,
    ).toBe("failed");
    expect(verdictOn(expected, ended(null, { endedS: null })).result).toBe("inconclusive");
    expect(verdictOn(expected).result).toBe("inconclusive");
  });
});

test("each expectation is told in words", () => {
  const chosen = { from: "h", source: "beta", target: null, while: [1, 2] as const };
  const all: Own[] = [
    { kind: "leaks", count: { atLeast: 0, atMost: 0 } },
    { kind: "outage", ...chosen, seconds: atMost(1) },
    { kind: "failover", from: "h", target: TARGET, step: "s", seconds: { atLeast: 1, atMost: 2 } },
    { kind: "loss", ...chosen, percent: atMost(1) },
    { kind: "wire", node: "h", interface: "eth0", filter: "icmp6", while: null, count: atLeast(1) },
    { kind: "flow", flow: "f", survives: true, stallS: atMost(3) },
    { kind: "throughput", load: "t", while: null, bitsPerS: atLeast(1_500_000) },
    { kind: "exit", step: "s", code: 0 },
  ];
  expect(all.map((expected) => verdictOn(expected).text)).toEqual([
    "exactly 0 packets leaked at the ports of the providers (a source or destination that is not theirs)",
    "the longest outage of h with a source of beta from 1 s to 2 s is at most 1 s",
    "h reaches 2001:db8::1 again from every address that a new connection may use, 1 s to 2 s after s",
    "the loss of h with a source of beta from 1 s to 2 s is at most 1 %",
    "at least 1 packet of 'icmp6' at h on eth0",
    "the flow f lives to the end, and it stands still for at most 3 s",
    "the throughput of t is at least 1.5 Mbit/s",
    "s ends with 0",
  ]);
});
