/** What the made run expects, and what becomes of it. */
import type { Expectation } from "../../../src/core/judge/scenario/expectations/registry.ts";
import type { Verdict } from "../../../src/core/judge/experiment/record.ts";

export const TARGET = "2001:db8::1";

export function expectations(): Expectation[] {
  const base = { expectedFailure: null, because: null };
  return [
    {
      ...base,
      id: "beta-lives",
      because: "RFC 8475 section 2.1",
      kind: "condition",
      condition: { is: "reaches", target: TARGET, from: "home-host1", source: "beta", answered: true },
      while: [10, 40],
      afterS: null,
      withinS: 1,
    },
    {
      ...base,
      id: "alpha-deprecated",
      because:
        "RFC 7084 G-5: a CE router must not advertise itself as a default router with a prefix that leads nowhere",
      kind: "condition",
      condition: { is: "address", provider: "alpha", at: "home-host1", state: "deprecated" },
      while: null,
      afterS: 10,
      withinS: 5,
    },
    {
      ...base,
      id: "failover",
      kind: "failover",
      from: "home-host1",
      target: TARGET,
      step: "dead",
      seconds: { atLeast: null, atMost: 5 },
    },
    {
      ...base,
      id: "renumbered",
      because: "RFC 9096 section 3.5",
      expectedFailure: "the bundled CPE learns of a new prefix only when it renews",
      kind: "outage",
      from: "home-host1",
      source: "beta",
      target: null,
      while: [60, 90],
      seconds: { atLeast: null, atMost: 2 },
    },
    {
      ...base,
      id: "leaks",
      because: "RFC 8678",
      kind: "leaks",
      count: { atLeast: null, atMost: 0 },
    },
    {
      ...base,
      id: "flow",
      kind: "flow",
      flow: "download",
      survives: true,
      stallS: { atLeast: null, atMost: 5 },
    },
  ];
}

export function verdictsOf(noticedS: number): Verdict[] {
  const [beta, alpha, failover, renumbered, leaks, flow] = expectations().map(({ id, because }) => ({
    id,
    because,
    value: null,
    unit: null,
    evidence: [],
  }));
  const seconds = (value: number): Pick<Verdict, "value" | "unit"> => ({ value, unit: "s" });
  const all: (Verdict | undefined)[] = [
    beta && {
      ...beta,
      text: "home-host1 reaches 2001:db8::1 from beta between 10 s and 40 s",
      result: "passed",
      measured: "300 of 300 probes answered",
      evidence: [{ atS: 10, text: "the first probe after the fault is answered" }],
    },
    alpha && {
      ...alpha,
      ...seconds(noticedS),
      text: "alpha's address at home-host1 is deprecated within 5 s of 10 s",
      result: noticedS <= 5 ? "passed" : "failed",
      measured: `deprecated ${noticedS.toFixed(2)} s after the fault`,
      evidence: [
        { atS: 10, text: "alpha's upstream is a blackhole" },
        { atS: 10 + noticedS, text: "2001:db8:a:1:5054:ff:fe00:10 is deprecated" },
      ],
    },
    failover && {
      ...failover,
      ...seconds(noticedS + 0.06),
      text: "failover of home-host1 takes at most 5 s after the step dead",
      result: noticedS + 0.06 <= 5 ? "passed" : "failed",
      measured: `${(noticedS + 0.06).toFixed(2)} s`,
      evidence: [
        { atS: 10 + noticedS + 0.06, text: "a new connection takes beta's source, and is answered" },
      ],
    },
    renumbered && {
      ...renumbered,
      ...seconds(noticedS + 0.3),
      text: "no outage of beta at home-host1 is longer than 2 s between 60 s and 90 s",
      result: noticedS + 0.3 <= 2 ? "unexpected-pass" : "expected-failure",
      measured: `${(noticedS + 0.3).toFixed(2)} s`,
      evidence: [{ atS: 60, text: "the first probe that was not answered" }],
    },
    leaks && {
      ...leaks,
      value: 0,
      unit: "packets",
      text: "no packet leaves by a provider that its source is not of",
      result: "passed",
      measured: "0 packets",
    },
    flow && {
      ...flow,
      ...seconds(24),
      text: "the flow download survives, and stalls for at most 5 s",
      result: "failed",
      measured: "broken at 84.00 s (ETIMEDOUT) after a stall of 24.0 s",
      evidence: [
        { atS: 60, text: "the last answer" },
        { atS: 84, text: "the connection breaks: ETIMEDOUT" },
      ],
    },
  ];
  return all.flatMap((one) => one ?? []);
}
