import { formatPrefix6, prefixOf } from "../../ip6.ts";
import { CHOICE, eachWay } from "../packets.ts";
import { lasting } from "../record.ts";

const ALL = prefixOf(0n, 0);

export const bngRouteLost = lasting({
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
    const { ground } = scene;
    const networks = ground.networks ?? [ground];
    const links = networks.map(({ transfer }) => `ip6 daddr != ${formatPrefix6(transfer)}`).join(" ");
    const lost = from === undefined ? networks.map(({ prefix }) => prefix) : [from];
    return {
      unrouted: [from ?? ALL],
      packets: lost.flatMap((prefix) =>
        eachWay(scene, () => ({
          place: "arriving",
          match: `iifname "${ground.wireguard.interface}" ip6 daddr ${formatPrefix6(prefix)} ${links}`,
        })),
      ),
    };
  },
});
