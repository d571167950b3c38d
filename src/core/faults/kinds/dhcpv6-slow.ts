import { countAsked } from "../messages.ts";
import { option, span } from "../option.ts";
import { lasting } from "../record.ts";

export const dhcpv6Slow = lasting({
  summary: "the DHCPv6 server answers late",
  provider: "Each answer of its DHCPv6 server leaves after a time, whatever else is asked meanwhile.",
  customer: "It asks again before it hears an answer, and then hears one for each time it asked.",
  normal:
    "What is answered, leases and routes (which are there at once), router advertisements, forwarding; hits are questions.",
  advice:
    "Retransmit with the same transaction ID (RFC 8415 section 16.1) after growing pauses (section 15), so that a late answer to an earlier transmission still counts, and ignore those that come when the exchange has ended (section 16).",
  directions: ["down"],
  options: { delay: option(span(1, 600_000), { text: "how late", otherwise: 3000 }) },
  explains: ["no-delegation", "no-address"],
  effects: ({ delay }, scene) => ({ dhcp: { delayMs: delay }, packets: countAsked(scene, "any") }),
});
