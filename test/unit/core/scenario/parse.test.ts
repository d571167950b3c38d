import { describe, expect, test } from "vitest";
import { parseLab } from "../../../../src/core/lab/parse.ts";
import { isScenarioText, labPathOf, parseScenario } from "../../../../src/core/scenario/parse.ts";
import { stepText } from "../../../../src/core/scenario/steps/registry.ts";

const { lab } = parseLab(
  "name: two\ninternet: bundled\nproviders:\n  - {name: alpha, prefix: 2001:db8:a::/48}\n  - {name: beta, prefix: 2001:db8:b::/48}\ncpes: [{name: home}]\n",
  { file: "lab.yaml", env: {} },
);

const ISSUE = `name: silent-upstream
lab: ../two-isps/lab.yaml
seed: 7
probes: {every: 100ms, targets: [2001:db8::1]}
steps:
  - {at: 10s, fault: upstream-blackhole, provider: alpha, for: 30s}
  - {at: 60s, renumber: beta, to: 2001:db8:bb::/48, how: flash}
  - {at: 70s, run: [iperf3, -6, -c, 2001:db8::1, -J], in: home-host1, save: iperf3.json}
  - {wait: {delegated: beta, at: home}, within: 30s}
expect:
  - {reaches: 2001:db8::1, from: home-host1, source: beta, while: [10s, 40s], within: 1s}
  - {address: alpha, at: home-host1, is: deprecated, after: 10s, within: 5s}
  - {leaks: 0}
`;

test("x", () => {
  const parsed = parseScenario(ISSUE, { file: "s.yaml", variables: {}, lab });
  console.log(JSON.stringify(parsed, (_, v) => (typeof v === "bigint" ? String(v) : v), 1));
  console.log(parsed.runs?.[0]?.scenario.steps.map(stepText));
  const bad = parseScenario(
    ISSUE.replaceAll("alpha", "alfa")
      .replace("for: 30s", "fro: 30s")
      .replace("home-host1", "home-host2")
      .replace("while", "whlie"),
    { file: "s.yaml", variables: {}, lab },
  );
  console.log(bad.diagnostics);
});
