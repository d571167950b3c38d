import type { MacvlanLink } from "../../core/model/links/macvlan.ts";
import { ChildLink } from "./child.ts";
import type { MakerKind } from "./maker.ts";

/** A macvlan of an interface that stays on the host. */
export const macvlan: MakerKind<MacvlanLink> = {
  make: (options, { parent }) => new ChildLink(options, parent, { type: ["macvlan", "mode", "bridge"] }),
};
