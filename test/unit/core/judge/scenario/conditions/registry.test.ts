import { describe, expect, test } from "vitest";
import {
  conditionText,
  conditionTimeline,
  holdsAt,
} from "../../../../../../src/core/judge/scenario/conditions/registry.ts";
import type { Condition } from "../../../../../../src/core/judge/scenario/conditions/registry.ts";
import type { Fact, FlowPlan } from "../../../../../../src/core/judge/experiment/record.ts";
import { A, B, fact, flowSamples, probes, record, TARGET } from "../../experiment/record.ts";

/** Since when it has been true or not, of what facts say. */
function turns(condition: Condition, facts: readonly Fact[]): unknown[] | undefined {
  return conditionTimeline(condition, record({ facts }))?.moments.map(({ atS, holds }) => [atS, holds]);
}

describe("delegated", () => {
  const condition: Condition = { is: "delegated", provider: "alpha", at: "home" };
  const lease = (atS: number, subject: string, state: string | null): Fact =>
    fact(atS, subject, state, { node: "home", kind: "delegation" });

  test("while the CPE has a prefix of the provider", () => {
    const facts = [
      lease(1, "2001:db8:b:8000::/56", "bound"),
      lease(2, "2001:db8:a:8000::/56", "bound"),
      lease(9, "2001:db8:a:8000::/56", null),
    ];
    expect(turns(condition, facts)).toEqual([
      [1, false],
      [2, true],
      [9, false],
    ]);
  });

  test("another node's says nothing", () => {
    expect(
      turns(
        condition,
        [lease(1, "2001:db8:a:8000::/56", "bound")].map((one) => ({ ...one, node: "other" })),
      ),
    ).toBeUndefined();
  });
});

describe("address", () => {
  const at = (state: "preferred" | "deprecated" | "absent"): Condition => ({
    is: "address",
    provider: "alpha",
    at: "home-host1",
    state,
  });
  const facts = [
    fact(0, B, "preferred"),
    fact(1, A, "preferred"),
    fact(2, A, "deprecated"),
    fact(3, "2001:db8:a:8000::11", "preferred"),
    fact(4, "2001:db8:a:8000::11", null),
    fact(5, A, null),
  ];

  test("is preferred when one is, deprecated when none is, absent when there is none", () => {
    expect(turns(at("preferred"), facts)?.filter((one) => (one as unknown[])[1] === true)).toEqual([
      [1, true],
      [3, true],
    ]);
    expect(turns(at("deprecated"), facts)?.filter((one) => (one as unknown[])[1] === true)).toEqual([
      [2, true],
      [4, true],
    ]);
    expect(turns(at("absent"), facts)).toEqual([
      [0, true],
      [1, false],
      [2, false],
      [3, false],
      [4, false],
      [5, true],
    ]);
  });

  test("is absent from when something is known of the host, and not before", () => {
    expect(turns(at("absent"), [fact(3, "", "ready", { kind: "ready" })])).toEqual([[3, true]]);
    expect(turns(at("absent"), [])).toBeUndefined();
  });

  test("is none of these while it is tentative", () => {
    expect(turns(at("preferred"), [fact(1, A, "tentative")])).toEqual([[1, false]]);
    expect(turns(at("absent"), [fact(1, A, "tentative")])).toEqual([[1, false]]);
  });
});

describe("router", () => {
  const facts = [
    fact(1, "fe80::a", "present", { kind: "router", provider: "alpha" }),
    fact(2, "fe80::b", "present", { kind: "router", provider: "beta" }),
    fact(3, "fe80::a", null, { kind: "router", provider: "alpha" }),
  ];
  const is = (router: string, state: "present" | "absent"): Condition => ({
    is: "router",
    router,
    at: "home-host1",
    state,
  });

  test("of a provider", () => {
    expect(turns(is("alpha", "present"), facts)).toEqual([
      [1, true],
      [3, false],
    ]);
    expect(turns(is("alpha", "absent"), facts)).toEqual([
      [1, false],
      [3, true],
    ]);
  });

  test("of the CPE that a host is behind is any", () => {
    expect(turns(is("home", "present"), facts)?.map((one) => (one as unknown[])[1])).toEqual([
      true,
      true,
      true,
    ]);
  });
});

