import { option, whole } from "../option.ts";
import { eachWay } from "../packets.ts";
import { lasting } from "../record.ts";

export const upstreamPmtuBlackhole = lasting({
  summary: "packets above a size vanish, and no Packet Too Big comes back",
  provider:
    "The way behind its BNG carries only smaller packets than its link, and the ICMPv6 errors that would say so are lost.",
  customer:
    "Pings and the beginning of connections work; what is larger hangs. Where mhlab clamps the MSS of TCP (`clamp-mss`), only a smaller MTU than the tunnel's is felt by TCP.",
  normal: "All that is small enough: router advertisements, DHCPv6, DNS, handshakes.",
  advice:
    "Find the size without errors: Packetization Layer Path MTU Discovery (RFC 8899, RFC 4821); 1280 bytes always get through (RFC 8200 section 5).",
  directions: ["both", "up", "down"],
  options: {
    mtu: option(whole(1280, 9000), { text: "the largest packet that gets through", otherwise: 1280 }),
  },
  explains: [],
  effects({ mtu }, scene) {
    const { subscriber, wireguard } = scene.ground;
    const back = { up: subscriber.interface, down: wireguard.interface };
    return {
      mtu: Object.fromEntries(scene.ways.map((way) => [way, mtu])),
      // Each packet that is too big makes one such error, and the router does not limit them.
      packets: eachWay(scene, (way) => ({
        place: "from-bng",
        match: `oifname "${back[way]}" icmpv6 type packet-too-big`,
        verdict: "drop",
      })),
    };
  },
});
