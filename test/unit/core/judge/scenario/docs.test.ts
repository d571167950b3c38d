import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { withScenarioTables } from "../../../../../src/cli/docs-scenario.ts";
import { catalogued, FAULT_KINDS } from "../../../../../src/core/model/faults/kinds.ts";
import { EXPECTATION_LIST } from "../../../../../src/core/judge/scenario/expectations/registry.ts";
import {
  scenarioJsonSchema,
  scenarioJsonSchemaText,
} from "../../../../../src/core/judge/scenario/json-schema.ts";
import { parseScenario } from "../../../../../src/core/judge/scenario/parse.ts";
import { STEP_LIST, stepText } from "../../../../../src/core/judge/scenario/steps/registry.ts";
import { golden, ROOT } from "../../model/lab/golden.ts";
import { LAB } from "./lab.ts";

const PAGE = "docs/scenario-file.md";

test(`the tables of ${PAGE} are what the kinds say (UPDATE_GOLDEN=1 rewrites them)`, () => {
  const made = withScenarioTables(readFileSync(join(ROOT, PAGE), "utf8"));
  expect(made).toBe(golden(PAGE, made));
});

test("schemas/scenario.schema.json is what the parser accepts (UPDATE_GOLDEN=1 rewrites it)", () => {
  expect(scenarioJsonSchemaText()).toBe(golden("schemas/scenario.schema.json", scenarioJsonSchemaText()));
});

describe("the schema", () => {
  test("is draft-07, which YAML editors read, and describes every key", () => {
    const schema = scenarioJsonSchema();
    expect(schema.$schema).toBe("http://json-schema.org/draft-07/schema#");
    expect(undescribed(schema, "scenario")).toEqual([]);
  });

  test("has a branch for each kind", () => {
    const { steps, expect: expected } = (scenarioJsonSchema().properties ?? {}) as Record<
      string,
      { items: { anyOf: { title: string }[] } }
    >;
    expect(steps?.items.anyOf.map(({ title }) => title)).toEqual(Object.keys(STEP_LIST.kinds));
    expect(expected?.items.anyOf.map(({ title }) => title)).toEqual(Object.keys(EXPECTATION_LIST.kinds));
  });
});

const base = (...lines: string[]): string =>
  [
    "name: example",
    "lab: lab.yaml",
    "probes: {targets: [2001:db8::1]}",
    "flows: [{id: ssh, kind: tcp, from: home-host1, target: 2001:db8::1}]",
    ...lines,
  ].join("\n");
const STEPS = [
  "steps:",
  "  - {id: alpha-dies, mark: x}",
  "  - {id: ask-dns, run: [ping], in: home, save: iperf3.json}",
  "  - {id: traffic, load: iperf3, from: home-host1}",
];
/** Its names are of a lab with a host on a shared segment. */
const elsewhere = (example: string): string => example.replace("at: pc", "at: home-host1");

test.each(Object.entries(EXPECTATION_LIST.kinds))("the example of %s is right", (_, { example }) => {
  const text = base(...STEPS, "expect:", `  - ${elsewhere(example)}`);
  expect(parseScenario(text, { file: "s.yaml", variables: {}, lab: LAB }).diagnostics).toEqual([]);
});

test("the example of each step is right, and a command that the user could type", () => {
  const texts = Object.values(STEP_LIST.kinds).map(({ example }) => {
    const { runs, diagnostics } = parseScenario(base("steps:", `  - ${example}`), {
      file: "s.yaml",
      variables: {},
      lab: LAB,
    });
    expect(diagnostics).toEqual([]);
    const [step] = runs?.[0]?.scenario.steps ?? [];
    return step === undefined ? "" : stepText(step);
  });
  expect(texts).toEqual([
    "mhlab fault inject upstream-blackhole alpha --for 30s",
    "mhlab fault clear --all",
    "mhlab renumber beta 2001:db8:bb::/48 --flash",
    "mhlab load iperf3 --from home-host1 --source alpha --for 30s parallel=4",
    "mhlab kill home",
    "mhlab exec home-host1 -- iperf3 -6 -c 2001:db8::1 -J > iperf3.json",
    "mhlab exec home -- tee /etc/dhcpcd.conf < dhcpcd.conf",
    "wait until home has a prefix of beta, at most 30s",
    "mark: from here on, only beta",
  ]);
});

