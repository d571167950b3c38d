import { describe, expect, test } from "vitest";
import type { Scenario } from "../../../../../src/core/judge/scenario/record.ts";
import { isScenarioText } from "../../../../../src/core/judge/scenario/detect.ts";
import {
  labPathOf,
  parseScenario,
  type ParsedScenario,
} from "../../../../../src/core/judge/scenario/parse.ts";
import { ISSUE, LAB } from "./lab.ts";

const parse = (text: string, variables: Record<string, string> = {}): ParsedScenario =>
  parseScenario(text, { file: "scenario.yaml", variables, lab: LAB });

/** The scenario of the only run. */
function scenarioOf(text: string, variables: Record<string, string> = {}): Scenario {
  const { runs, diagnostics } = parse(text, variables);
  expect(diagnostics).toEqual([]);
  expect(runs).toHaveLength(1);
  return (runs?.[0]?.scenario ?? {}) as Scenario;
}

/** A small scenario with more in it. */
const small = (...lines: string[]): string => ["name: small", "lab: lab.yaml", ...lines].join("\n");
const codesOf = (text: string, variables = {}): string[] =>
  parse(text, variables).diagnostics.map(({ code }) => code);

test.each([
  [["flash, to: 2001:db8:bb::/48", "abort"], ["MHLAB_SCENARIO_STEP"]],
  [["abort"], ["MHLAB_SCENARIO_STEP"]],
  [["graceful, to: 2001:db8:bb::/48", "abort"], []],
  [["withdraw", "abort"], []],
])("renumberings %j: an abort needs a former prefix", (orders, codes) => {
  const steps = orders.map((how, index) => `  - {at: ${index + 1}s, renumber: beta, how: ${how}}`);
  expect(codesOf(small("steps:", ...steps))).toEqual(codes);
});

test("the scenario of the issue is read", () => {
  expect(scenarioOf(ISSUE)).toEqual({
    name: "silent-upstream",
    title: null,
    source: null,
    lab: "../two-isps/lab.yaml",
    seed: 7,
    probes: { everyMs: 100, targets: ["2001:db8::1"], from: null },
    flows: [],
    captures: [],
    steps: [
      {
        id: "steps[0]",
        atS: 10,
        do: "fault",
        kind: "upstream-blackhole",
        provider: "alpha",
        options: { for: "30s" },
      },
      {
        id: "steps[1]",
        atS: 60,
        do: "renumber",
        provider: "beta",
        order: { how: "flash", to: { bits: 0x20010db800bb0000_0000000000000000n, length: 48 } },
      },
      {
        id: "steps[2]",
        atS: 70,
        do: "run",
        argv: ["iperf3", "-6", "-c", "2001:db8::1", "-J"],
        node: "home-host1",
        save: "iperf3.json",
        limitS: 60,
      },
      {
        id: "steps[3]",
        atS: null,
        do: "wait",
        until: { is: "delegated", provider: "beta", at: "home" },
        withinS: 30,
      },
    ],
    expect: [
      {
        id: "expect[0]",
        because: null,
        expectedFailure: null,
        kind: "condition",
        condition: {
          is: "reaches",
          target: "2001:db8::1",
          from: "home-host1",
          source: "beta",
          answered: true,
        },
        while: [10, 40],
        afterS: null,
        afterStep: null,
        withinS: 1,
      },
      {
        id: "expect[1]",
        because: null,
        expectedFailure: null,
        kind: "condition",
        condition: { is: "address", provider: "alpha", at: "home-host1", state: "deprecated" },
        while: null,
        afterS: 10,
        afterStep: null,
        withinS: 5,
      },
      {
        id: "expect[2]",
        because: null,
        expectedFailure: null,
        kind: "leaks",
        count: { atLeast: 0, atMost: 0 },
      },
    ],
    settleS: 5,
  });
});

test("probes, flows, captures and words for people", () => {
  const text = small(
    "title: What is tried",
    "source: RFC 7084 G-5",
    "settle: 20s",
    "probes: {every: 1s, targets: ['2001:DB8:0::1', 2001:db8::2], from: [home]}",
    "flows:",
    "  - {id: ssh, kind: tcp, from: home-host1, target: '2001:db8:0::1', source: alpha, every: 200ms}",
    "  - {id: names, kind: dns, from: home, target: internet.example}",
    "captures: [{in: home, interface: eth0, filter: icmp6}, {in: internet}]",
    "steps: [{mark: here, id: begin}]",
    "expect:",
    "  - {flow: ssh, stall: 1s to 3s, because: RFC 8475, expected-failure: not yet, id: lives}",
    "  - {resolves: internet.example, from: home, after: begin, within: 5s}",
    "  - {resolves: www.example, from: home-host1, while: [1s, 5s], is: unanswered}",
  );
  expect(scenarioOf(text)).toMatchObject({
    title: "What is tried",
    source: "RFC 7084 G-5",
    settleS: 20,
    probes: { everyMs: 1000, targets: ["2001:db8::1", "2001:db8::2"], from: ["home"] },
    flows: [
      { id: "ssh", kind: "tcp", from: "home-host1", target: "2001:db8::1", source: "alpha", everyMs: 200 },
      { id: "names", kind: "dns", from: "home", target: "internet.example", source: null, everyMs: 1000 },
      // Nobody asks for that yet.
      {
        id: "dns:expect[2]",
        kind: "dns",
        from: "home-host1",
        target: "www.example",
        source: null,
        everyMs: 1000,
      },
    ],
    captures: [
      { node: "home", interface: "eth0", filter: "icmp6" },
      { node: "internet", interface: null, filter: null },
    ],
    expect: [
      {
        id: "lives",
        because: "RFC 8475",
        expectedFailure: "not yet",
        survives: null,
        stallS: { atLeast: 1, atMost: 3 },
      },
      { afterStep: "begin", afterS: null, withinS: 5 },
      { condition: { answered: false, gives: null } },
    ],
  });
});

