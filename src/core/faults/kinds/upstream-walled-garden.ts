import { formatPrefix6 } from "../../ip6.ts";
import { option, prefixes, required, word } from "../option.ts";
import { eachWay, forwardedWay } from "../packets.ts";
import { lasting } from "../record.ts";

export const upstreamWalledGarden = lasting({
  summary: "only some destinations can be reached, as before a customer has paid",
  provider: "It forwards only to and from the prefixes that are allowed, and refuses or drops all else.",
  customer: "Router, prefix, addresses and what lies in the garden work; the rest of the internet does not.",
  normal: "Router advertisements, DHCPv6, the tunnel, and everything that is allowed.",
  advice:
    "Learn of the captive portal where it is announced (RFC 8910, RFC 8908); do not judge an uplink by one destination (RFC 8475 section 4 leaves the conditions to policy).",
  directions: ["both", "up", "down"],
  options: {
    allow: required(prefixes, "the prefixes that can be reached"),
    answer: option(word(["admin-prohibited", "drop"] as const), {
      text: "how the rest is refused",
      otherwise: "admin-prohibited",
    }),
  },
  explains: ["unreachable"],
  effects: ({ allow, answer }, scene) => ({
    packets: eachWay(scene, (way) => ({
      place: "forwarded",
      match: [
        forwardedWay(scene, way),
        // One by one: a set of prefixes is empty for a moment when it comes.
        ...allow.map((one) => `ip6 ${way === "up" ? "daddr" : "saddr"} != ${formatPrefix6(one)}`),
      ].join(" "),
      verdict: answer === "drop" ? "drop" : `reject with icmpv6 type ${answer}`,
    })),
  }),
});
