import { NETEM } from "../../host/kernel-feature.ts";
import { LINE_FROM, lineEffects, metOnLine } from "../line.ts";
import { option, share, span } from "../option.ts";
import { lasting } from "../record.ts";

export const lineReorder = lasting({
  summary: "a share of all packets of the subscriber link overtakes those before it",
  provider:
    "Its line sends some packets at once and the others later, so that those that are sent at once overtake.",
  customer: "Packets in another order than they were sent: TCP repeats what was not lost.",
  normal: "Nothing is lost; routes, leases and advertisements.",
  advice:
    "Allow for it: RACK waits a part of the round trip before it takes a packet for lost (RFC 8985 section 3.2); no fragment and no exchange of DHCPv6 depends on the order.",
  directions: ["both", "up", "down"],
  options: {
    share: option(share, { text: "how many overtake", otherwise: 0.25 }),
    delay: option(span(1, 10_000), { text: "how much later the others are sent", otherwise: 10 }),
    ...LINE_FROM,
  },
  needs: [NETEM],
  explains: [],
  effects: ({ share: early, delay, from }, scene) => ({
    packets: metOnLine(scene, from),
    line: lineEffects(scene, from, { reorder: early, delayMs: delay }),
  }),
});
