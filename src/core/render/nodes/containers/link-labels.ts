import type { BngSubscriber } from "../../../model/links/bng.ts";
import { formatHostLink } from "../../../model/links/host-link.ts";
import type { SubscriberLink } from "../../../model/links/registry.ts";
import { formatWord } from "../../../model/links/word.ts";
import { PlanLabel } from "../spec.ts";

/** What the labels of a container tell of a link that its node makes by itself, for other labs and for who gives it back. */
export function linkLabels(
  node: string,
  link: SubscriberLink,
  told: BngSubscriber,
): Readonly<Record<string, string>> {
  const hostLink = formatHostLink(node, told);
  const isMachines = link.kind !== "lan" && link.kind !== "cpe";
  return {
    ...(isMachines ? { [PlanLabel.machine]: formatWord(link) } : {}),
    ...(hostLink === undefined ? {} : { [PlanLabel.hostLink]: hostLink }),
    ...(told.force === true ? { [PlanLabel.forced]: told.interface } : {}),
  };
}
