import type { SubscriberLink } from "../links/registry.ts";
import type { Lab } from "./model.ts";

/** A node of a lab that has its link by itself: the BNG of a provider, or a host that is not behind a bundled CPE. */
export interface AttachedNode {
  readonly name: string;
  readonly link: SubscriberLink;
  /** Whether it is a host: who advertises is at the other end. */
  readonly customer: boolean;
  /** Whether nobody but the lab may use the interface that it shares. */
  readonly exclusive?: true | undefined;
}

/** All of a lab that may need something of the machine's network, providers first. */
export function attachedNodes({ providers, hosts }: Pick<Lab, "providers" | "hosts">): AttachedNode[] {
  return [
    ...providers.map(({ name, subscriber }) => ({ name, link: subscriber, customer: false })),
    ...hosts.map(({ name, link, exclusive }) => ({ name, link, customer: true, exclusive })),
  ];
}
