import { describe, expect, test } from "vitest";
import type { Band } from "../../../../../../src/core/judge/experiment/record.ts";
import type { Condition } from "../../../../../../src/core/judge/scenario/conditions/registry.ts";
import type { Scenario } from "../../../../../../src/core/judge/scenario/record.ts";
import { A, B, claimed, done, fact, probes, TARGET, verdictOn } from "../../experiment/record.ts";

const DEPRECATED: Condition = { is: "address", provider: "alpha", at: "home-host1", state: "deprecated" };
const PREFERRED: Condition = { ...DEPRECATED, state: "preferred" };
const REACHES_B: Condition = {
  is: "reaches",
  target: TARGET,
  from: "home-host1",
  source: "beta",
  answered: true,
};
const facts = [fact(0, A, "preferred"), fact(0, B, "preferred")];
const fault = (fromS: number, toS: number | null): Band => ({
  id: "alpha-1",
  kind: "fault",
  label: "upstream-blackhole",
  node: "alpha",
  fromS,
  toS,
});

describe("while", () => {
  const expected = claimed(PREFERRED, { while: [10, 40], withinS: 1 });

  test("is met when it is so all that time", () => {
    expect(verdictOn(expected, { facts })).toMatchObject({
      result: "passed",
      measured: "so all that time",
      value: 0,
      unit: "s",
    });
  });

  test("does not mind the grace at its beginning, nor what is before and behind", () => {
    const more = [fact(8, A, "deprecated"), fact(10.9, A, "preferred"), fact(40, A, "deprecated")];
    expect(verdictOn(expected, { facts: [...facts, ...more] }).result).toBe("passed");
  });

  test("says how long it was not so, and shows when", () => {
    const more = [fact(20, A, "deprecated"), fact(23.5, A, "preferred")];
    expect(verdictOn(expected, { facts: [...facts, ...more] })).toMatchObject({
      result: "failed",
      measured: "not so for 3.5 s of 29 s, first at 20 s",
      value: 3.5,
      unit: "s",
      evidence: [{ atS: 20, text: `${A} deprecated` }],
    });
  });

  test("carries the state from before the window into it", () => {
    expect(verdictOn(expected, { facts: [...facts, fact(5, A, "deprecated")] })).toMatchObject({
      result: "failed",
      value: 29,
    });
  });

  test("is not reached when the run ended before, or within it", () => {
    expect(verdictOn(expected, { facts, durationS: 9, partial: true }).result).toBe("inconclusive");
    expect(verdictOn(expected, { facts, durationS: 20, partial: true }).result).toBe("inconclusive");
    const broken = [...facts, fact(15, A, "deprecated")];
    expect(verdictOn(expected, { facts: broken, durationS: 20, partial: true }).result).toBe("failed");
  });

  test("is unsupported when nothing is known", () => {
    expect(verdictOn(expected).result).toBe("inconclusive");
    const absent: Condition = { ...DEPRECATED, state: "absent" };
    expect(verdictOn(claimed(absent, { while: [10, 40] })).result).toBe("inconclusive");
  });

  test("reads probes by when they were sent", () => {
    const reaches = claimed(REACHES_B, { while: [10, 40], withinS: 1 });
    const lostIn = (lost: [number, number]) =>
      verdictOn(reaches, { facts, probes: probes(B, [0, 60], { lost: [lost] }) });
    expect(lostIn([10, 11])).toMatchObject({ result: "passed", measured: "so for all of 290 samples" });
    expect(lostIn([20, 20.3])).toMatchObject({ result: "failed", value: 3, unit: "samples" });
    expect(lostIn([40, 60]).result).toBe("passed");
  });

  test("leaves out probes that the end of the window may have met, where there are others", () => {
    const slow = (lost: [number, number]) =>
      probes(B, [0, 60], { lost: [lost] }).map((one) => ({
        ...one,
        receivedNs: one.receivedNs === null ? null : one.sentNs + 150_000_000,
      }));
    const reaches = claimed(REACHES_B, { while: [10, 40] });
    expect(verdictOn(reaches, { facts, probes: slow([39.9, 60]) }).result).toBe("passed");
    expect(verdictOn(reaches, { facts, probes: slow([39.7, 60]) }).result).toBe("failed");
    const short = claimed(REACHES_B, { while: [10, 10.1] });
    expect(verdictOn(short, { facts, probes: slow([10, 10.1]) }).result).toBe("failed");
    expect(verdictOn(short, { facts, probes: slow([10.1, 60]) }).result).toBe("passed");
  });

  test("is not met when nothing was sent from such a source", () => {
    const reaches = claimed(REACHES_B, { while: [10, 40] });
    expect(verdictOn(reaches, { facts, probes: probes(A, [0, 60]) }).result).toBe("inconclusive");
    expect(
      verdictOn(claimed({ ...REACHES_B, answered: false }, { while: [10, 40] }), {
        facts,
        probes: probes(A, [0, 60]),
      }).result,
    ).toBe("inconclusive");
    expect(verdictOn(reaches, { facts }).result).toBe("inconclusive");
  });
});

