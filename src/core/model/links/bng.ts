/** What the BNG of a lab is told of its subscriber link. */
import { kindOf, type BngLink, type SubscriberLink } from "./registry.ts";

export interface BngSubscriber {
  readonly interface: string;
  readonly link: BngLink;
  /** Claims the interface whatever the host uses it for. */
  readonly force?: true;
}

/** The subscriber interface inside a BNG, when it is not a claimed one. */
export const SUBSCRIBER_INTERFACE = "sub0";

/** The port of a host, when it is not a claimed interface. */
export const HOST_INTERFACE = "eth0";

/** The subscriber interface of a provider's BNG, and how it is made; the port of a host is made in the same ways. */
export function bngSubscriber(
  link: SubscriberLink,
  names: { readonly lab: string; readonly provider: string },
  name: string = SUBSCRIBER_INTERFACE,
): BngSubscriber {
  return { interface: name, ...kindOf(link).bng(link, names) };
}

/** The interface that a link takes away from the host while the lab runs; undefined when it takes none. */
export function takenInterface(link: SubscriberLink): string | undefined {
  const use = kindOf(link).hostUse(link);
  return use?.how === "takes" ? use.interface : undefined;
}

/** What the user calls the place where a BNG's customers are: a card, a bridge, an interface of his. */
export function placeOf({ interface: name, link }: Pick<BngSubscriber, "interface" | "link">): string {
  return kindOf(link).place?.(link) ?? name;
}

/** What the user calls the place where a host is: the name of a segment of the lab, or what `placeOf` calls it for a provider. */
export function placeOfHost(link: SubscriberLink): string {
  return link.kind === "lan" ? link.lan : placeOf(bngSubscriber(link, { lab: "", provider: "" }));
}
