import { IFB } from "../../host/kernel-feature.ts";
import { fromOnLine, LINE_FROM } from "../line.ts";
import { option, share } from "../option.ts";
import { atRandom, eachWay } from "../packets.ts";
import { lasting } from "../record.ts";

export const lineDuplicate = lasting({
  summary: "a share of all packets of the subscriber link arrives twice",
  provider: "Its line repeats packets of every kind at random; the copy follows at once.",
  customer: "Nothing that should be seen: whoever hears something twice takes it once.",
  normal: "Everything; nothing is lost.",
  advice:
    "Take a message once: DHCPv6 by its transaction id (RFC 8415 section 16), TCP by its numbers (RFC 9293 section 3.4); an advertisement heard twice changes nothing (RFC 4861 section 6.3.4).",
  directions: ["both", "up", "down"],
  options: { share: option(share, { text: "how many arrive twice", otherwise: 0.1 }), ...LINE_FROM },
  needs: [IFB],
  explains: [],
  effects: ({ share: twice, from }, scene) => ({
    packets: eachWay(scene, (way) => ({
      place: "line",
      match: atRandom(fromOnLine(way, from), twice),
      verdict: "duplicate",
    })),
  }),
});
