/** Expectations about loads, each on a record on which it has to pass and on those on which it must not. */
import { describe, expect, test } from "vitest";
import { A, B, done, fact, loadSamples, loadStep, verdictOn, type Own } from "../../experiment/record.ts";

const atLeast = (value: number) => ({ atLeast: value, atMost: null });
const atMost = (value: number) => ({ atLeast: null, atMost: value });
const LOAD = { load: "traffic", while: null } as const;
const IN = { load: "traffic", while: [12, 18] } as const;

const steps = [done("traffic", 9.5, { action: "load", endedS: 20.2, node: "home-host1" })];
const on = (loads: ReturnType<typeof loadSamples>, more: Parameters<typeof verdictOn>[1] = {}) => ({
  scenario: { steps: [loadStep("traffic", 10)] },
  steps,
  loads,
  ...more,
});
const judged = (own: Own, ...given: Parameters<typeof on>) => verdictOn(own, on(...given));
const throughput = (value: number, without?: (atS: number) => boolean) =>
  loadSamples([10, 20], { metric: "throughput", value }, without);
const mean = (value: number) =>
  ({ load: "traffic", atNs: 10e9, lastsNs: 10e9, metric: "throughput-mean", value, about: null }) as const;

describe("throughput", () => {
  const all: Own = { kind: "throughput", ...LOAD, bitsPerS: atLeast(1e6) };
  const within: Own = { kind: "throughput", ...IN, bitsPerS: atLeast(1e6) };

  test("over all of a load is what its tool tells", () => {
    expect(judged(all, [...throughput(1), mean(2e6)])).toMatchObject({
      result: "passed",
      value: 2e6,
      unit: "bit/s",
    });
    expect(judged(all, [...throughput(5e6), mean(9e5)])).toMatchObject({
      result: "failed",
      measured: "900 kbit/s",
    });
  });

  test("in a window is the mean of its intervals", () => {
    const half = throughput(2e6).map((one) => (one.atNs < 15e9 ? one : { ...one, value: 1e6 }));
    expect(judged(within, half)).toMatchObject({ result: "passed", value: 1.5e6 });
    expect(judged(within, throughput(5e5)).result).toBe("failed");
    expect(
      judged(
        within,
        throughput(2e6, (atS) => atS === 14),
      ).result,
    ).toBe("inconclusive");
  });

  test("without samples is inconclusive, also where the tool failed", () => {
    expect(judged(all, []).result).toBe("inconclusive");
    const failed = [{ ...steps[0], outcome: "failed", detail: "unable to connect" }] as typeof steps;
    expect(judged(all, [], { steps: failed })).toMatchObject({
      result: "inconclusive",
      measured: "traffic measured nothing of the kind: unable to connect",
    });
    expect(judged(all, [mean(2e6)], { steps: [] }).result).toBe("inconclusive");
  });
});

describe("rtt-under-load", () => {
  const own: Own = { kind: "rtt-under-load", ...LOAD, seconds: atMost(0.1) };
  const rtts = (value: number, without?: (atS: number) => boolean) =>
    loadSamples([0, 100], { metric: "rtt", value, lastsNs: 0 }, without).map((one) => ({
      ...one,
      atNs: 10e9 + one.atNs / 10,
    }));

  test("is what 95 % do not exceed", () => {
    expect(judged(own, rtts(0.05)).result).toBe("passed");
    const some = (share: number) =>
      rtts(0.05).map((one, index) => (index < share ? { ...one, value: 0.5 } : one));
    expect(judged(own, some(4)).result).toBe("passed");
    expect(judged(own, some(6))).toMatchObject({ result: "failed", value: 0.5 });
  });

  test("proves nothing where packets were lost", () => {
    expect(
      judged(
        own,
        rtts(0.05, (index) => index > 30 && index < 60),
      ),
    ).toMatchObject({ result: "inconclusive" });
  });
});

test("stall is the longest time without payload", () => {
  const own: Own = { kind: "stall", ...LOAD, seconds: atMost(2) };
  const stalled = (from: number, to: number) =>
    throughput(1e6).map((one) =>
      one.atNs >= from * 1e9 && one.atNs < to * 1e9 ? { ...one, value: 0 } : one,
    );
  expect(judged(own, stalled(14, 16))).toMatchObject({ result: "passed", value: 2 });
  expect(judged(own, stalled(14, 17))).toMatchObject({ result: "failed", value: 3, evidence: [{ atS: 14 }] });
  expect(judged(own, stalled(16, 20)).result).toBe("failed");
  // A tool that broke off made no progress from then on.
  const broken = [{ ...steps[0], outcome: "failed" }] as typeof steps;
  expect(
    judged(
      own,
      throughput(1e6, (atS) => atS >= 15),
      { steps: broken },
    ),
  ).toMatchObject({ result: "failed" });
  expect(judged(own, []).result).toBe("inconclusive");
});

const session = (metric: "session" | "session-failed" | "connect", about: string, value = 0.01) =>
  loadSamples([10, 20], { metric, value, lastsNs: 1e7, about });

test("sessions counts those that were completed", () => {
  const own: Own = { kind: "sessions", ...LOAD, count: atLeast(8) };
  expect(judged(own, session("session", A))).toMatchObject({ result: "passed", value: 10 });
  expect(judged(own, session("session", A).slice(0, 7)).result).toBe("failed");
  expect(judged(own, session("session-failed", A))).toMatchObject({ result: "failed", value: 0 });
  expect(judged(own, []).result).toBe("inconclusive");
});

test("connect-time is that of connections", () => {
  const own: Own = { kind: "connect-time", ...LOAD, seconds: atMost(0.3) };
  expect(judged(own, session("connect", A)).result).toBe("passed");
  expect(judged(own, session("connect", A, 0.4)).result).toBe("failed");
  expect(judged(own, session("session", A)).result).toBe("inconclusive");
});

test("chosen-source is whose addresses were used", () => {
  const own: Own = { kind: "chosen-source", ...LOAD, provider: "beta" };
  const facts = [fact(0, A, "preferred"), fact(0, B, "preferred")];
  expect(judged(own, session("session", B), { facts })).toMatchObject({ result: "passed", value: 100 });
  expect(judged(own, [...session("session", B), ...session("session", A)], { facts })).toMatchObject({
    result: "failed",
    value: 50,
  });
  // What a session's connection tells counts once.
  expect(judged(own, [...session("session", B), ...session("connect", B)], { facts }).measured).toContain(
    "of 10 sessions",
  );
  expect(judged(own, session("session", B)).result).toBe("failed");
  expect(judged(own, throughput(1), { facts }).result).toBe("inconclusive");
});
