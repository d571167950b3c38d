/** What is sent all the time: probes and flows, defaults filled in. */
import type { Expectation } from "./expectations/registry.ts";
import type { FlowPlan, ProbePlan } from "../experiment/record.ts";
import { formatIp6, parseIp6 } from "../../model/ip6.ts";
import { parseDomain, showValue } from "../../model/values/parse.ts";
import type { Finding } from "../../model/yaml/findings.ts";
import type { ScenarioFile } from "./schema.ts";

/** What the bundled internet answers at. */
const USUAL_TARGET = "2001:db8::1";
const USUAL_EVERY_S = 0.1;
const DNS_EVERY_S = 1;

export function probesOf({ probes = {} }: ScenarioFile): ProbePlan {
  return {
    everyMs: Math.round((probes.every ?? USUAL_EVERY_S) * 1000),
    targets: probes.targets === undefined || probes.targets.length === 0 ? [USUAL_TARGET] : probes.targets,
    from: probes.from ?? null,
  };
}

export function flowOf({
  id,
  kind,
  from,
  target,
  source,
  every,
}: NonNullable<ScenarioFile["flows"]>[number]): FlowPlan {
  const bits = parseIp6(target);
  const everyS = every ?? (kind === "dns" ? DNS_EVERY_S : USUAL_EVERY_S);
  return {
    id,
    kind,
    from,
    target: bits === undefined ? target : formatIp6(bits),
    source: source ?? null,
    everyMs: Math.round(everyS * 1000),
  };
}

export function wrongTarget(
  { kind, target }: NonNullable<ScenarioFile["flows"]>[number],
  index: number,
): Finding[] {
  const right = kind === "dns" ? parseDomain(target) !== undefined : parseIp6(target) !== undefined;
  if (right) return [];
  return [
    {
      code: "MHLAB_SCENARIO_VALUE",
      message: `${showValue(target)} is not what a flow of ${kind} can have as its target`,
      hint:
        kind === "dns"
          ? "write the name that is asked for: internet.example"
          : "write an address: 2001:db8::1",
      path: ["flows", index, "target"],
    },
  ];
}

/** Questions that expectations are about and that no flow asks. */
export function askedFor(expectations: readonly Expectation[], flows: readonly FlowPlan[]): FlowPlan[] {
  const asked = [...flows];
  for (const expectation of expectations) {
    if (expectation.kind !== "condition" || expectation.condition.is !== "resolves") continue;
    const { id, condition } = expectation;
    const { name, from } = condition;
    if (asked.some((flow) => flow.kind === "dns" && flow.from === from && flow.target === name)) continue;
    asked.push({
      id: `dns:${id}`,
      kind: "dns",
      from,
      target: name,
      source: null,
      everyMs: DNS_EVERY_S * 1000,
    });
  }
  return asked.slice(flows.length);
}