describe("a run goes on until what is counted from its last step can be seen", () => {
  test.each([
    ["{delegated: beta, at: home, after: begin, within: 30s}", 30],
    ["{delegated: beta, at: home, after: begin, within: 2s}", 5],
    ["{failover: at most 12s, from: home, after: begin}", 12],
    ["{failover: at least 12s, from: home, after: begin}", 5],
  ])("%s", (expectation, settleS) => {
    expect(
      scenarioOf(small("steps: [{mark: here, id: begin, at: 10s}]", `expect: [${expectation}]`)).settleS,
    ).toBe(settleS);
  });
});

test("after a step that has a time, the time is there as well", () => {
  const [expectation] = scenarioOf(
    small(
      "steps: [{mark: here, id: begin, at: 10s}]",
      "expect: [{delegated: beta, at: home, after: begin, within: 5s}]",
    ),
  ).expect;
  expect(expectation).toMatchObject({ afterStep: "begin", afterS: 10 });
});

describe("limits", () => {
  const limit = (text: string): unknown => {
    const [expectation] = scenarioOf(
      small("steps: [{mark: here}]", `expect: [{outage: ${text}, from: home}]`),
    ).expect;
    return expectation?.kind === "outage" ? expectation.seconds : undefined;
  };

  test.each([
    ["0s", 0, 0],
    ["at most 1500ms", null, 1.5],
    ["at least 2s", 2, null],
    ["1s to 1m", 1, 60],
  ])("%s", (text, atLeast, atMost) => {
    expect(limit(text)).toEqual({ atLeast, atMost });
  });
});

describe("the seed", () => {
  const random = (seed: number): (number | null)[] =>
    scenarioOf(
      small(
        `seed: ${seed}`,
        "steps:",
        "  - {at: {between: [5s, 9s]}, mark: one}",
        "  - {mark: two}",
        "  - {at: {between: [10s, 11s]}, mark: three}",
      ),
    ).steps.map(({ atS }) => atS);

  test("makes the schedule, and the same one each time", () => {
    expect(random(7)).toEqual(random(7));
    expect(random(7)).not.toEqual(random(8));
    expect(random(7)).toMatchInlineSnapshot(`
      [
        5.047,
        null,
        10.062,
      ]
    `);
  });

  test("spreads it evenly", () => {
    const times = Array.from({ length: 200 }, (_, seed) => random(seed)[0] ?? 0);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...times)).toBeLessThanOrEqual(9);
    const quarters = [5, 6, 7, 8].map(
      (from) => times.filter((time) => time >= from && time < from + 1).length,
    );
    for (const count of quarters) expect(count).toBeGreaterThan(25);
  });
});

describe("variables", () => {
  const withVariable = (value: string, ...more: string[]): string =>
    small(...more, `steps: [{heal: "${value}"}]`);

  test("come from the file", () => {
    const text = withVariable("${which}", "variables: {which: alpha}");
    expect(scenarioOf(text).steps).toMatchObject([{ which: "alpha" }]);
  });

  test("come from the environment when they are meant for labs", () => {
    expect(scenarioOf(withVariable("${LAB_ONE}"), { LAB_ONE: "beta" }).steps).toMatchObject([
      { which: "beta" },
    ]);
    expect(scenarioOf(withVariable("${LAB_ONE:-alpha}")).steps).toMatchObject([{ which: "alpha" }]);
    const through = withVariable("${which}", 'variables: {which: "${MHLAB_ONE:-alpha}"}');
    expect(scenarioOf(through, { MHLAB_ONE: "beta" }).steps).toMatchObject([{ which: "beta" }]);
  });

  test("do not come from the rest of it: records are published", () => {
    expect(codesOf(withVariable("${TOKEN}"), { TOKEN: "beta" })).toEqual(["MHLAB_SCENARIO_VARIABLE"]);
    const shadowed = withVariable("${which}", "variables: {which: alpha}");
    expect(scenarioOf(shadowed, { which: "beta" }).steps).toMatchObject([{ which: "alpha" }]);
  });

  test("of the environment that are in a run are told, and make the same run again", () => {
    const variables = { LAB_ONE: "beta", LAB_OTHER: "x", TOKEN: "secret" };
    const text = withVariable("${which}", 'variables: {which: "${LAB_ONE}"}');
    const [run] = parse(text, variables).runs ?? [];
    expect(run?.environment).toEqual({ LAB_ONE: "beta" });
    expect(parse(text, { ...run?.environment }).runs).toEqual([run]);
  });
});

