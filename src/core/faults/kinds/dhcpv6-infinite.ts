import { countAsked } from "../messages.ts";
import { lasting } from "../record.ts";

export const dhcpv6Infinite = lasting({
  summary: "leases have no end (lifetimes of 0xffffffff)",
  provider:
    "It tells lifetimes, T1 and T2 of 0xffffffff. In its own database the lease ends as always, and the route with it.",
  customer:
    "A CPE that believes it never renews, and one day its prefix is not routed any more, without a word.",
  normal:
    "Which prefix it is, routes for as long as the true lifetime lasts, router advertisements; hits are questions.",
  advice:
    "Take 0xffffffff as infinity and not as a number (RFC 8415 section 7.7), tell the LAN no more than ND_PREFERRED_LIMIT and ND_VALID_LIMIT all the same (RFC 9096 L-16), and ask anew when the link was down (RFC 8415 section 18.2.12).",
  directions: ["down"],
  options: {},
  explains: ["no-delegation"],
  effects: (_, scene) => ({ dhcp: { infinite: true }, packets: countAsked(scene, "any") }),
});
