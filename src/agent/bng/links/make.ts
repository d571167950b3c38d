import type { BngConfig } from "../../../core/bng/config.ts";
import { BridgeLink } from "./bridge.ts";
import { ChildLink } from "./child.ts";
import { LanLink } from "./lan.ts";
import type { LinkMaker } from "./maker.ts";
import { ClaimedNic } from "./nic.ts";
import { VethLink } from "./veth.ts";

/** What gets a BNG its subscriber link. */
export function linkMaker({ name: provider, subscriber }: BngConfig): LinkMaker {
  const { interface: name, link, force } = subscriber;
  const options = { provider, name };
  switch (link.kind) {
    case "claim":
      return new ClaimedNic(options, force === true);
    case "veth":
      return new VethLink(options, link.peer, link.into);
    case "bridge":
      return new BridgeLink(options, link.bridge);
    case "lan":
      return new LanLink(options, link.bridge, link.owner);
    case "vlan":
    case "macvlan":
      return new ChildLink(options, link);
  }
}
