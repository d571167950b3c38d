import { eachWay, IS_RA } from "../packets.ts";
import { lasting } from "../record.ts";

export const raStop = lasting({
  summary: "no router advertisement leaves any more, and none says good-bye",
  provider: "It sends no router advertisement, neither on its own nor when it is asked.",
  customer:
    "The default router and the prefix of the link run out after their lifetimes (RFC 4861 section 6.3.5); a CPE that comes new finds no router.",
  normal: "DHCPv6, forwarding, neighbour discovery, the tunnel.",
  advice:
    "Keep the router until its lifetime has run out, then leave it (RFC 4861 section 6.3.5), and tell the LAN: a router lifetime of 0 when no default route is left (RFC 7084 G-4).",
  directions: ["down"],
  options: {},
  explains: ["no-router", "no-address", "no-delegation", "unreachable"],
  effects: (_, scene) => ({
    ra: { lost: true },
    packets: eachWay(scene, () => ({ place: "port-out", match: IS_RA, verdict: "drop" })),
  }),
});
