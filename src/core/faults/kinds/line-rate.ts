import { IFB } from "../../host/kernel-feature.ts";
import { LINE_FROM, lineEffects, metOnLine } from "../line.ts";
import { bitrate, option, required, span } from "../option.ts";
import { lasting } from "../record.ts";

export const lineRate = lasting({
  summary: "the subscriber link carries only so much",
  provider:
    "Its line sends no faster than the rate, packets wait for it in a queue, and what finds the queue full is lost. Of several rates the smallest counts.",
  customer: "Transfers end up at the rate; with a long queue, round trips grow while one runs.",
  normal: "All of it, as long as less is sent.",
  advice:
    "Keep the queue before the narrow place short: a CPE should manage its queue upstream (RFC 7567 section 4), for instance with FQ-CoDel (RFC 8290).",
  directions: ["both", "up", "down"],
  options: {
    rate: required(bitrate, "how much it carries on each way, as bits of whole frames a second"),
    queue: option(span(1, 60_000), {
      text: "how long the queue is, as the time that it takes at that rate",
      otherwise: 100,
    }),
    ...LINE_FROM,
  },
  needs: [IFB],
  explains: [],
  effects: ({ rate, queue, from }, scene) => ({
    packets: metOnLine(scene, from),
    line: lineEffects(scene, from, { rate, queueMs: queue }),
  }),
});
