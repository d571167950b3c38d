import { CHOICE, eachWay, forwardedWay } from "../packets.ts";
import { lasting } from "../record.ts";

export const upstreamBlackhole = lasting({
  summary: "packets vanish beyond the BNG, and nobody is told",
  provider:
    "It forwards nothing between customers and the internet any more, in one direction or in both, and answers nothing for it.",
  customer:
    "Router, prefix and addresses are as good as ever, and nothing beyond the first hop answers: connections time out.",
  normal: "Router advertisements, DHCPv6, the tunnel, and answers of the BNG itself.",
  advice:
    "A host with several prefixes should try another source address (RFC 6724 section 9, RFC 8028 section 3) and race connections (RFC 8305 section 5); a CPE that watches its uplinks should stop to offer this one (RFC 7084 G-5: loss of connectivity).",
  directions: ["both", "up", "down"],
  options: CHOICE,
  explains: ["unreachable"],
  effects: (choice, scene) => ({
    packets: eachWay(scene, (way) => ({
      place: "forwarded",
      match: forwardedWay(scene, way, choice),
      verdict: "drop",
    })),
  }),
});
