import type { BngSubscriber } from "../../core/model/links/bng.ts";
import { parseLink } from "../../core/model/links/environment.ts";
import type { HostLinkWord } from "../../core/model/links/host-link.ts";
import type { BngLink } from "../../core/model/links/registry.ts";
import type { Clock } from "../clock.ts";
import { bridge } from "./bridge.ts";
import { claim } from "./claim.ts";
import { lan } from "./lan.ts";
import { macvlan } from "./macvlan.ts";
import type { LinkMaker, MakerKind } from "./maker.ts";
import { veth } from "./veth.ts";
import { vlan } from "./vlan.ts";
import { vxlan } from "./vxlan.ts";

/** A maker for each kind that a BNG may be told of. */
const MAKERS: Readonly<Record<BngLink["kind"], MakerKind<BngLink>>> = {
  claim,
  vlan,
  macvlan,
  bridge,
  veth,
  lan,
  vxlan,
} satisfies { [K in BngLink["kind"]]: MakerKind<Extract<BngLink, { kind: K }>> };

/** What gets a node its link: the subscriber link of a BNG, the port of a host. */
export function linkMaker(
  node: string,
  { interface: name, link, force }: BngSubscriber,
  clock: Clock,
): LinkMaker {
  return MAKERS[link.kind].make({ node, name, force: force === true, clock }, link);
}

/** Undoes on the host what a killed BNG held there. Throws when the word of the link is none. */
export async function restoreLink(held: HostLinkWord): Promise<void> {
  const link = parseLink(held.link);
  if (link === undefined) throw new Error(`'${held.link}' is no link`);
  await MAKERS[link.kind].restore?.(held, link);
}
