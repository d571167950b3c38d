import { describe, expect, test } from "vitest";
import {
  type Own,
  A,
  B,
  done,
  fact,
  flowSamples,
  probes,
  TARGET,
  verdictOn,
} from "../../experiment/record.ts";

const facts = [fact(0, A, "preferred"), fact(0, B, "preferred")];
const atMost = (value: number) => ({ atLeast: null, atMost: value });
const atLeast = (value: number) => ({ atLeast: value, atMost: null });
const early = { partial: true, durationS: 30 };

describe("leaks", () => {
  const expected: Own = { kind: "leaks", count: { atLeast: 0, atMost: 0 } };
  /** Nobody owes a probe. */
  const scenario = { probes: { everyMs: 100, targets: [], from: null } };
  const none = { up: 0, down: 0, addresses: [], gaps: [] };
  const some = {
    up: 3,
    down: 1,
    addresses: [
      { direction: "up", address: B, packets: 3, provider: "beta" },
      { direction: "down", address: "2001:db8:ff::1", packets: 1, provider: null },
    ],
    gaps: [],
  } as const;
  const gaps = [[9, 12.5]] as const;

  test("are none when no port counted one", () => {
    expect(verdictOn(expected, { scenario, leaks: { alpha: none, beta: none } })).toMatchObject({
      result: "passed",
      value: 0,
      unit: "packets",
      measured: "0 packets leaked",
    });
  });

  test("are what the ports counted, by port, direction and whose they are", () => {
    expect(verdictOn(expected, { leaks: { alpha: some, beta: none } })).toMatchObject({
      result: "failed",
      value: 4,
      measured: `4 packets leaked; alpha up: 3 (most from ${B} of beta: 3); alpha down: 1 (most to 2001:db8:ff::1: 1)`,
    });
  });

  test("do not grow by what the far side got by a wrong tunnel, which passed a port before", () => {
    const wrong = probes(A, [10, 10.2], { arrivedBy: "beta" });
    expect(verdictOn(expected, { facts, probes: wrong, leaks: { alpha: some, beta: none } })).toMatchObject({
      value: 4,
      measured: expect.stringMatching(
        /; beside that, the far side got 2 packets by a wrong tunnel$/,
      ) as string,
      evidence: [{ atS: 10, text: `home-host1: ${A} is of alpha, and came by beta` }, { atS: 10.1 }],
    });
  });

  test("know whose a source is by the delegation that it is of", () => {
    const lease = fact(0, "2001:db8:a:8000::/56", "bound", { kind: "delegation", node: "home" });
    const sent = probes(A, [0, 1], { arrivedBy: "beta" });
    const leaks = { alpha: none, beta: none };
    expect(verdictOn(expected, { facts: [lease], probes: sent, leaks }).measured).toContain(
      "10 packets by a wrong",
    );
  });

  test.each([
    [
      "a port that was not counted for a while",
      { alpha: none, beta: { ...none, gaps } },
      "from 9.0 s to 12.5 s",
    ],
    ["a port without a count", { alpha: none }, "from 0.0 s to 60.0 s"],
  ])("are not known to be none with %s", (_, leaks, when) => {
    const verdict = verdictOn(expected, { scenario, leaks });
    expect(verdict.result).toBe("inconclusive");
    expect(verdict.measured).toContain(`beta was not counted ${when}`);
    expect(verdictOn({ ...expected, count: atLeast(1) }, { leaks }).result).toBe("inconclusive");
  });

  test("that were counted are too many, whatever was not counted", () => {
    expect(verdictOn(expected, { leaks: { alpha: some, beta: { ...none, gaps } } }).result).toBe("failed");
  });

  test("of a run that ended early are none only so far", () => {
    expect(verdictOn(expected, { leaks: { alpha: none, beta: none }, ...early }).result).toBe("inconclusive");
    expect(verdictOn(expected, { leaks: { alpha: some, beta: none }, ...early }).result).toBe("failed");
  });
});

