import { countAsked } from "../messages.ts";
import { lasting } from "../record.ts";

export const dhcpv6NoPrefix = lasting({
  summary: "the DHCPv6 server has no prefix for who asks (NoPrefixAvail)",
  provider: "It answers Solicit and Request for a prefix with the status NoPrefixAvail.",
  customer: "A new CPE gets no prefix, one that starts anew neither; one that renews keeps what it has.",
  normal: "Addresses by DHCPv6, Renew and Rebind, router advertisements, forwarding; hits are questions.",
  advice:
    "Ignore such an Advertise but for its SOL_MAX_RT (RFC 8415 section 18.2.9), ask on with growing pauses (sections 15 and 18.2.1), work with what else there is, and tell the LAN of no default route for lack of a prefix (RFC 7084 G-4).",
  directions: ["down"],
  options: {},
  explains: ["no-delegation", "no-address", "unreachable"],
  effects: (_, scene) => ({ dhcp: { noPrefix: true }, packets: countAsked(scene, "anew") }),
});