describe("prefix", () => {
  const is = (
    prefix: string,
    at: string,
    state: "current" | "deprecated" | "withdrawn" | "absent",
  ): Condition => ({ is: "prefix", prefix, at, state });

  test("at a provider is what its status says", () => {
    const told = (atS: number, state: string | null): Fact =>
      fact(atS, "2001:db8:a::/48", state, { node: "alpha", kind: "prefix" });
    const facts = [told(0, "current"), told(5, "withdrawn"), told(9, null)];
    expect(turns(is("2001:db8:a::/48", "alpha", "withdrawn"), facts)).toEqual([
      [0, false],
      [5, true],
      [9, false],
    ]);
    expect(turns(is("2001:db8:a::/48", "alpha", "absent"), facts)?.at(-1)).toEqual([9, true]);
  });

  test("at a host is the best of the addresses within", () => {
    const facts = [
      fact(0, `${A}/64`, "preferred"),
      fact(1, `${A}/64`, "deprecated"),
      fact(2, B, "preferred"),
    ];
    expect(turns(is("2001:db8:a::/48", "home-host1", "deprecated"), facts)).toEqual([
      [0, false],
      [1, true],
    ]);
    expect(turns(is("2001:db8:bb::/48", "home-host1", "absent"), facts)).toEqual([[0, true]]);
  });
});

describe("reaches", () => {
  const is = (source: string | null, met = true): Condition => ({
    is: "reaches",
    target: TARGET,
    from: "home-host1",
    source,
    answered: met,
  });
  const both = [...probes(A, [0, 10], { lost: [[3, 10]] }), ...probes(B, [0, 10], { lost: [[5, 6]] })];
  const facts = [fact(0, A, "preferred"), fact(0, B, "preferred")];
  const failing = (condition: Condition, more: Partial<Parameters<typeof record>[0]> = {}): number[] =>
    (conditionTimeline(condition, record({ facts, probes: both, ...more }))?.moments ?? [])
      .filter(({ holds }) => !holds)
      .map(({ atS }) => atS);

  test("from a provider counts each probe of its addresses", () => {
    expect([
      failing(is("alpha")).length,
      failing(is("beta")).length,
      failing(is("alpha", false)).length,
    ]).toEqual([70, 10, 30]);
    expect(failing(is("beta"))[0]).toBe(5);
  });

  test("from an address counts that one", () => {
    expect(failing(is(A)).length).toBe(70);
  });

  test("from a provider does not count an address while it is deprecated", () => {
    expect(failing(is("alpha"), { facts: [...facts, fact(4, A, "deprecated")] }).length).toBe(10);
  });

  test("from any needs one that is answered", () => {
    const times = failing(is(null));
    expect([times[0], times.at(-1)]).toEqual([5, expect.closeTo(5.9, 6)]);
    expect(failing(is(null, false)).length).toBe(100 - times.length);
  });

  test("of another target or host says nothing", () => {
    expect(
      conditionTimeline({ ...is(null), target: "2001:db8::2" } as Condition, record({ probes: both })),
    ).toBeUndefined();
    expect(
      conditionTimeline({ ...is(null), from: "home" } as Condition, record({ probes: both })),
    ).toBeUndefined();
  });
});

