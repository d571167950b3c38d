/** Customers of the lab that must ask again, because what a provider leases was changed in place. */
import type { Step } from "./plan.ts";
import { presentEnvironment } from "./in-place.ts";
import type { LabContainer, Observed } from "./observed.ts";
import { partOf } from "./parts.ts";
import { PlanLabel, type ContainerSpec } from "./spec.ts";

/** Parts of the lab file that a client learns from a lease. */
const LEASED: ReadonlySet<string> = new Set(["delegation", "dns"]);

interface Changes {
  readonly steps: readonly Step[];
  readonly present: ReadonlyMap<string, LabContainer>;
  readonly observed: Observed;
}

/** A step for each bundled CPE that stays and whose provider changes in place; a real one asks when it has to (T1). */
export function renewals(specs: readonly ContainerSpec[], { steps, present, observed }: Changes): Step[] {
  const updated = specs.filter(({ name, env }) => {
    const found = present.get(name);
    if (found === undefined || !steps.some((step) => step.name === name && step.action === "update"))
      return false;
    const before = presentEnvironment(found, observed.held?.get(name)?.settings) ?? {};
    const names = new Set([...Object.keys(before), ...Object.keys(env)]);
    return [...names].some((variable) => before[variable] !== env[variable] && LEASED.has(partOf(variable)));
  });
  return specs.flatMap(({ name, role }): Step[] => {
    const providers = updated.filter(({ labels }) => labels[PlanLabel.cpe] === name);
    const asks = role === "cpe" && providers.length > 0 && present.get(name)?.state === "running";
    if (!asks || steps.some((step) => step.name === name)) return [];
    const names = providers.map((provider) => provider.name).join(", ");
    return [{ action: "update", name, role, reason: `asks ${names} again` }];
  });
}
