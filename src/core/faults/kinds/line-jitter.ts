import { NETEM } from "../../host/kernel-feature.ts";
import { LINE_FROM, lineEffects, metOnLine } from "../line.ts";
import { option, span } from "../option.ts";
import { lasting } from "../record.ts";

export const lineJitter = lasting({
  summary: "the delay of the subscriber link varies from packet to packet",
  provider:
    "Its line delays each packet by a random time from nothing to twice the jitter: evenly spread around a mean delay of one jitter. Packets keep their order.",
  customer: "Round trips vary; calls and games stutter, TCP believes in congestion.",
  normal: "Nothing is lost and the order stays; routes, leases and advertisements.",
  advice:
    "Estimate the timeout from the variation as well (RFC 6298 section 2); a buffer for play-out should follow the jitter (RFC 3550 section 6.4.1 tells it to the sender).",
  directions: ["both", "up", "down"],
  options: {
    jitter: option(span(1, 5000), { text: "by how much it varies around its mean", otherwise: 10 }),
    ...LINE_FROM,
  },
  needs: [NETEM],
  explains: [],
  effects: ({ jitter, from }, scene) => ({
    packets: metOnLine(scene, from),
    line: lineEffects(scene, from, { delayMs: jitter, jitterMs: jitter }),
  }),
});
