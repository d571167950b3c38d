import { IFB } from "../../host/kernel-feature.ts";
import { LINE_FROM, lineEffects, metOnLine } from "../line.ts";
import { fromFile, option, required, span, trace } from "../option.ts";
import { lasting } from "../record.ts";

export const lineTrace = lasting({
  summary: "the rate of the subscriber link follows a trace, as on a mobile network",
  provider:
    "Its line is as fast as a recorded one was at each moment: the trace (Mahimahi's format) is followed in steps of a tenth of a second, and begins anew at its end.",
  customer: "A rate that rises and falls, and now and then nothing for a while.",
  normal: "Nothing is lost while the queue is not full; leases, routes and advertisements.",
  advice:
    "Do not take a gap for the end of a link: keep leases and routes for their lifetimes (RFC 4861 section 6.3.5, RFC 8415 section 14.2), and keep the queue upstream short (RFC 7567 section 4).",
  directions: ["down", "up", "both"],
  options: {
    trace: fromFile(required(trace, "the file of the trace, on the machine where mhlab is called")),
    queue: option(span(1, 60_000), {
      text: "how long the queue is, as the time that it takes at the trace's mean rate",
      otherwise: 500,
    }),
    ...LINE_FROM,
  },
  needs: [IFB],
  explains: [],
  effects: ({ trace: followed, queue, from }, scene) => ({
    packets: metOnLine(scene, from),
    line: lineEffects(scene, from, {
      pace: { trace: followed, elapsedMs: scene.elapsedMs },
      queueMs: queue,
    }),
  }),
});
