/** Customers of the lab that must ask again, because what a provider leases was changed in place. */
import type { Step } from "./plan.ts";
import { documentChanges } from "./changes.ts";
import type { LabContainer, Observed } from "../nodes/observed.ts";
import { PlanLabel, type ContainerSpec } from "../nodes/spec.ts";

/** Parts of the lab file that a client learns from a lease. */
const LEASED: ReadonlySet<string> = new Set(["delegation", "dns"]);

interface Changes {
  readonly steps: readonly Step[];
  readonly present: ReadonlyMap<string, LabContainer>;
  readonly observed: Observed;
}

/** A step for each bundled CPE that stays and whose provider changes in place; a real one asks when it has to (T1). */
export function renewals(specs: readonly ContainerSpec[], { steps, present, observed }: Changes): Step[] {
  const updated = specs.filter(({ name, role, document }) => {
    const before = observed.held?.get(name)?.document;
    if (before === undefined || document === undefined) return false;
    if (!steps.some((step) => step.name === name && step.action === "update")) return false;
    return documentChanges(role, before, document).some(({ part }) => LEASED.has(part));
  });
  return specs.flatMap(({ name, role }): Step[] => {
    const providers = updated.filter(({ labels }) => labels[PlanLabel.cpe] === name);
    const asks = role === "cpe" && providers.length > 0 && present.get(name)?.state === "running";
    if (!asks || steps.some((step) => step.name === name)) return [];
    const names = providers.map((provider) => provider.name).join(", ");
    return [{ action: "update", name, role, reason: `asks ${names} again` }];
  });
}
