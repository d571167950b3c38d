import type { BngConfig } from "../../../core/bng/config.ts";
import { BridgePort } from "../../net/bridge-port.ts";
import { LanPort } from "../../net/lan-port.ts";
import { ChildLink } from "./child.ts";
import { markOf, type LinkMaker } from "./maker.ts";
import { ClaimedNic } from "./nic.ts";
import { VethLink } from "./veth.ts";

/** What gets a BNG its subscriber link. */
export function linkMaker({ name: provider, subscriber }: BngConfig): LinkMaker {
  const { interface: name, link, force } = subscriber;
  const options = { provider, name };
  const port = { name, alias: markOf(provider) };
  switch (link.kind) {
    case "claim":
      return new ClaimedNic(options, force === true);
    case "veth":
      return new VethLink(options, link.peer, link.into);
    case "bridge":
      return new BridgePort(port, link.bridge);
    case "lan":
      return new LanPort(port, link.bridge, link.owner);
    case "vlan":
    case "macvlan":
      return new ChildLink(options, link);
  }
}
