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
    summary: "the subscriber port is set down, as if the cable were out",
    provider: "It sets its end of the subscriber link down: nothing comes or goes there.",
    customer:
      "No carrier on the WAN where the link has one (a cable, a pair of interfaces, a port of a bridge); on a macvlan or VLAN only silence.",
    normal: "The tunnel to the internet; leases run on, and are as they were when the port comes back.",
    advice:
      "Invalidate itself as a router on the LAN at once (RFC 7084 G-5); when the link is back, solicit (RFC 4861 section 6.3.7) and Rebind the delegation instead of asking for another one (RFC 8415 section 18.2.12, RFC 9096 WPD-9 and WPD-10).",
    directions: ["both"],
    explains: DOWN,
    uncounted: true,
    effects: () => ({ portDown: true }),
  }),

  "link-flap": lasting({
    summary: "the subscriber port goes down and up, again and again",
    provider: "It sets its end of the subscriber link down and up in turns, beginning with down.",
    customer:
      "The carrier of the WAN comes and goes; each time it starts over with solicitations and DHCPv6.",
    normal: "The tunnel to the internet, and leases: no customer gets another prefix by it.",
    advice:
      "The same as for link-carrier-down at each turn, with the same DUID and IAID (RFC 7084 W-5, RFC 9096 WPD-10), and without a Release (RFC 9096 WPD-9).",
    directions: ["both"],
    options: {
      down: option(span(200, 3_600_000), { text: "how long it is down", otherwise: 2000 }),
      up: option(span(200, 3_600_000), { text: "how long it is up after that", otherwise: 8000 }),
    },
    explains: DOWN,
    uncounted: true,
    effects({ down, up }, { elapsedMs }) {
      const { first, changesInMs } = inTurns(elapsedMs, down, up);
      return { portDown: first, changesInMs };
    },
  }),

  "link-nd-silent": lasting({
    summary: "neighbour discovery on the subscriber link is dead",
    provider:
      "Up: it does not hear who asks for its MAC address. Down: it neither asks nor answers. Router advertisements and solicitations are not touched.",
    customer:
      "The router that is advertised cannot be resolved, or not be confirmed any more: it becomes unreachable.",
    normal: "Router advertisements, DHCPv6 by multicast, the tunnel.",
    advice:
      "Detect that the router is unreachable (RFC 4861 section 7.3) and prefer another one that is reachable (RFC 4861 section 6.3.6).",
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
  }),
} as const;