describe("a matrix", () => {
  const text = small(
    "for: {provider: [alpha, beta], how: [graceful, flash]}",
    "except: [{provider: beta, how: flash}]",
    'steps: [{renumber: "${provider}", to: "2001:db8:c::/48", how: "${how}"}]',
  );

  test("is a run for each combination that is not left out", () => {
    const { runs = [] } = parse(text);
    expect(runs.map(({ variables }) => variables)).toEqual([
      { provider: "alpha", how: "graceful" },
      { provider: "alpha", how: "flash" },
      { provider: "beta", how: "graceful" },
    ]);
    expect(runs.map(({ scenario }) => scenario.steps[0])).toMatchObject([
      { provider: "alpha", order: { how: "graceful" } },
      { provider: "alpha", order: { how: "flash" } },
      { provider: "beta", order: { how: "graceful" } },
    ]);
  });

  test("is complained of once", () => {
    expect(codesOf(text.replace("2001:db8:c::/48", "2001:db8:c::1/48"))).toEqual(["MHLAB_SCENARIO_VALUE"]);
    expect(codesOf(text.replace("beta]", "gamma]").replace("provider: beta", "provider: gamma"))).toEqual([
      "MHLAB_SCENARIO_UNKNOWN_PROVIDER",
    ]);
  });

  test("has an end", () => {
    const values = Array.from({ length: 15 }, (_, index) => `v${index}`).join(", ");
    const huge = small(`for: {a: [${values}], b: [${values}]}`, 'steps: [{mark: "${a} ${b}"}]');
    expect(codesOf(huge)).toEqual(["MHLAB_SCENARIO_MATRIX"]);
  });
});

test("anchors and merges work, as in lab files", () => {
  const text = small(
    "steps:",
    "  - &dead {at: 10s, fault: upstream-blackhole, provider: alpha, for: 5s}",
    "  - {<<: *dead, at: 20s, provider: beta}",
  );
  expect(scenarioOf(text).steps).toMatchObject([
    { provider: "alpha" },
    { atS: 20, provider: "beta", options: { for: "5s" } },
  ]);
});

test("without its lab, a scenario is checked all the same, but for the lab's names", () => {
  const text = ISSUE.replaceAll("alpha", "gamma");
  expect(parseScenario(text, { file: "s.yaml", variables: {} }).runs).toHaveLength(1);
  expect(parse(text).runs).toBeUndefined();
});

describe("the lab of a scenario", () => {
  test.each([
    [ISSUE, "../two-isps/lab.yaml"],
    ["lab: ${LAB_FILE:-x.yaml}", "x.yaml"],
    ["lab: ${where}/lab.yaml\nvariables: {where: here}", "here/lab.yaml"],
    ["lab: ${where}/lab.yaml\nfor: {where: [one, two]}", "one/lab.yaml"],
    ["lab: ${where}/lab.yaml", undefined],
    ["lab: [a]", undefined],
    ["lab:", undefined],
    ["lab: {", undefined],
    ["- lab: x", undefined],
    ["lab: x\nfor: 3", undefined],
  ])("of %j", (text, path) => {
    expect(labPathOf(text)).toBe(path);
  });
});

test.each([
  [ISSUE, true],
  ["lab: x.yaml", true],
  ["steps: []", true],
  ["name: lab\nproviders: []", false],
  ["name: lab", false],
  ["", false],
  ["steps: [", true],
  ["providers: [\nlab: x", false],
  ["- steps: x", false],
])("%j: a scenario? %s", (text, is) => {
  expect(isScenarioText(text)).toBe(is);
});

test.each([
  ["perfdhcp, at-link: alpha, options: {clients: 50}", []],
  ["perfdhcp, from: home-host1", ["MHLAB_SCENARIO_STEP"]],
  ["perfdhcp", ["MHLAB_SCENARIO_MISSING"]],
  ["perfdhcp, at-link: gamma", ["MHLAB_SCENARIO_UNKNOWN_PROVIDER"]],
  ["perfdhcp, at-link: alpha, options: {avalanche: true, rate: 5}", ["MHLAB_SCENARIO_STEP"]],
  ["iperf3, at-link: alpha", ["MHLAB_SCENARIO_STEP"]],
  ["iperf3", ["MHLAB_SCENARIO_MISSING"]],
  ["iperf3, from: home-host1, target: www.example", ["MHLAB_SCENARIO_STEP"]],
  ["happy-eyeballs, from: home-host1, target: www.example", []],
])("load: %s", (load, codes) => {
  expect(codesOf(small("steps:", `  - {at: 1s, load: ${load}}`))).toEqual(codes);
});
