/** Faults of the BNG itself: its process, its leases and its routes. */
import { formatPrefix6, prefixOf } from "../ip6.ts";
import { CHOICE, eachWay, forwardedWay, lasting, once } from "./record.ts";

const ALL = prefixOf(0n, 0);

export const bngFaults = {
  "bng-crash": once({
    summary: "the BNG dies at once, as in a power cut, and starts anew",
    provider:
      "Every process of it ends at once; nobody is told. It assembles itself again and knows its leases.",
    customer:
      "A few seconds without a router, without DHCPv6 and without the internet; the link may lose its carrier.",
    normal:
      "Afterwards everything: leases, routes, and other faults, which go on for the time that is left of them.",
    advice:
      "Keep the lease and the addresses (RFC 8415 section 18.2.12: Rebind when the link was lost); a router lifetime has not run out yet.",
  }),

  "bng-lease-loss": once({
    summary: "the BNG forgets all its leases, as one whose disk is gone",
    provider: "Its DHCPv6 server loses every lease, and with them go the routes to its customers.",
    customer:
      "The prefix is still in use and its lifetimes run on, but nothing comes back to it; what it sends has a wrong source. At its next Renew it hears NoBinding.",
    normal: "Router advertisements, the tunnel, and whoever asks anew.",
    advice:
      "Answer NoBinding with a Request (RFC 8415 section 18.2.10.1); a CPE that gets another prefix tells its LAN that the old one is stale (RFC 9096 L-13).",
  }),

  "bng-route-lost": lasting({
    summary: "a lease without its route",
    provider:
      "Its DHCPv6 server knows the lease and renews it, and its router has no route to the customer: what comes back is refused as unreachable.",
    customer:
      "Router, prefix and lifetimes are as good as ever; whatever it sends arrives, and no answer comes.",
    normal:
      "Router advertisements, DHCPv6, the tunnel, addresses of the link itself. Hits are packets that came for the lost routes.",
    advice:
      "Judge an uplink by what comes back, not by its lease (RFC 7084 G-5: loss of connectivity); a Renew does not mend it, and need not be tried more often than T1 says (RFC 8415 section 18.2.4).",
    directions: ["down"],
    options: { from: CHOICE.from },
    explains: ["not-routed", "unreachable"],
    effects: ({ from }, scene) => {
      const { bng } = scene;
      const networks = bng.networks ?? [bng];
      const links = networks.map(({ transfer }) => `ip6 daddr != ${formatPrefix6(transfer)}`).join(" ");
      const lost = from === undefined ? networks.map(({ prefix }) => prefix) : [from];
      return {
        unrouted: [from ?? ALL],
        packets: lost.flatMap((prefix) =>
          eachWay(scene, () => ({
            place: "arriving",
            match: `iifname "${bng.wireguard.interface}" ip6 daddr ${formatPrefix6(prefix)} ${links}`,
          })),
        ),
      };
    },
  }),

  "bng-lease-lost": lasting({
    summary: "a route without its lease",
    provider:
      "Its DHCPv6 server forgets leases of prefixes, and its router keeps the routes to them. Who asks for a prefix meanwhile may be given the same one. What nobody else got comes back when the fault is cleared.",
    customer: "Everything works, until its Renew is answered with NoBinding.",
    normal:
      "Router advertisements, forwarding, the tunnel. Hits are packets from and to customers, which go on.",
    advice:
      "Answer NoBinding with a Request for the same prefix (RFC 8415 section 18.2.10.1), with its IAID (RFC 9096 WPD-10), and use the old prefix no longer than it was granted.",
    directions: ["both"],
    options: { from: CHOICE.from },
    explains: ["no-delegation"],
    effects: ({ from }, scene) => ({
      held: scene.held,
      packets: eachWay(scene, (way) => ({ place: "forwarded", match: forwardedWay(scene, way, { from }) })),
    }),
  }),
} as const;
