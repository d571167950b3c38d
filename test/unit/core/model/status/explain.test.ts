import { expect, test } from "vitest";
import { askedAmong, judgeNode } from "../../../../../src/core/render/nodes/judge.ts";
import { NODES } from "../../../../../src/core/render/nodes/registry.ts";
import { labAsked, labHealth, labProblems } from "../../../../../src/core/judge/health/derive.ts";
import { withExplanations } from "../../../../../src/core/model/status/explain.ts";
import type {
  CpeStatus,
  FaultStatus,
  LabStatus,
  Problem,
  ProviderStatus,
} from "../../../../../src/core/model/status/model.ts";
import { renderStatus } from "../../../../../src/cli/views/status.ts";

const problem = (code: string, about?: string): Problem => ({
  code,
  message: `message of ${code}`,
  ...(about === undefined ? {} : { provider: about }),
});
const fault = (id: string, kind: string): FaultStatus => ({
  id,
  kind,
  since: "2026-11-24T12:00:00.000Z",
  endsAt: null,
  keepaliveS: null,
  direction: "both",
  options: {},
  hits: { up: 0, down: 0 },
});

function provider(name: string, faults: FaultStatus[], problems: Problem[] = []): ProviderStatus {
  const blank = NODES.bng.silent({ name, state: "running", problem: problem("x") });
  return {
    ...blank,
    ready: problems.length === 0,
    faults,
    problems,
    state: problems.length === 0 ? "running" : "degraded",
  };
}

function cpe(problems: Problem[]): LabStatus["cpes"][number] {
  const blank: CpeStatus = NODES.cpe.silent({ name: "home", state: "degraded", problem: problem("x") });
  const well = problems.length === 0;
  return { ...blank, state: well ? "running" : "degraded", ready: well, problems, hosts: [] };
}

const lab = (providers: ProviderStatus[], ...problems: Problem[]): Omit<LabStatus, "healthy"> => ({
  lab: "desk",
  ...withExplanations({ providers, cpes: [cpe(problems)], hosts: [] }),
});

test("a fault explains problems of its provider, and of who depends on it", () => {
  const told = lab(
    [
      provider("alpha", [fault("alpha-1", "upstream-tunnel-down")], [problem("no-tunnel")]),
      provider("beta", []),
    ],
    problem("unreachable", "alpha"),
    problem("unreachable", "beta"),
    problem("unreachable"),
    problem("daemon-down"),
  );
  expect(labProblems(told).map(({ node, code, explainedBy }) => [node, code, explainedBy])).toEqual([
    ["alpha", "no-tunnel", ["alpha-1"]],
    ["home", "unreachable", ["alpha-1"]],
    ["home", "unreachable", undefined],
    ["home", "unreachable", ["alpha-1"]],
    ["home", "daemon-down", undefined],
  ]);
  expect([labHealth(told), labAsked(told)]).toEqual([false, false]);
});

test.each([
  ["a fault that nobody feels", [], true],
  ["one that explains all", [problem("unreachable", "alpha")], true],
  ["another problem beside it", [problem("unreachable", "alpha"), problem("daemon-down")], false],
])("a lab with %s is not healthy, and as asked: %s", (_, problems, asked) => {
  const told = lab([provider("alpha", [fault("alpha-1", "upstream-blackhole")])], ...problems);
  expect([labHealth(told), labAsked(told)]).toEqual([false, asked]);
  const shown = renderStatus(
    { healthy: false, ...(asked ? { asked: true } : {}), ...told },
    { colour: false },
  );
  expect(shown.includes("degraded (expected): 1 fault")).toBe(asked);
  expect(shown).toContain("alpha: fault alpha-1: upstream-blackhole both, until it is cleared");
});

test("a lab without a fault is as asked by nobody, and a kind of a later version explains nothing", () => {
  expect(labAsked(lab([provider("alpha", [])], problem("unreachable", "alpha")))).toBe(false);
  expect(
    labAsked(lab([provider("alpha", [fault("alpha-1", "ra-dance")])], problem("unreachable", "alpha"))),
  ).toBe(false);
});

test("what a fault keeps from a node is not waited for, with --wait either; anything else is", () => {
  const patience = { realFarSides: new Set<string>(), realSubscriber: false, strict: true, answeredForMs: 0 };
  const alpha = provider("alpha", [fault("alpha-1", "upstream-tunnel-down")], [problem("no-tunnel")]);
  const asked = askedAmong([alpha, provider("beta", [])]);
  expect(judgeNode(alpha, patience, () => asked)).toEqual({
    kind: "settled",
    warning: { ...problem("no-tunnel", "alpha"), message: "message of no-tunnel; as asked, by alpha-1" },
  });
  expect(judgeNode(cpe([problem("unreachable", "alpha")]), patience, () => asked).kind).toBe("settled");
  expect(judgeNode(cpe([problem("unreachable", "beta")]), patience, () => asked).kind).toBe("waiting");
  expect(judgeNode(alpha, patience, () => []).kind).toBe("waiting");
  const worse = { ...alpha, problems: [...alpha.problems, problem("dhcpv6-silent")] };
  expect(judgeNode(worse, patience, () => asked).kind).toBe("waiting");
});
