/** Faults of router advertisements. */
import { prefixOf, type Prefix6 } from "../ip6.ts";
import { ROGUE_INTERFACE, type PacketRule } from "./effects.ts";
import { option, prefix, share, span, whole, word, type Codec } from "./option.ts";
import { atRandom, eachWay, lasting, type Scene } from "./record.ts";

const IS_RA = "icmpv6 type nd-router-advert";

const NOBODYS = prefixOf(0x2001_0db8_0bad_0000n << 64n, 64);

export const raFaults = {
  "ra-stop": lasting({
    summary: "no router advertisement leaves any more, and none says good-bye",
    provider: "It sends no router advertisement, neither on its own nor when it is asked.",
    customer:
      "The default router and the prefix of the link run out after their lifetimes (RFC 4861 section 6.3.5); a CPE that comes new finds no router.",
    normal: "DHCPv6, forwarding, neighbour discovery, the tunnel.",
    advice:
      "Keep the router until its lifetime has run out, then leave it (RFC 4861 section 6.3.5), and tell the LAN: a router lifetime of 0 when no default route is left (RFC 7084 G-4).",
    directions: ["down"],
    explains: ["no-router", "no-address", "no-delegation", "unreachable"],
    effects: (_, scene) => ({
      ra: { lost: true },
      packets: eachWay(scene, () => ({ place: "port-out", match: IS_RA, verdict: "drop" })),
    }),
  }),

  "ra-lifetime-zero": lasting({
    summary: "router advertisements say that the router is none",
    provider: "Its router advertisements carry a router lifetime of 0; prefixes and all else stay in them.",
    customer: "Addresses stay good, and there is no default route by this provider.",
    normal:
      "DHCPv6, forwarding of what comes all the same, the tunnel; hits are the advertisements that told it.",
    advice:
      "Stop to use the router at once (RFC 4861 section 6.3.4), keep the addresses (the lifetime is about the router, not about prefixes), and tell the LAN (RFC 7084 W-3, G-4, G-5).",
    directions: ["down"],
    explains: ["no-router", "unreachable", "no-delegation", "no-address"],
    effects: (_, scene) => ({
      ra: { lifetimeS: 0 },
      packets: advertisements(scene),
    }),
  }),

  "ra-deprecate": lasting({
    summary: "router advertisements deprecate the prefix of the link",
    provider:
      "Its router advertisements carry the prefix of the link with a preferred lifetime of 0; the valid lifetime stays.",
    customer: "The address by SLAAC on its WAN is deprecated, and goes on to work.",
    normal:
      "The router and its lifetime, DHCPv6, delegated prefixes, forwarding; hits are the advertisements that told it.",
    advice:
      "Go on with what began with the address, and begin nothing new from it while there is another one of sufficient scope (RFC 4862 section 5.5.4, RFC 6724 rule 3); keep delegated prefixes, which this says nothing of.",
    directions: ["down"],
    effects: (_, scene) => ({
      ra: { preferredS: 0 },
      packets: advertisements(scene),
    }),
  }),

  "ra-loss": lasting({
    summary: "a share of the multicast router advertisements is lost",
    provider: "It sends them, and a share of those to all nodes does not arrive; answers to one who asks do.",
    customer:
      "Lifetimes run down further than usual; with a short router lifetime the default route goes now and then.",
    normal: "Unicast answers to solicitations, DHCPv6, forwarding.",
    advice:
      "Keep routers and prefixes for their lifetimes, not for an interval (RFC 4861 section 6.3.5), and solicit again without an end (RFC 7559).",
    directions: ["down"],
    options: { share: option(share, { text: "how many are lost", otherwise: 0.5 }) },
    explains: ["no-router", "no-address"],
    effects: ({ share: lost }, scene) => ({
      ra: { lost: true },
      packets: eachWay(scene, () => ({
        place: "port-out",
        match: atRandom(`ip6 daddr ff02::1 ${IS_RA}`, lost),
        verdict: "drop",
      })),
    }),
  }),

  "ra-split": lasting({
    summary: "the options are split over several router advertisements",
    provider:
      "It tells router and prefix in one advertisement, and MTU, resolvers and search domains in another, each time.",
    customer: "Everything arrives, and never all of it at once.",
    normal: "What is told, DHCPv6, forwarding; hits are the advertisements.",
    advice:
      "Take the union of all that was received: an advertisement takes back nothing of an earlier one that it does not mention (RFC 4861 section 6.3.4, and sections 6.2.3 and 9 for who sends).",
    directions: ["down"],
    effects: (_, scene) => ({
      ra: { split: true },
      packets: advertisements(scene),
    }),
  }),

  "ra-rogue": lasting({
    summary: "a second router on the link advertises a prefix of its own, and forwards nothing",
    provider:
      "Another router is on its link, with its own MAC and link-local address. It advertises itself and its prefix, answers neighbour discovery, and loses whatever is sent by it.",
    customer:
      "It has two default routers and two addresses. What goes by the rogue is lost; with preference=high that is everything that does not choose.",
    normal:
      "The true router, its prefix, DHCPv6, delegated prefixes; hits are advertisements of the rogue and packets that it lost.",
    advice:
      "Send by the router that advertised the prefix of the source (RFC 8028 section 3, RFC 6724 rule 5.5), do not take a router that answers neighbour discovery for one that leads somewhere, and send from delegated prefixes only by the router whose server delegated them. An access network filters rogues (RFC 6105, RFC 6104).",
    directions: ["both"],
    options: {
      prefix: option(prefix64(), { text: "the prefix that it advertises", otherwise: NOBODYS }),
      preference: option(word(["low", "medium", "high"] as const), {
        text: "its preference (RFC 4191)",
        otherwise: "medium",
      }),
      lifetime: option(span(0, 9_000_000), { text: "its router lifetime", otherwise: 1_800_000 }),
    },
    explains: ["unreachable", "no-address"],
    effects: ({ prefix: told, preference, lifetime }, { id }) => ({
      ra: { rogue: { prefix: told, preference, lifetimeS: Math.round(lifetime / 1000) } },
      packets: [
        { fault: id, way: "down", place: "from-bng", match: `oifname "${ROGUE_INTERFACE}" ${IS_RA}` },
        { fault: id, way: "up", place: "forwarded", match: `iifname "${ROGUE_INTERFACE}"`, verdict: "drop" },
      ],
    }),
  }),

  "ra-mtu-lie": lasting({
    summary: "router advertisements tell an MTU that the way to the internet does not have",
    provider: "Its router advertisements carry another MTU than its tunnel has.",
    customer:
      "With a larger MTU, packets are too big for the tunnel and come back as Packet Too Big; with a smaller one everything is cut smaller than it need be.",
    normal: "All else; hits are the advertisements that told it.",
    advice:
      "Take an MTU option only if it is between 1280 and the MTU of the link (RFC 4861 section 6.3.4), and follow Packet Too Big (RFC 8201 section 4).",
    directions: ["down"],
    options: { mtu: option(whole(1280, 65_535), { text: "the MTU that is told", otherwise: 9000 }) },
    effects: ({ mtu }, scene) => ({
      ra: { mtu },
      packets: advertisements(scene),
    }),
  }),
} as const;

/** Hosts make addresses of no other length (RFC 4862 section 5.5.3). */
function prefix64(): Codec<Prefix6> {
  return {
    ...prefix,
    right: "an IPv6 prefix of 64 bits such as 2001:db8:bad::/64",
    parse: (text) => {
      const parsed = prefix.parse(text);
      return parsed?.length === 64 ? parsed : undefined;
    },
  };
}

/** Counts what it advertises. */
function advertisements(scene: Scene): readonly PacketRule[] {
  return eachWay(scene, () => ({ place: "port-out", match: IS_RA }));
}
