/** What is known of the loads of a scenario before it is started: those that cannot reach anything, and what they cost. */
import { CACHED_NAME } from "../../model/internet/cache.ts";
import { INTERNET_ADDRESS } from "../../model/internet/config.ts";
import type { Lab } from "../../model/lab/model.ts";
import { parseIp6 } from "../../model/ip6.ts";
import type { Finding } from "../../model/yaml/findings.ts";
import { loadRecord } from "../load/registry.ts";
import type { Step } from "./steps/registry.ts";

/** What is wrong with the loads of a scenario in its lab; `place` is that of the step, paths are those within it. */
export function impossibleLoads(
  steps: readonly Step[],
  lab: Lab | undefined,
): (Finding & { readonly place: number })[] {
  if (lab === undefined) return [];
  return steps.flatMap((step, place) => {
    if (step.do !== "load") return [];
    const { kind, node, source, target } = step;
    if (loadRecord(kind).atLink === true)
      return unreachable(node, lab).map((finding) => ({ ...finding, place }));
    const providers = providersAt(node, lab);
    const found: Finding[] = [];
    if (source !== null && parseIp6(source) === undefined && providers?.includes(source) === false)
      found.push({
        code: "MHLAB_SCENARIO_STEP",
        message: `there is no path from ${node} by ${source}`,
        hint: `${node} has access to ${providers.join(", ")}`,
        path: ["source"],
      });
    if ([INTERNET_ADDRESS, CACHED_NAME].includes(target) && lab.internet !== "bundled")
      found.push({
        code: "MHLAB_SCENARIO_STEP",
        message: "nothing answers this load: the lab has no bundled internet",
        hint: "add the address of a server of the tool: target: 2001:db8:ffff::1",
        path: [],
      });
    return found.map((finding) => ({ ...finding, place }));
  });
}

/** Why nobody can play customers at a provider's access link. */
function unreachable(provider: string, lab: Lab): Finding[] {
  const link = lab.providers.find(({ name }) => name === provider)?.subscriber;
  if (link === undefined || link.kind === "cpe") return [];
  return [
    {
      code: "MHLAB_SCENARIO_STEP",
      message: `nobody can play customers at the access link of ${provider}: it ends outside of the lab`,
      hint: "give the provider a bundled CPE, beside whose WAN they are: subscriber: {cpe: home}",
      path: ["at-link"],
    },
  ];
}

/** The providers of a host or CPE; undefined for a name that the lab does not have. */
function providersAt(node: string, { cpes, hosts }: Lab): readonly string[] | undefined {
  const cpe = cpes.find(({ name, hosts: own }) => name === node || own.includes(node));
  return (cpe ?? hosts.find(({ name }) => name === node))?.providers;
}

/** What each load of a scenario takes of this machine, in words. */
export function loadCosts(steps: readonly Step[]): { readonly id: string; readonly cost: string }[] {
  return steps.flatMap((step) => {
    if (step.do !== "load") return [];
    const { cost, read } = loadRecord(step.kind);
    const checked = read(step.options);
    return "options" in checked
      ? [{ id: step.id, cost: cost({ options: checked.options, forS: step.forS }) }]
      : [];
  });
}
