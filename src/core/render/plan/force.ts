import type { Lab, Provider } from "../../model/lab/model.ts";
import { takenInterface } from "../../model/links/bng.ts";
import { kindOf } from "../../model/links/registry.ts";
import { labContainersOf } from "./labels.ts";
import type { FoundContainer } from "../nodes/observed.ts";
import { PlanLabel } from "../nodes/spec.ts";

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
    const wanted = takenInterface(subscriber);
    if (wanted === undefined || !(force || taken.get(provider.name) === wanted)) return provider;
    return { ...provider, subscriber: kindOf(subscriber).forced?.(subscriber) ?? subscriber };
  };
  return { ...lab, providers: lab.providers.map(apply) };
}
