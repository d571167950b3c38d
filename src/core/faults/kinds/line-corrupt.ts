import { NETEM } from "../../host/kernel-feature.ts";
import { LINE_FROM, lineEffects, metOnLine } from "../line.ts";
import { option, share } from "../option.ts";
import { lasting } from "../record.ts";

export const lineCorrupt = lasting({
  summary: "a bit is wrong in a share of all packets of the subscriber link",
  provider: "Its line turns one bit of a packet over, wherever it is, and delivers it.",
  customer: "Mostly a loss: checksums do not match. A wrong bit in an address leads a packet somewhere else.",
  normal: "Whatever is sent again arrives in the end.",
  advice:
    "Check the checksums of UDP, TCP and ICMPv6 (RFC 8200 section 8.1), and of an ICMPv6 message before it is believed (RFC 4861 section 6.1).",
  directions: ["both", "up", "down"],
  options: { share: option(share, { text: "how many have a wrong bit", otherwise: 0.01 }), ...LINE_FROM },
  needs: [NETEM],
  explains: [],
  effects: ({ share: wrong, from }, scene) => ({
    packets: metOnLine(scene, from),
    line: lineEffects(scene, from, { corrupt: wrong }),
  }),
});
