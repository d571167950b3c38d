import { eachWay, IS_RA } from "../packets.ts";
import { lasting } from "../record.ts";

export const raSplit = lasting({
  summary: "the options are split over several router advertisements",
  provider:
    "It tells router and prefix in one advertisement, and MTU, resolvers and search domains in another, each time.",
  customer: "Everything arrives, and never all of it at once.",
  normal: "What is told, DHCPv6, forwarding; hits are the advertisements.",
  advice:
    "Take the union of all that was received: an advertisement takes back nothing of an earlier one that it does not mention (RFC 4861 section 6.3.4, and sections 6.2.3 and 9 for who sends).",
  directions: ["down"],
  options: {},
  explains: [],
  effects: (_, scene) => ({
    ra: { split: true },
    packets: eachWay(scene, () => ({ place: "port-out", match: IS_RA })),
  }),
});
