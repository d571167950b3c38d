/** Faults of router advertisements. */
import { prefixOf, type Prefix6 } from "../ip6.ts";
import { ROGUE_INTERFACE, type PacketRule } from "./effects.ts";
import { option, prefix, share, span, whole, word, type Codec } from "./option.ts";
import { atRandom, eachWay, lasting, type Scene } from "./record.ts";

const IS_RA = "icmpv6 type nd-router-advert";

const NOBODYS = prefixOf(0x2001_0db8_0bad_0000n << 64n, 64);

export const raFaults = {
  "ra-stop": lasting({
    summary: "router advertisements stop, without a final one",
    provider: "It sends no router advertisements, neither periodic nor solicited.",
    customer:
      "The default router and the link's prefix expire with their lifetimes (RFC 4861 section 6.3.5); a new CPE finds no router.",
    normal: "DHCPv6, forwarding, neighbour discovery, the tunnel.",
    advice:
      "Use the router until its lifetime expires, then drop it (RFC 4861 section 6.3.5), and advertise a router lifetime of 0 on the LAN when no default route is left (RFC 7084 G-4).",
    directions: ["down"],
    explains: ["no-router", "no-address", "no-delegation", "unreachable"],
    effects: (_, scene) => ({
      ra: { lost: true },
      packets: eachWay(scene, () => ({ place: "port-out", match: IS_RA, verdict: "drop" })),
    }),
  }),

  "ra-lifetime-zero": lasting({
    summary: "router advertisements have a router lifetime of 0",
    provider: "Its router advertisements have a router lifetime of 0; prefixes and all other options stay.",
    customer: "Addresses stay valid, but there is no default route through this provider.",
    normal:
      "DHCPv6, forwarding of packets that still arrive, the tunnel; hits are the changed advertisements.",
    advice:
      "Stop using the router at once (RFC 4861 section 6.3.4), keep the addresses (the lifetime applies to the router, not to prefixes), and notify the LAN (RFC 7084 W-3, G-4, G-5).",
    directions: ["down"],
    explains: ["no-router", "unreachable", "no-delegation", "no-address"],
    effects: (_, scene) => ({
      ra: { lifetimeS: 0 },
      packets: advertisements(scene),
    }),
  }),

  "ra-deprecate": lasting({
    summary: "router advertisements deprecate the link's prefix",
    provider:
      "Its router advertisements have a preferred lifetime of 0 for the link's prefix; the valid lifetime stays.",
    customer: "Its WAN's SLAAC address is deprecated but keeps working.",
    normal:
      "The router and its lifetime, DHCPv6, delegated prefixes, forwarding; hits are the changed advertisements.",
    advice:
      "Keep existing connections, and start no new ones from the address while another one of sufficient scope exists (RFC 4862 section 5.5.4, RFC 6724 rule 3). Keep delegated prefixes, which are unaffected.",
    directions: ["down"],
    effects: (_, scene) => ({
      ra: { preferredS: 0 },
      packets: advertisements(scene),
    }),
  }),

  "ra-loss": lasting({
    summary: "multicast router advertisements are lost",
    provider: "A share of its advertisements to all nodes is lost; unicast answers arrive.",
    customer:
      "Lifetimes run down further than usual; with a short router lifetime the default route disappears at times.",
    normal: "Unicast answers to solicitations, DHCPv6, forwarding.",
    advice:
      "Keep routers and prefixes for their lifetimes, not for an interval (RFC 4861 section 6.3.5), and keep soliciting (RFC 7559).",
    directions: ["down"],
    options: { share: option(share, { text: "the share of lost advertisements", otherwise: 0.5 }) },
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
    summary: "options are split over several router advertisements",
    provider:
      "Each time it sends router and prefix in one advertisement, and MTU, resolvers and search domains in another.",
    customer: "Everything arrives, but never in a single advertisement.",
    normal: "The advertised information, DHCPv6, forwarding; hits are the advertisements.",
    advice:
      "Merge all received advertisements: an omitted option does not withdraw an earlier one (RFC 4861 section 6.3.4; for senders sections 6.2.3 and 9).",
    directions: ["down"],
    effects: (_, scene) => ({
      ra: { split: true },
      packets: advertisements(scene),
    }),
  }),

  "ra-rogue": lasting({
    summary: "a second router on the link advertises its own prefix and forwards nothing",
    provider:
      "Another router is on its link, with its own MAC and link-local address. It advertises itself and its prefix, answers neighbour discovery, and drops all packets sent through it.",
    customer:
      "It has two default routers and two addresses. Packets through the rogue are lost; with preference=high, these are all packets without a chosen source.",
    normal:
      "The true router, its prefix, DHCPv6, delegated prefixes; hits are the rogue's advertisements and the packets that it dropped.",
    advice:
      "Send through the router that advertised the source's prefix (RFC 8028 section 3, RFC 6724 rule 5.5). Do not assume that a router forwards because it answers neighbour discovery. Send from delegated prefixes only through the router whose server delegated them. Access networks filter rogues (RFC 6105, RFC 6104).",
    directions: ["both"],
    options: {
      prefix: option(prefix64(), { text: "the prefix it advertises", otherwise: NOBODYS }),
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
    summary: "router advertisements have an MTU that the path does not support",
    provider: "Its router advertisements have an MTU that differs from its tunnel's.",
    customer:
      "With a larger MTU, packets are too big for the tunnel and come back as Packet Too Big; with a smaller one, packets are smaller than necessary.",
    normal: "Everything else; hits are the changed advertisements.",
    advice:
      "Take an MTU option only if it is between 1280 and the MTU of the link (RFC 4861 section 6.3.4), and follow Packet Too Big (RFC 8201 section 4).",
    directions: ["down"],
    options: { mtu: option(whole(1280, 65_535), { text: "the advertised MTU", otherwise: 9000 }) },
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
