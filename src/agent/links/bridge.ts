import type { BridgeLink } from "../../core/model/links/bridge.ts";
import { BridgePort } from "../net/bridge-port.ts";
import { markOf } from "../net/link.ts";
import type { MakerKind } from "./maker.ts";

/** A port of a bridge of the host. */
export const bridge: MakerKind<BridgeLink> = {
  make: ({ provider, name, clock }, link) =>
    new BridgePort({ name, alias: markOf(provider), clock }, link.bridge),
};
