import { LINE_FROM, lineEffects, metOnLine, onLine } from "../line.ts";
import { option, optional, share } from "../option.ts";
import { atRandom, eachWay } from "../packets.ts";
import { lasting } from "../record.ts";

export const lineLoss = lasting({
  summary: "a share of all packets of the subscriber link is lost, evenly or in bursts",
  provider:
    "Its line loses packets of every kind at random. With good-to-bad it loses them in bursts (Gilbert-Elliott): it changes between a good and a bad state with each packet, and loses its share of them in either.",
  customer: "Transfers slow down; router advertisements, DHCPv6 and DNS need several attempts.",
  normal: "Whatever is sent again arrives in the end; leases, routes and prefixes stay.",
  advice:
    "Send again, and wait longer each time (RFC 8415 section 15, RFC 7559), and keep what it has until its lifetimes end (RFC 4861 section 6.3.5).",
  directions: ["both", "up", "down"],
  options: {
    share: option(share, { text: "how many are lost; does not count with good-to-bad", otherwise: 0.1 }),
    "good-to-bad": optional(
      share,
      "in bursts, which needs netem: with which probability a packet begins the bad state",
    ),
    "bad-to-good": option(share, {
      text: "with which probability a packet ends it; 25% makes bursts of four packets",
      otherwise: 0.25,
    }),
    "loss-in-bad": option(share, { text: "how many are lost in the bad state", otherwise: 1 }),
    "loss-in-good": optional(share, "how many are lost in the good state; left out, none"),
    ...LINE_FROM,
  },
  explains: ["no-router", "no-delegation", "no-address", "unreachable"],
  effects(values, scene) {
    const { share: lost, from, "good-to-bad": goodToBad } = values;
    if (goodToBad === undefined)
      return {
        packets: eachWay(scene, (way) => {
          const { place, match } = onLine(way, from);
          return { place, match: atRandom(match, lost), verdict: "drop" };
        }),
      };
    const bursts = {
      goodToBad,
      badToGood: values["bad-to-good"],
      lossInBad: values["loss-in-bad"],
      lossInGood: values["loss-in-good"] ?? 0,
    };
    return { packets: metOnLine(scene, from), line: lineEffects(scene, from, { bursts }) };
  },
});
