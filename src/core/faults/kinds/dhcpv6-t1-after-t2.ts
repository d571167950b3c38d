import { countAsked } from "../messages.ts";
import { option, span } from "../option.ts";
import { lasting } from "../record.ts";

export const dhcpv6T1AfterT2 = lasting({
  summary: "answers carry a T1 that is later than T2",
  provider: "It leases as always, with a T1 (when to renew) after T2 (when to rebind).",
  customer: "A strict CPE gets nothing; a lenient one rebinds without having renewed.",
  normal: "What is leased with its lifetimes, routes, router advertisements; hits are questions.",
  advice:
    "Discard an IA whose T1 is greater than its T2, both above 0, and process the rest of the message as if it were not there (RFC 8415 sections 21.4 and 21.21).",
  directions: ["down"],
  options: {
    t1: option(span(1000, 86_400_000), { text: "T1", otherwise: 600_000 }),
    t2: option(span(1000, 86_400_000), { text: "T2", otherwise: 300_000 }),
  },
  explains: ["no-delegation", "no-address"],
  effects: ({ t1, t2 }, scene) => ({
    dhcp: { times: [Math.round(t1 / 1000), Math.round(t2 / 1000)] },
    packets: countAsked(scene, "any"),
  }),
});
