import { eachWay } from "../packets.ts";
import { lasting } from "../record.ts";

export const linkNdSilent = lasting({
  summary: "neighbour discovery on the subscriber link is dead",
  provider:
    "Up: it does not hear who asks for its MAC address. Down: it neither asks nor answers. Router advertisements and solicitations are not touched.",
  customer:
    "The router that is advertised cannot be resolved, or not be confirmed any more: it becomes unreachable.",
  normal: "Router advertisements, DHCPv6 by multicast, the tunnel.",
  advice:
    "Detect that the router is unreachable (RFC 4861 section 7.3) and prefer another one that is reachable (RFC 4861 section 6.3.6).",
  directions: ["both", "up", "down"],
  options: {},
  explains: ["unreachable", "no-delegation"],
  effects: (_, scene) => ({
    packets: eachWay(scene, (way) =>
      way === "up"
        ? {
            place: "to-bng",
            match: `iifname "${scene.ground.subscriber.interface}" icmpv6 type nd-neighbor-solicit`,
            verdict: "drop",
          }
        : {
            place: "port-out",
            match: "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }",
            verdict: "drop",
          },
    ),
  }),
});
