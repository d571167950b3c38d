import { eachWay, IS_RA } from "../packets.ts";
import { lasting } from "../record.ts";

export const raLifetimeZero = lasting({
  summary: "router advertisements say that the router is none",
  provider: "Its router advertisements carry a router lifetime of 0; prefixes and all else stay in them.",
  customer: "Addresses stay good, and there is no default route by this provider.",
  normal:
    "DHCPv6, forwarding of what comes all the same, the tunnel; hits are the advertisements that told it.",
  advice:
    "Stop to use the router at once (RFC 4861 section 6.3.4), keep the addresses (the lifetime is about the router, not about prefixes), and tell the LAN (RFC 7084 W-3, G-4, G-5).",
  directions: ["down"],
  options: {},
  explains: ["no-router", "unreachable", "no-delegation", "no-address"],
  effects: (_, scene) => ({
    ra: { lifetimeS: 0 },
    packets: eachWay(scene, () => ({ place: "port-out", match: IS_RA })),
  }),
});