describe("outage", () => {
  const expected: Own = {
    kind: "outage",
    from: "home-host1",
    source: "beta",
    target: null,
    while: null,
    seconds: atMost(1),
  };
  const sent = [
    ...probes(A, [0, 60], { lost: [[10, 40]] }),
    ...probes(B, [0, 60], {
      lost: [
        [5, 5.5],
        [20, 21.2],
      ],
    }),
  ];

  test("is the longest of the source that is meant", () => {
    expect(verdictOn(expected, { facts, probes: sent })).toMatchObject({
      result: "failed",
      value: expect.closeTo(1.2, 6) as number,
      unit: "s",
      measured: "the longest of 2 took 1.2 s",
      evidence: [{ atS: 20, text: `${B} to ${TARGET}: 1.2 s, 12 probes lost` }, { atS: 5 }],
    });
    expect(verdictOn({ ...expected, source: null }, { facts, probes: sent }).value).toBe(30);
    expect(verdictOn({ ...expected, source: A }, { probes: sent }).value).toBe(30);
  });

  test("is cut to its window", () => {
    expect(verdictOn({ ...expected, while: [0, 10] }, { facts, probes: sent })).toMatchObject({
      result: "passed",
      value: 0.5,
    });
    expect(verdictOn({ ...expected, while: [20.5, 40] }, { facts, probes: sent }).value).toBeCloseTo(0.7, 6);
    expect(verdictOn({ ...expected, while: [30, 40] }, { facts, probes: sent })).toMatchObject({
      result: "passed",
      measured: "no outage",
    });
  });

  test("that lasts to the end is as long as that", () => {
    expect(verdictOn(expected, { facts, probes: probes(B, [0, 60], { lost: [[50, 60]] }) }).value).toBe(10);
  });

  test("is not met when nothing was sent from such a source, and unsupported when nothing was sent", () => {
    expect(verdictOn(expected, { facts, probes: probes(A, [0, 60]) }).result).toBe("inconclusive");
    expect(verdictOn({ ...expected, while: [70, 80] }, { facts, probes: sent, durationS: 90 }).result).toBe(
      "inconclusive",
    );
    expect(verdictOn(expected, { facts }).result).toBe("inconclusive");
  });
});

describe("loss", () => {
  const expected: Own = {
    kind: "loss",
    from: "home-host1",
    source: "beta",
    target: null,
    while: null,
    percent: atMost(1),
  };

  test("is the share of probes that were not answered", () => {
    const sent = [...probes(A, [0, 10], { lost: [[0, 10]] }), ...probes(B, [0, 10], { lost: [[2, 2.5]] })];
    expect(verdictOn(expected, { facts, probes: sent })).toMatchObject({
      result: "failed",
      value: 5,
      unit: "%",
    });
    expect(verdictOn({ ...expected, while: [3, 10] }, { facts, probes: sent })).toMatchObject({
      result: "passed",
      value: 0,
    });
  });

  test("counts what could not be sent, and tells it apart", () => {
    const sent = [
      ...probes(B, [0, 5], { lost: [[1, 2]] }),
      ...probes(B, [5, 10], { lost: [[5, 10]], outcome: "not-sent" }),
    ];
    expect(verdictOn(expected, { facts, probes: sent })).toMatchObject({
      result: "failed",
      measured: "60 %: of 100 probes 10 had no answer, 50 could not be sent",
    });
  });

  test("is never met by emptiness", () => {
    expect(verdictOn(expected, { facts, probes: probes(A, [0, 60]) }).result).toBe("inconclusive");
    expect(verdictOn(expected, { facts }).result).toBe("inconclusive");
    expect(verdictOn(expected, { facts, probes: probes(B, [0, 30]), ...early }).result).toBe("inconclusive");
  });
});

describe("failover", () => {
  const expected: Own = {
    kind: "failover",
    from: "home-host1",
    target: TARGET,
    step: "alpha-dies",
    seconds: atMost(5),
  };
  const steps = [done("alpha-dies", 10)];
  const sent = [...probes(A, [0, 60], { lost: [[10.1, 40]] }), ...probes(B, [0, 60])];

  test("is the time until the dead address may not be used any more", () => {
    const seen = [...facts, fact(13.6, A, "deprecated")];
    expect(verdictOn(expected, { facts: seen, steps, probes: sent })).toMatchObject({
      result: "passed",
      value: expect.closeTo(3.6, 6) as number,
      unit: "s",
      measured: "after 3.6 s",
    });
    expect(verdictOn({ ...expected, seconds: atMost(3) }, { facts: seen, steps, probes: sent }).result).toBe(
      "failed",
    );
  });

  test("is the time until it is answered again, where it comes back first", () => {
    const short = [...probes(A, [0, 60], { lost: [[10.1, 12]] }), ...probes(B, [0, 60])];
    expect(verdictOn(expected, { facts, steps, probes: short })).toMatchObject({
      result: "passed",
      value: 2,
    });
  });

  test("counts from when the provider had the fault in force, not from the command for it", () => {
    const asked = [{ ...done("alpha-dies", 9.6), faultId: "alpha-1" }];
    const bands = [{ id: "alpha-1", kind: "fault" as const, label: "", node: "alpha", fromS: 10, toS: null }];
    const seen = [...facts, fact(13.6, A, "deprecated")];
    expect(verdictOn(expected, { facts: seen, steps: asked, probes: sent, bands })).toMatchObject({
      value: expect.closeTo(3.6, 6) as number,
    });
  });

  test("is none when no address that may be used was lost", () => {
    const seen = [...facts, fact(9, A, "deprecated")];
    expect(verdictOn(expected, { facts: seen, steps, probes: sent })).toMatchObject({
      result: "passed",
      value: 0,
      measured: "it never lost it",
    });
  });

  test("does not come about by what is done next", () => {
    const bands = [{ id: "alpha-1", kind: "fault" as const, label: "", node: "alpha", fromS: 10, toS: 40 }];
    expect(verdictOn(expected, { facts, steps, probes: sent, bands })).toMatchObject({
      result: "failed",
      value: null,
      measured: "not within 30 s, until something else was done",
    });
  });

  test("uses a deprecated address when there is no other", () => {
    const one = [fact(0, A, "preferred"), fact(12, A, "deprecated")];
    expect(
      verdictOn(expected, { facts: one, steps, probes: sent.filter(({ source }) => source === A) }),
    ).toMatchObject({ value: 30 });
  });

  test("is not there while there is no address at all", () => {
    const gone = [fact(0, A, "preferred"), fact(10.1, A, null), fact(17, B, "preferred")];
    const seen = [...probes(A, [0, 10.1]), ...probes(B, [17, 60])];
    expect(verdictOn(expected, { facts: gone, steps, probes: seen })).toMatchObject({
      result: "failed",
      value: 7,
    });
  });

  test("needs its step and probes", () => {
    expect(verdictOn(expected, { facts, probes: sent }).result).toBe("inconclusive");
    expect(
      verdictOn(expected, {
        facts,
        probes: sent,
        steps: [done("alpha-dies", 10, { outcome: "unsupported" })],
      }).result,
    ).toBe("unsupported");
    expect(verdictOn(expected, { facts, steps }).result).toBe("inconclusive");
  });
});

