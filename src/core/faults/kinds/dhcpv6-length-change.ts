import { countAsked } from "../messages.ts";
import { option, whole } from "../option.ts";
import { lasting } from "../record.ts";

export const dhcpv6LengthChange = lasting({
  summary: "a prefix has another length when it is renewed",
  provider:
    "It answers Renew and Rebind with the prefix in another length, and does not mention the old one. What it routes stays the old one.",
  customer:
    "With a longer one it has fewer networks than before; with a shorter one there are some that are not routed to it.",
  normal:
    "Solicit and Request, the route of the old prefix, router advertisements; hits are Renews and Rebinds.",
  advice:
    "Add what is new and leave what was not mentioned until it ends (RFC 8415 section 18.2.10.1), number the LANs again within what is left, withdraw from them what is not delegated any more (RFC 9096 L-13), and do not give out a network twice (RFC 7084 WPD-3 for a length that was not asked for).",
  directions: ["down"],
  options: { length: option(whole(1, 64), { text: "the length that is told", otherwise: 60 }) },
  explains: ["unreachable", "no-address"],
  effects: ({ length }, scene) => ({ dhcp: { renewedLength: length }, packets: countAsked(scene, "again") }),
});
