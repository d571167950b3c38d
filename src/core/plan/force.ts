import type { Lab, Provider } from "../lab/model.ts";
import { labContainersOf } from "./labels.ts";
import type { FoundContainer } from "./observed.ts";
import { PlanLabel } from "./spec.ts";

/**
 * The lab with the interfaces marked that are taken whatever the host uses them for: by the lab file, by `--force`, or
 * because an earlier `up --force` took them and the BNG is still there.
 */
export function withForce(lab: Lab, force: boolean, containers: readonly FoundContainer[]): Lab {
  const taken = new Map(
    labContainersOf(containers, lab.name).map(({ name, labels }) => [name, labels[PlanLabel.forced]]),
  );
  const apply = (provider: Provider): Provider => {
    const { subscriber } = provider;
    if (subscriber.kind !== "claim") return provider;
    const forced = force || taken.get(provider.name) === subscriber.interface;
    return forced ? { ...provider, subscriber: { ...subscriber, force: true } } : provider;
  };
  return { ...lab, providers: lab.providers.map(apply) };
}
