import { option, share } from "../option.ts";
import { atRandom, eachWay } from "../packets.ts";
import { lasting } from "../record.ts";

export const linkMulticastLoss = lasting({
  summary: "the subscriber link loses multicast, as Wi-Fi and some access networks do",
  provider:
    "A share of all multicast packets is lost on the link, in one direction or in both; unicast is not touched.",
  customer: "Advertisements, solicitations, neighbour discovery and DHCPv6 need several attempts, or fail.",
  normal: "All unicast: what is set up works on.",
  advice:
    "Solicit again (RFC 4861 section 6.3.7, without an end by RFC 7559), repeat DHCPv6 messages (RFC 8415 section 15), and keep what it has until its lifetimes end.",
  directions: ["both", "up", "down"],
  options: { share: option(share, { text: "how much is lost", otherwise: 0.5 }) },
  explains: ["no-router", "no-delegation", "no-address", "unreachable"],
  effects: ({ share: lost }, scene) => ({
    ra: { lost: true },
    packets: eachWay(scene, (way) => ({
      place: way === "up" ? "port-in" : "port-out",
      match: atRandom("ip6 daddr ff00::/8", lost),
      verdict: "drop",
    })),
  }),
});
