/** The container that brings interfaces home from BNGs that were killed: what it is told, and for which labs it exists. */
import { formatHostLink } from "../bng/host-link.ts";
import type { Lab } from "../lab/model.ts";
import { LENT_INTERFACES } from "../names.ts";
import { PlanLabel, type ContainerSpec } from "./spec.ts";

/** The keeper of a lab; undefined when none of its providers takes an interface from the host. */
export function keeperParts(lab: Lab): Pick<ContainerSpec, "env" | "labels"> | undefined {
  const lent = lab.providers.flatMap(({ name, subscriber }) => {
    if (subscriber.kind !== "claim") return [];
    const link = { interface: subscriber.interface, link: { kind: "claim" } } as const;
    return formatHostLink({ name, subscriber: link }) ?? [];
  });
  if (lent.length === 0) return undefined;
  const words = lent.join(" ");
  // By the label, `down` knows of them even when their BNGs were removed by hand.
  return { env: { [LENT_INTERFACES]: words }, labels: { [PlanLabel.hostLink]: words } };
}
