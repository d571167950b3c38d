import { option, whole } from "../option.ts";
import { eachWay, IS_RA } from "../packets.ts";
import { lasting } from "../record.ts";

export const raMtuLie = lasting({
  summary: "router advertisements tell an MTU that the way to the internet does not have",
  provider: "Its router advertisements carry another MTU than its tunnel has.",
  customer:
    "With a larger MTU, packets are too big for the tunnel and come back as Packet Too Big; with a smaller one everything is cut smaller than it need be.",
  normal: "All else; hits are the advertisements that told it.",
  advice:
    "Take an MTU option only if it is between 1280 and the MTU of the link (RFC 4861 section 6.3.4), and follow Packet Too Big (RFC 8201 section 4).",
  directions: ["down"],
  options: { mtu: option(whole(1280, 65_535), { text: "the MTU that is told", otherwise: 9000 }) },
  explains: [],
  effects: ({ mtu }, scene) => ({
    ra: { mtu },
    packets: eachWay(scene, () => ({ place: "port-out", match: IS_RA })),
  }),
});
