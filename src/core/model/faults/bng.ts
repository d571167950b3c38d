/** Faults of the BNG itself: its process, its leases and its routes. */
import { formatPrefix6, prefixOf } from "../ip6.ts";
import { CHOICE, eachWay, forwardedWay, lasting, once } from "./record.ts";

const ALL = prefixOf(0n, 0);

export const bngFaults = {
  "bng-crash": once({
    summary: "the BNG crashes, as in a power failure, and restarts",
    provider: "All its processes die at once, without notice. It restarts by itself and keeps its leases.",
    customer: "A few seconds without a router, DHCPv6 and the internet; the link may lose its carrier.",
    normal:
      "Afterwards everything: leases, routes, and other faults, which continue for their remaining time.",
    advice:
      "Keep the lease and the addresses (RFC 8415 section 18.2.12: Rebind after the link was lost); the router lifetime has not expired yet.",
  }),

  "bng-lease-loss": once({
    summary: "the BNG loses all its leases, as after a disk failure",
    provider: "Its DHCPv6 server loses every lease, and the BNG removes the routes to its customers.",
    customer:
      "Its prefix is still in use and the lifetimes continue, but no answers arrive, and its packets have a wrong source. Its next Renew gets NoBinding.",
    normal: "Router advertisements, the tunnel, and new requests.",
    advice:
      "Answer NoBinding with a Request (RFC 8415 section 18.2.10.1); a CPE that gets another prefix deprecates the old one on its LAN (RFC 9096 L-13).",
  }),

  "bng-route-lost": lasting({
    summary: "a lease without its route",
    provider:
      "Its DHCPv6 server knows the lease and renews it, but its router has no route to the customer: returning packets are rejected as unreachable.",
    customer: "Router, prefix and lifetimes stay valid; its packets arrive, but no answers come back.",
    normal:
      "Router advertisements, DHCPv6, the tunnel, the link's own addresses. Hits are packets for the lost routes.",
    advice:
      "Judge an uplink by returning traffic, not by its lease (RFC 7084 G-5: loss of connectivity). A Renew does not fix it, and need not be sent before T1 (RFC 8415 section 18.2.4).",
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
      "Its DHCPv6 server loses prefix leases, but its router keeps their routes. Another customer may get the same prefix meanwhile. Unassigned leases return when the fault is cleared.",
    customer: "Everything works until its Renew is answered with NoBinding.",
    normal:
      "Router advertisements, forwarding, the tunnel. Hits are packets from and to customers, which continue.",
    advice:
      "Answer NoBinding with a Request for the same prefix (RFC 8415 section 18.2.10.1), with its IAID (RFC 9096 WPD-10), and use the old prefix no longer than its lifetime.",
    directions: ["both"],
    options: { from: CHOICE.from },
    explains: ["no-delegation"],
    effects: ({ from }, scene) => ({
      held: scene.held,
      packets: eachWay(scene, (way) => ({ place: "forwarded", match: forwardedWay(scene, way, { from }) })),
    }),
  }),
} as const;
