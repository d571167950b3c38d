import { prefixOf } from "../../ip6.ts";
import { option, prefix, span, word } from "../option.ts";
import { IS_RA } from "../packets.ts";
import { lasting } from "../record.ts";
import { ROGUE_INTERFACE } from "../rogue.ts";

const NOBODYS = prefixOf(0x2001_0db8_0bad_0000n << 64n, 64);

export const raRogue = lasting({
  summary: "a second router on the link advertises a prefix of its own, and forwards nothing",
  provider:
    "Another router is on its link, with its own MAC and link-local address. It advertises itself and its prefix, answers neighbour discovery, and loses whatever is sent by it.",
  customer:
    "It has two default routers and two addresses. What goes by the rogue is lost; with preference=high that is everything that does not choose.",
  normal:
    "The true router, its prefix, DHCPv6, delegated prefixes; hits are advertisements of the rogue and packets that it lost.",
  advice:
    "Send by the router that advertised the prefix of the source (RFC 8028 section 3, RFC 6724 rule 5.5), do not take a router that answers neighbour discovery for one that leads somewhere, and send from delegated prefixes only by the router whose server delegated them. An access network filters rogues (RFC 6105, RFC 6104).",
  directions: ["both"],
  options: {
    prefix: option(prefix64(), { text: "the prefix that it advertises", otherwise: NOBODYS }),
    preference: option(word(["low", "medium", "high"] as const), {
      text: "its preference (RFC 4191)",
      otherwise: "medium",
    }),
    lifetime: option(span(0, 9_000_000), { text: "its router lifetime", otherwise: 1_800_000 }),
  },
  explains: ["unreachable", "no-address"],
  effects: ({ prefix: told, preference, lifetime }, { id }) => ({
    ra: { rogue: { prefix: told, preference, lifetimeS: Math.round(lifetime / 1000) } },
    packets: [
      { fault: id, way: "down", place: "from-bng", match: `oifname "${ROGUE_INTERFACE}" ${IS_RA}` },
      { fault: id, way: "up", place: "forwarded", match: `iifname "${ROGUE_INTERFACE}"`, verdict: "drop" },
    ],
  }),
});

/** Hosts make addresses of no other length (RFC 4862 section 5.5.3). */
function prefix64(): typeof prefix {
  return {
    ...prefix,
    right: "an IPv6 prefix of 64 bits such as 2001:db8:bad::/64",
    parse: (text) => {
      const parsed = prefix.parse(text);
      return parsed?.length === 64 ? parsed : undefined;
    },
  };
}
