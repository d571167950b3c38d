import { formatPrefix6, prefixOf } from "../../ip6.ts";
import { eachWay } from "../packets.ts";
import { lasting } from "../record.ts";

/** What stays on the link, or is for many. */
const LOCAL = [prefixOf(0xfe80n << 112n, 10), prefixOf(0xff00n << 112n, 8)];

export const upstreamTunnelDown = lasting({
  summary: "the provider's uplink is gone, and its router knows",
  provider:
    "Its tunnel to the internet is set down. There is no route any more, so it answers what customers send with ICMPv6 no-route.",
  customer:
    "Router, prefix and addresses are as good as ever; whatever goes to the internet comes back as an error.",
  normal:
    "Router advertisements and DHCPv6; packets between customers of this provider. Hits are packets of customers to the internet.",
  advice:
    "A host should use another source address (RFC 8028 section 3); a CPE that detects the loss of connectivity invalidates itself as a router (RFC 7084 G-5).",
  directions: ["up"],
  options: {},
  explains: ["no-tunnel", "no-handshake", "stale-tunnel", "unreachable"],
  effects: (_, scene) => {
    const { ground } = scene;
    const own = (ground.networks ?? [ground]).map(({ prefix }) => prefix);
    const elsewhere = [...own, ...LOCAL].map((one) => `ip6 daddr != ${formatPrefix6(one)}`).join(" ");
    return {
      tunnelDown: true,
      packets: eachWay(scene, () => ({
        place: "arriving",
        match: `iifname "${ground.subscriber.interface}" ${elsewhere}`,
      })),
    };
  },
});