describe("after", () => {
  const expected = claimed(DEPRECATED, { afterS: 10, withinS: 5 });

  test("is met when it becomes so in time, and says when", () => {
    expect(verdictOn(expected, { facts: [...facts, fact(12.5, A, "deprecated")] })).toMatchObject({
      result: "passed",
      measured: "so after 2.5 s",
      value: 2.5,
      unit: "s",
      evidence: [{ atS: 12.5, text: `${A} deprecated` }],
    });
  });

  test("is not met when it becomes so later, and says when", () => {
    expect(verdictOn(expected, { facts: [...facts, fact(17, A, "deprecated")] })).toMatchObject({
      result: "failed",
      measured: "so only after 7 s",
      value: 7,
    });
    expect(verdictOn(expected, { facts })).toMatchObject({ result: "failed", value: null });
  });

  test("is not met when it does not stay so", () => {
    const flapping = [...facts, fact(12, A, "deprecated"), fact(20, A, "preferred")];
    expect(verdictOn(expected, { facts: flapping }).result).toBe("failed");
  });

  test("has to stay so only until something else is done", () => {
    const back = [...facts, fact(12, A, "deprecated"), fact(40.2, A, "preferred")];
    const steps = [done("alpha-dies", 10)];
    expect(verdictOn(expected, { facts: back, steps, bands: [fault(10, 40)] }).result).toBe("passed");
    expect(verdictOn(expected, { facts: back, steps, bands: [fault(10, 45)] }).result).toBe("failed");
    const healed = [...steps, done("heal", 40, { action: "heal" })];
    expect(verdictOn(expected, { facts: back, steps: healed }).result).toBe("passed");
    const looked = [...steps, done("look", 40, { action: "run" })];
    expect(verdictOn(expected, { facts: back, steps: looked }).result).toBe("failed");
  });

  test("has to stay so until the fault's own time is over, though its provider tells of that later", () => {
    const back = [...facts, fact(12, A, "deprecated"), fact(40.2, A, "preferred")];
    const steps = [done("alpha-dies", 10, { faultId: "alpha-1" })];
    const asked = (time: string): Partial<Scenario> => ({
      steps: [
        {
          do: "fault",
          id: "alpha-dies",
          atS: 10,
          kind: "link-carrier-down",
          provider: "alpha",
          options: { for: time },
        },
      ],
    });
    const bands = [fault(10, 40.4)];
    expect(verdictOn(expected, { facts: back, steps, bands, scenario: asked("30s") }).result).toBe("passed");
    expect(verdictOn(expected, { facts: back, steps, bands, scenario: asked("31s") }).result).toBe("failed");
  });

  test("is counted from when its step began", () => {
    const since = claimed(DEPRECATED, { afterStep: "alpha-dies", afterS: 10, withinS: 5 });
    const late = [...facts, fact(17, A, "deprecated")];
    expect(verdictOn(since, { facts: late, steps: [done("alpha-dies", 13)] })).toMatchObject({
      result: "passed",
      value: 4,
    });
    expect(verdictOn(since, { facts: late }).result).toBe("inconclusive");
    expect(
      verdictOn(since, { facts: late, steps: [done("alpha-dies", 13, { outcome: "unsupported" })] }).result,
    ).toBe("unsupported");
  });

  test("is not reached when the run ended before it could be", () => {
    expect(verdictOn(expected, { facts, durationS: 12, partial: true }).result).toBe("inconclusive");
  });

  test("of probes begins with the first that is answered for good", () => {
    const reaches = claimed({ ...REACHES_B, source: null }, { afterS: 10, withinS: 3 });
    const lost = (until: number) => ({
      facts,
      probes: probes(B, [0, 60], {
        lost: [
          [8, until],
          [until + 0.5, until + 0.6],
        ],
      }),
    });
    expect(verdictOn(reaches, lost(11.5))).toMatchObject({
      result: "passed",
      value: expect.closeTo(2.1, 6) as number,
    });
    expect(verdictOn(reaches, lost(12.5))).toMatchObject({
      result: "failed",
      value: expect.closeTo(3.1, 6) as number,
    });
  });
});

describe("an expected failure", () => {
  const expected = claimed(PREFERRED, { while: [10, 40] });
  const known = { expectedFailure: "it does not watch its upstream" };

  test("is told instead of a failure, and when it is met after all", () => {
    expect(verdictOn(expected, { facts: [...facts, fact(20, A, "deprecated")] }, known).result).toBe(
      "expected-failure",
    );
    expect(verdictOn(expected, { facts }, known).result).toBe("unexpected-pass");
  });

  test("hides nothing else", () => {
    expect(verdictOn(expected, {}, known).result).toBe("inconclusive");
    expect(verdictOn(expected, { facts, durationS: 5, partial: true }, known).result).toBe("inconclusive");
  });
});

test("a verdict says what was expected and why", () => {
  expect(
    verdictOn(
      claimed(REACHES_B, { while: [10, 40], withinS: 1 }),
      {},
      { because: "RFC 7084 G-5", id: "stays" },
    ),
  ).toMatchObject({
    id: "stays",
    because: "RFC 7084 G-5",
    text: "home-host1 reaches 2001:db8::1 from its addresses of beta from 10 s to 40 s, after 1 s at the most",
  });
});
