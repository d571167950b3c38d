import { option, word } from "../option.ts";
import { CHOICE, eachWay, forwardedWay } from "../packets.ts";
import { lasting } from "../record.ts";

/** Codes of Destination Unreachable (RFC 4443 section 3.1), as nftables calls them. */
const CODES = [
  "no-route",
  "admin-prohibited",
  "addr-unreachable",
  "port-unreachable",
  "policy-fail",
  "reject-route",
] as const;

export const upstreamUnreachable = lasting({
  summary: "nothing gets beyond the BNG, and ICMPv6 errors say so",
  provider:
    "It answers packets with an ICMPv6 Destination Unreachable of a chosen code, in the place of forwarding them.",
  customer: "Router, prefix and addresses are as good as ever; connections fail at once with an error.",
  normal: "Router advertisements, DHCPv6, the tunnel, and answers of the BNG itself.",
  advice:
    "A host should try the next address at once (RFC 4443 section 2.4 lets errors reach the upper layer; RFC 8305 section 5), with another source where there is one (RFC 8028 section 3); code 5 asks for another source address (RFC 6724, RFC 8678).",
  directions: ["up", "down", "both"],
  options: {
    code: option(word(CODES), { text: "the code of the error", otherwise: "no-route" }),
    ...CHOICE,
  },
  explains: ["unreachable"],
  effects: ({ code, ...choice }, scene) => ({
    packets: eachWay(scene, (way) => ({
      place: "forwarded",
      match: forwardedWay(scene, way, choice),
      verdict: `reject with icmpv6 type ${code}`,
    })),
  }),
});
