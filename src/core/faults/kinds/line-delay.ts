import { NETEM } from "../../host/kernel-feature.ts";
import { LINE_FROM, lineEffects, metOnLine } from "../line.ts";
import { option, span } from "../option.ts";
import { lasting } from "../record.ts";

export const lineDelay = lasting({
  summary: "every packet of the subscriber link comes later",
  provider: "Its line adds a time to each packet, on top of what the line has by its settings.",
  customer: "All works, and slower: each answer takes the delay of both directions longer.",
  normal: "Nothing is lost and the order stays; routes, leases and advertisements.",
  advice:
    "Wait long enough: neighbour discovery retransmits after 1 s (RFC 4861 section 10), DHCPv6 begins with 1 s (RFC 8415 section 7.6); connections should race with 250 ms between attempts (RFC 8305 section 8).",
  directions: ["both", "up", "down"],
  options: {
    delay: option(span(1, 10_000), { text: "how much later, on each way", otherwise: 50 }),
    ...LINE_FROM,
  },
  needs: [NETEM],
  explains: [],
  effects: ({ delay, from }, scene) => ({
    packets: metOnLine(scene, from),
    line: lineEffects(scene, from, { delayMs: delay }),
  }),
});
