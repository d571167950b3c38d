import type { BridgeLink } from "../../core/model/links/bridge.ts";
import { BridgePort } from "../net/bridge-port.ts";
import { markOf } from "../net/link.ts";
import type { MakerKind } from "./maker.ts";

/** A port of a bridge of the host. */
export const bridge: MakerKind<BridgeLink> = {
  make: ({ node, name, clock }, link) => new BridgePort({ name, alias: markOf(node), clock }, link.bridge),
};
