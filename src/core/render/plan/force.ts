import type { Lab } from "../../model/lab/model.ts";
import { takenInterface } from "../../model/links/bng.ts";
import { kindOf, type SubscriberLink } from "../../model/links/registry.ts";
import { labContainersOf } from "./labels.ts";
import type { FoundContainer } from "../nodes/observed.ts";
import { PlanLabel } from "../nodes/spec.ts";

/**
 * The lab with the interfaces marked that are taken whatever the host uses them for: by the lab file, by `--force`, or
 * because an earlier `up --force` took them and their node is still there.
 */
export function withForce(lab: Lab, force: boolean, containers: readonly FoundContainer[]): Lab {
  const taken = new Map(
    labContainersOf(containers, lab.name).map(({ name, labels }) => [name, labels[PlanLabel.forced]]),
  );
  const apply = <L extends SubscriberLink>(name: string, link: L): L => {
    const wanted = takenInterface(link);
    if (wanted === undefined || !(force || taken.get(name) === wanted)) return link;
    return (kindOf(link).forced?.(link) ?? link) as L;
  };
  return {
    ...lab,
    providers: lab.providers.map((one) => ({ ...one, subscriber: apply(one.name, one.subscriber) })),
    hosts: lab.hosts.map((one) => ({ ...one, link: apply(one.name, one.link) })),
  };
}