describe("wire", () => {
  const expected: Own = {
    kind: "wire",
    node: "home",
    interface: null,
    filter: "icmp6",
    while: [10, 20],
    count: atLeast(1),
  };
  const counted = (...atS: number[]) => ({ wires: [{ expectation: "expect[0]", atS }] });

  test("counts the packets of its window", () => {
    expect(verdictOn(expected, counted(9, 12, 15, 20))).toMatchObject({
      result: "passed",
      value: 2,
      measured: "2 packets",
      evidence: [{ atS: 12 }, { atS: 15 }],
    });
    expect(verdictOn({ ...expected, count: { atLeast: 0, atMost: 0 } }, counted(9, 20))).toMatchObject({
      result: "passed",
      value: 0,
    });
    expect(verdictOn(expected, counted(9)).result).toBe("failed");
  });

  test("needs a count, also for none", () => {
    expect(verdictOn({ ...expected, count: { atLeast: 0, atMost: 0 } }).result).toBe("inconclusive");
    expect(
      verdictOn(
        { ...expected, count: { atLeast: 0, atMost: 0 } },
        { ...counted(), durationS: 15, partial: true },
      ).result,
    ).toBe("inconclusive");
  });
});

describe("flow", () => {
  const expected: Own = { kind: "flow", flow: "f", survives: true, stallS: atMost(3) };

  test("lives when it is answered to the end", () => {
    expect(verdictOn(expected, { flows: flowSamples([1, 60]) })).toMatchObject({
      result: "passed",
      value: expect.closeTo(0.1, 6) as number,
    });
  });

  test("stands still from one answer to the next", () => {
    const flows = [...flowSamples([1, 20]), ...flowSamples([26, 60])];
    expect(verdictOn(expected, { flows })).toMatchObject({
      result: "failed",
      value: expect.closeTo(6.1, 6) as number,
      evidence: [{ atS: 19.9 }],
    });
    expect(verdictOn({ ...expected, stallS: null }, { flows }).result).toBe("passed");
  });

  test("does not live when it breaks, is refused, or falls silent", () => {
    const broken = { flows: flowSamples([1, 20], { event: "broken", detail: "ETIMEDOUT" }) };
    expect(verdictOn(expected, broken)).toMatchObject({
      result: "failed",
      measured: expect.stringContaining("broken at 20 s (ETIMEDOUT)") as string,
    });
    expect(verdictOn({ ...expected, survives: false, stallS: null }, broken).result).toBe("passed");
    expect(verdictOn(expected, { flows: flowSamples([1, 1], { event: "refused" }) }).result).toBe("failed");
    expect(verdictOn({ ...expected, stallS: null }, { flows: flowSamples([1, 20]) }).result).toBe("failed");
  });

  test("that was never answered neither lives nor stands still for a short time only", () => {
    const flows = flowSamples([0, 0], { event: "lost" });
    const short = { flows, durationS: 0.5 };
    expect(verdictOn({ ...expected, stallS: null }, short).result).toBe("failed");
    expect(verdictOn({ ...expected, survives: null }, short).result).toBe("failed");
  });

  test("needs something that was recorded", () => {
    expect(verdictOn(expected).result).toBe("unsupported");
    expect(
      verdictOn(expected, { flows: flowSamples([0, 0], { event: "unsupported", detail: "no MPTCP" }) }),
    ).toMatchObject({ result: "unsupported", measured: "no MPTCP" });
    expect(verdictOn(expected, { flows: flowSamples([1, 30]), ...early }).result).toBe("inconclusive");
  });
});