describe("resolves", () => {
  const flow: FlowPlan = {
    id: "f",
    kind: "dns",
    from: "home-host1",
    target: "Internet.example.",
    source: null,
    everyMs: 1000,
  };
  const is = (gives: string | null, met = true): Condition => ({
    is: "resolves",
    name: "internet.example",
    from: "home-host1",
    gives,
    answered: met,
  });
  const samples = [
    ...flowSamples([1, 1], { event: "answered", detail: "2001:DB8:0::1 from 2001:db8:a::53" }),
    ...flowSamples([2, 2], { event: "lost" }),
    ...flowSamples([3, 3], { event: "answered", detail: "2001:db8:bad::1 from 2001:db8::1" }),
    ...flowSamples([4, 4], { event: "answered", detail: "NXDOMAIN from 2001:db8::1" }),
  ];
  const told = (condition: Condition): (boolean | null)[] =>
    (
      conditionTimeline(condition, record({ flows: samples, scenario: { flows: [flow] } }))?.moments ?? []
    ).map(({ holds }) => holds);

  test("asks the flow of that name and host", () => {
    expect(told(is(null))).toEqual([true, false, true, false]);
    expect(told(is("2001:db8::1"))).toEqual([true, false, false, false]);
    expect(told(is("2001:db8::1", false))).toEqual([false, true, true, true]);
    expect(told({ ...is(null), name: "www.example" } as Condition)).toEqual([]);
  });
});

test("of two routers with one address, one stays when the other goes", () => {
  const router = (atS: number, provider: string, state: string | null): Fact =>
    fact(atS, "fe80::1", state, { kind: "router", provider });
  const facts = [router(1, "alpha", "present"), router(1, "beta", "present"), router(2, "alpha", null)];
  const at = (name: string): Condition => ({
    is: "router",
    router: name,
    at: "home-host1",
    state: "present",
  });
  expect([turns(at("alpha"), facts), turns(at("beta"), facts)]).toEqual([
    [
      [1, true],
      [2, false],
    ],
    [[1, true]],
  ]);
});

test("a prefix of a provider is withdrawn also while a customer still holds a part of it", () => {
  const alpha = { node: "alpha", provider: "alpha" };
  const facts = [
    fact(0, "2001:db8:a::/48", "current", { ...alpha, kind: "prefix" }),
    fact(0, "2001:db8:a:8000::/56", "routed", { ...alpha, kind: "delegation" }),
    fact(5, "2001:db8:a::/48", "withdrawn", { ...alpha, kind: "prefix" }),
  ];
  const condition: Condition = { is: "prefix", prefix: "2001:db8:a::/48", at: "alpha", state: "withdrawn" };
  expect(turns(condition, facts)).toEqual([
    [0, false],
    [5, true],
  ]);
});

test("what was sent long ago says nothing of now", () => {
  const condition: Condition = {
    is: "reaches",
    target: TARGET,
    from: "home-host1",
    source: A,
    answered: true,
  };
  const seen = record({ probes: probes(A, [0, 10]) });
  expect([5, 12, 20].map((atS) => holdsAt(condition, seen, atS))).toEqual([true, true, undefined]);
});

test("what is true now is what was last seen", () => {
  const condition: Condition = { is: "address", provider: "alpha", at: "home-host1", state: "preferred" };
  const seen = record({ facts: [fact(1, A, "preferred"), fact(5, A, null)] });
  expect([0.5, 1, 4, 5].map((atS) => holdsAt(condition, seen, atS))).toEqual([undefined, true, true, false]);
  expect(holdsAt(condition, record(), 5)).toBeUndefined();
});

test.each<[Condition, string]>([
  [{ is: "delegated", provider: "beta", at: "home" }, "home has a prefix of beta"],
  [{ is: "address", provider: "beta", at: "h", state: "absent" }, "h has no address of beta"],
  [{ is: "address", provider: "beta", at: "h", state: "deprecated" }, "h's address of beta is deprecated"],
  [{ is: "router", router: "beta", at: "h", state: "absent" }, "beta is no default router at h"],
  [{ is: "prefix", prefix: "2001:db8:a::/48", at: "h", state: "current" }, "2001:db8:a::/48 is current at h"],
  [
    { is: "reaches", target: TARGET, from: "h", source: A, answered: false },
    `h does not reach ${TARGET} from ${A}`,
  ],
  [
    { is: "resolves", name: "a.example", from: "h", gives: null, answered: false },
    "h gets no answer for a.example",
  ],
])("%j is told", (condition, text) => {
  expect(conditionText(condition)).toBe(text);
});
