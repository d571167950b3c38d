import { option, share } from "../option.ts";
import { atRandom, eachWay, IS_RA } from "../packets.ts";
import { lasting } from "../record.ts";

export const raLoss = lasting({
  summary: "a share of the multicast router advertisements is lost",
  provider: "It sends them, and a share of those to all nodes does not arrive; answers to one who asks do.",
  customer:
    "Lifetimes run down further than usual; with a short router lifetime the default route goes now and then.",
  normal: "Unicast answers to solicitations, DHCPv6, forwarding.",
  advice:
    "Keep routers and prefixes for their lifetimes, not for an interval (RFC 4861 section 6.3.5), and solicit again without an end (RFC 7559).",
  directions: ["down"],
  options: { share: option(share, { text: "how many are lost", otherwise: 0.5 }) },
  explains: ["no-router", "no-address"],
  effects: ({ share: lost }, scene) => ({
    ra: { lost: true },
    packets: eachWay(scene, () => ({
      place: "port-out",
      match: atRandom(`ip6 daddr ff02::1 ${IS_RA}`, lost),
      verdict: "drop",
    })),
  }),
});
