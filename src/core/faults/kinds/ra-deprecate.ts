import { eachWay, IS_RA } from "../packets.ts";
import { lasting } from "../record.ts";

export const raDeprecate = lasting({
  summary: "router advertisements deprecate the prefix of the link",
  provider:
    "Its router advertisements carry the prefix of the link with a preferred lifetime of 0; the valid lifetime stays.",
  customer: "The address by SLAAC on its WAN is deprecated, and goes on to work.",
  normal:
    "The router and its lifetime, DHCPv6, delegated prefixes, forwarding; hits are the advertisements that told it.",
  advice:
    "Go on with what began with the address, and begin nothing new from it while there is another one of sufficient scope (RFC 4862 section 5.5.4, RFC 6724 rule 3); keep delegated prefixes, which this says nothing of.",
  directions: ["down"],
  options: {},
  explains: [],
  effects: (_, scene) => ({
    ra: { preferredS: 0 },
    packets: eachWay(scene, () => ({ place: "port-out", match: IS_RA })),
  }),
});
