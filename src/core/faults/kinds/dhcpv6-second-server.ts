import { prefixOf } from "../../ip6.ts";
import { countAsked } from "../messages.ts";
import { option, prefix, whole } from "../option.ts";
import { lasting } from "../record.ts";

const NOBODYS = prefixOf(0x2001_0db8_0bad_0000n << 64n, 48);

export const dhcpv6SecondServer = lasting({
  summary: "a second DHCPv6 server answers too, with prefixes that are not routed",
  provider:
    "Two servers with DUIDs of their own answer at its address, as behind a relay. The second one delegates out of a prefix of which nothing is routed; the first one keeps a lease for its customers all the same.",
  customer: "It gets two Advertises. With a prefix of the second server nothing comes back.",
  normal:
    "The first server, routes of what it delegates, router advertisements; hits are Solicits and Rebinds.",
  advice:
    "Collect Advertises for the first retransmission time, and choose by preference (RFC 8415 sections 18.2.1 and 18.2.9); keep to the server that was chosen (section 16), and rebind with any when it is silent (section 18.2.5).",
  directions: ["down"],
  options: {
    prefix: option(prefix, { text: "what the second one delegates out of", otherwise: NOBODYS }),
    preference: option(whole(0, 255), {
      text: "its preference; that of the first one is 0",
      otherwise: 0,
    }),
  },
  explains: ["unreachable", "no-delegation", "no-address"],
  effects: ({ prefix: pool, preference }, scene) => ({
    dhcp: { second: { prefix: pool, preference } },
    packets: countAsked(scene, "all"),
  }),
});
