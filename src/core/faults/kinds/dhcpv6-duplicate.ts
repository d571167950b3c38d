import { countAsked } from "../messages.ts";
import { optional, prefix } from "../option.ts";
import { formatPrefix6 } from "../../ip6.ts";
import { lasting } from "../record.ts";

export const dhcpv6Duplicate = lasting({
  summary: "one prefix is delegated to several customers",
  provider:
    "It tells everybody who asks or renews the same prefix: that of the customer who had the first one when the fault began. It is routed to him alone, and source validation takes it from him alone.",
  customer:
    "For the others everything looks well, and nothing comes back: what they send is dropped or answered to somebody else.",
  normal: "The customer whose prefix it is, router advertisements, addresses by DHCPv6; hits are questions.",
  advice:
    "It cannot know. It can see that nothing answers from this prefix, and use another provider's by source address (RFC 8028 section 3, RFC 6724 rule 5.5); what it sends from an address of its own WAN still works.",
  directions: ["down"],
  options: {
    prefix: optional(prefix, "the prefix that all are told; left out, the first one that is leased"),
  },
  explains: ["unreachable", "no-delegation"],
  effects: ({ prefix: given }, scene) => {
    const same = given === undefined ? scene.held[0]?.prefix : formatPrefix6(given);
    return { ...(same === undefined ? {} : { dhcp: { same } }), packets: countAsked(scene, "any") };
  },
});
