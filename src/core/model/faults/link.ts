/** Faults of the access link itself: its carrier, neighbour discovery and multicast. */
import { option, share, span } from "./option.ts";
import { atRandom, eachWay, inTurns, lasting } from "./record.ts";

/** Problems of a link that is down. */
const DOWN = [
  "no-carrier",
  "no-link",
  "no-router",
  "no-delegation",
  "unreachable",
  "not-routed",
  "no-address",
];

export const linkFaults = {
  "link-carrier-down": lasting({
    summary: "the subscriber port goes down, as if the cable were unplugged",
    provider: "It sets its end of the access link down: no packets pass.",
    customer:
      "Its WAN loses the carrier if the link has one (a cable, a veth pair, a bridge port); on a macvlan or VLAN it only sees silence.",
    normal: "The tunnel to the internet; leases keep running and are unchanged when the port comes back.",
    advice:
      "Invalidate itself as a router on the LAN at once (RFC 7084 G-5). When the link is back, solicit (RFC 4861 section 6.3.7) and Rebind the delegation instead of requesting another one (RFC 8415 section 18.2.12, RFC 9096 WPD-9 and WPD-10).",
    directions: ["both"],
    explains: DOWN,
    uncounted: true,
    effects: () => ({ portDown: true }),
  }),

  "link-flap": lasting({
    summary: "the subscriber port flaps",
    provider: "It alternately sets its end of the access link down and up, starting with down.",
    customer: "Its WAN's carrier comes and goes; each time it restarts solicitations and DHCPv6.",
    normal: "The tunnel to the internet, and leases: customers keep their prefixes.",
    advice:
      "The same as for link-carrier-down each time, with the same DUID and IAID (RFC 7084 W-5, RFC 9096 WPD-10), and without a Release (RFC 9096 WPD-9).",
    directions: ["both"],
    options: {
      down: option(span(200, 3_600_000), { text: "how long it is down", otherwise: 2000 }),
      up: option(span(200, 3_600_000), { text: "how long it is up afterwards", otherwise: 8000 }),
    },
    explains: DOWN,
    uncounted: true,
    effects({ down, up }, { elapsedMs }) {
      const { first, changesInMs } = inTurns(elapsedMs, down, up);
      return { portDown: first, changesInMs };
    },
  }),

  "link-nd-silent": lasting({
    summary: "neighbour discovery on the access link fails",
    provider:
      "Up: it ignores neighbour solicitations. Down: it neither solicits nor answers. Router advertisements and solicitations are unaffected.",
    customer: "It cannot resolve, or no longer confirm, the advertised router, which becomes unreachable.",
    normal: "Router advertisements, DHCPv6 by multicast, the tunnel.",
    advice:
      "Detect that the router is unreachable (RFC 4861 section 7.3) and prefer a reachable one (RFC 4861 section 6.3.6).",
    directions: ["both", "up", "down"],
    explains: ["unreachable", "no-delegation"],
    effects: (_, scene) => ({
      packets: eachWay(scene, (way) =>
        way === "up"
          ? {
              place: "to-bng",
              match: `iifname "${scene.bng.subscriber.interface}" icmpv6 type nd-neighbor-solicit`,
              verdict: "drop",
            }
          : {
              place: "port-out",
              match: "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }",
              verdict: "drop",
            },
      ),
    }),
  }),

  "link-multicast-loss": lasting({
    summary: "the access link loses multicast, as Wi-Fi and some access networks do",
    provider:
      "The link loses a share of all multicast packets, in one or both directions; unicast is unaffected.",
    customer: "Advertisements, solicitations, neighbour discovery and DHCPv6 need several attempts, or fail.",
    normal: "All unicast: established state keeps working.",
    advice:
      "Keep soliciting (RFC 4861 section 6.3.7, RFC 7559), retransmit DHCPv6 messages (RFC 8415 section 15), and keep its configuration until the lifetimes end.",
    directions: ["both", "up", "down"],
    options: { share: option(share, { text: "the share of lost packets", otherwise: 0.5 }) },
    explains: ["no-router", "no-delegation", "no-address", "unreachable"],
    effects: ({ share: lost }, scene) => ({
      ra: { lost: true },
      packets: eachWay(scene, (way) => ({
        place: way === "up" ? "port-in" : "port-out",
        match: atRandom("ip6 daddr ff00::/8", lost),
        verdict: "drop",
      })),
    }),
  }),
} as const;
