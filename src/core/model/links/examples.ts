import type { LinkKindName } from "./registry.ts";

/** A word of each kind, for help texts: these are read where no record is. */
export const WORD_EXAMPLES = {
  claim: "interface:enp2s0",
  vlan: "vlan:enp2s0:101",
  macvlan: "macvlan:enp2s0",
  bridge: "bridge:br-lab",
  veth: "veth:to-alpha",
  lan: "lan:street",
  vxlan: "vxlan:42:192.0.2.12",
  cpe: "cpe:home",
} as const satisfies Record<LinkKindName, string>;