test.each([
  [
    "{fault: line-loss, provider: alpha, share: 10%, direction: up}",
    "mhlab fault inject line-loss alpha share=10% --direction up",
  ],
  ["{heal: alpha}", "mhlab fault clear alpha"],
  [
    "{renumber: alpha, to: 2001:db8:c::/48, how: graceful, overlap: 600s}",
    "mhlab renumber alpha 2001:db8:c::/48 --graceful --overlap 10m",
  ],
  ["{renumber: alpha, how: withdraw}", "mhlab renumber alpha --withdraw"],
  ["{renumber: alpha, how: abort}", "mhlab renumber alpha --abort"],
  [
    "{load: perfdhcp, at-link: alpha, options: {clients: 50}}",
    "mhlab load perfdhcp --at-link alpha --for 10s clients=50",
  ],
  [
    "{load: irtt, from: home, options: {interval: 5ms}}",
    "mhlab load irtt --from home --for 10s interval=5ms",
  ],
  ["{restart: internet}", "mhlab restart internet"],
  ["{run: [sh, -c, 'echo $$x'], in: home}", "mhlab exec home -- sh -c 'echo $x'"],
  ["{copy: /tmp/a b, out-of: home, to: out/b}", "mhlab exec home -- cat '/tmp/a b' > out/b"],
])("%s is %s", (yaml, text) => {
  // An abort needs a renumbering before it.
  const before = "  - {renumber: alpha, to: 2001:db8:d::/48, how: graceful, overlap: 600s}";
  const { runs, diagnostics } = parseScenario(base("steps:", before, `  - ${yaml}`), {
    file: "s.yaml",
    variables: {},
    lab: LAB,
  });
  expect(diagnostics).toEqual([]);
  const [, step] = runs?.[0]?.scenario.steps ?? [];
  expect(step === undefined ? "" : stepText(step)).toBe(text);
});

test("no option of a fault is called as a kind of step or as a key of every step", () => {
  const taken = new Set([...Object.keys(STEP_LIST.kinds), "id", "at", "provider"]);
  const options = FAULT_KINDS.flatMap((kind) => catalogued(kind).options.map(({ name }) => name));
  expect(options.filter((name) => taken.has(name))).toEqual([]);
});

describe("editors, by the schema,", () => {
  const accepts = new Ajv({ strict: false, allErrors: true }).compile(scenarioJsonSchema());
  const isTaken = (text: string): boolean => accepts(parseYaml(text, { merge: true }));

  test.each([
    ...Object.values(STEP_LIST.kinds).map(({ example }) => base("steps:", `  - ${example}`)),
    ...Object.values(EXPECTATION_LIST.kinds).map(({ example }) =>
      base(...STEPS, "expect:", `  - ${example}`),
    ),
    base("steps:", "  - {at: {between: [5s, 9s]}, fault: ra-mtu-lie, provider: alpha, mtu: 9000}"),
    base("for: {kind: [ra-stop]}", "steps:", '  - {fault: "${kind}", provider: alpha, for: 5s, any: thing}'),
    base("for: {how: [flash]}", "steps:", '  - {renumber: alpha, how: "${how}", to: "${LAB_X}"}'),
    base("seed: 7", "steps: [{run: [ping, -c, 3], in: home}]", "expect: [{leaks: 0}, {exit: 0, of: x}]"),
  ])("take %s", (text) => {
    expect(isTaken(text) ? [] : accepts.errors).toEqual([]);
  });

  test.each([
    "  - {at: 10, heal: all}",
    "  - {heal: all, helal: all}",
    "  - {renumber: alpha, how: flush}",
    "  - {fault: upstream-blakhole, provider: alpha}",
    "  - {fault: ra-mtu-lie, provider: alpha, mut: 9000}",
    "  - {fault: line-rate, provider: alpha}",
    "  - {fault: ra-stop, provider: alpha, direction: up}",
    "  - {fault: bng-crash, provider: alpha, for: 3s}",
    "  - {load: iperf4, from: home}",
    "  - {load: iperf3, from: home, options: {paralel: 2}}",
    "  - {at: 10s}",
  ])("refuse %s", (step) => {
    expect(isTaken(base("steps:", step))).toBe(false);
  });
});

type Node = { properties?: Record<string, unknown>; items?: unknown; anyOf?: unknown[] };

function undescribed(node: Node, path: string): string[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    if (!isNode(child)) return [`${path}.${key}`];
    return [...("description" in child ? [] : [`${path}.${key}`]), ...undescribed(child, `${path}.${key}`)];
  });
  const below = [node.items, ...(node.anyOf ?? [])].filter(isNode);
  return [...own, ...below.flatMap((each) => undescribed(each, `${path}[]`))];
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}
