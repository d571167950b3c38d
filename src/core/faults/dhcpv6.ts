/** Faults of the DHCPv6 server. All but `dhcpv6-mute` change its answers: the hook does that, as `DhcpEffects` says. */
import {
  containsPrefix,
  formatPrefix6,
  parsePrefix6,
  prefixOf,
  subnet,
  subnetCount,
  type Prefix6,
} from "../ip6.ts";
import type { PacketRule } from "./effects.ts";
import { option, optional, prefix, span, whole } from "./option.ts";
import { CHOICE, eachWay, lasting, type Scene } from "./record.ts";

const NOBODYS = prefixOf(0x2001_0db8_0bad_0000n << 64n, 48);

export const dhcpv6Faults = {
  "dhcpv6-mute": lasting({
    summary: "the DHCPv6 server does not hear and does not answer",
    provider: "Whatever a customer sends to its DHCPv6 server is lost before it.",
    customer:
      "A new CPE gets no prefix; one that has a lease cannot renew it, and loses it when its valid lifetime ends.",
    normal: "Router advertisements, forwarding, and leases as long as they run.",
    advice:
      "Renew at T1, Rebind at T2 (RFC 8415 sections 18.2.4 and 18.2.5), keep the prefix until its valid lifetime ends, then ask anew with growing pauses (sections 15 and 18.2.1), and withdraw it from the LAN (RFC 9096 L-13).",
    directions: ["up"],
    explains: ["no-delegation", "unreachable", "no-address"],
    effects: (_, scene) => ({
      packets: eachWay(scene, () => ({
        // Kea reads the frames themselves, which pass no chain of `input`.
        place: "port-in",
        match: "udp dport 547",
        verdict: "drop",
      })),
    }),
  }),

  "dhcpv6-slow": lasting({
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
  }),

  "dhcpv6-no-prefix": lasting({
    summary: "the DHCPv6 server has no prefix for who asks (NoPrefixAvail)",
    provider: "It answers Solicit and Request for a prefix with the status NoPrefixAvail.",
    customer: "A new CPE gets no prefix, one that starts anew neither; one that renews keeps what it has.",
    normal: "Addresses by DHCPv6, Renew and Rebind, router advertisements, forwarding; hits are questions.",
    advice:
      "Ignore such an Advertise but for its SOL_MAX_RT (RFC 8415 section 18.2.9), ask on with growing pauses (sections 15 and 18.2.1), work with what else there is, and tell the LAN of no default route for lack of a prefix (RFC 7084 G-4).",
    directions: ["down"],
    explains: ["no-delegation", "no-address", "unreachable"],
    effects: (_, scene) => ({ dhcp: { noPrefix: true }, packets: countAsked(scene, "anew") }),
  }),

  "dhcpv6-no-binding": lasting({
    summary: "Renew and Rebind are answered with NoBinding",
    provider:
      "It says that it knows nothing of what its customer renews or rebinds, and delegates it anew when it is asked to.",
    customer: "Each Renew fails; with a Request the same prefix comes back.",
    normal:
      "Solicit and Request, routes of delegated prefixes, router advertisements; hits are Renews and Rebinds.",
    advice:
      "Answer NoBinding with a Request that carries the same IA (RFC 8415 section 18.2.10.1, RFC 9096 WPD-10), and use what was leased as long as it was granted.",
    directions: ["down"],
    explains: ["no-delegation"],
    effects: (_, scene) => ({ dhcp: { noBinding: true }, packets: countAsked(scene, "again") }),
  }),

  "dhcpv6-t1-after-t2": lasting({
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
  }),

  "dhcpv6-infinite": lasting({
    summary: "leases have no end (lifetimes of 0xffffffff)",
    provider:
      "It tells lifetimes, T1 and T2 of 0xffffffff. In its own database the lease ends as always, and the route with it.",
    customer:
      "A CPE that believes it never renews, and one day its prefix is not routed any more, without a word.",
    normal:
      "Which prefix it is, routes for as long as the true lifetime lasts, router advertisements; hits are questions.",
    advice:
      "Take 0xffffffff as infinity and not as a number (RFC 8415 section 7.7), tell the LAN no more than ND_PREFERRED_LIMIT and ND_VALID_LIMIT all the same (RFC 9096 L-16), and ask anew when the link was down (RFC 8415 section 18.2.12).",
    directions: ["down"],
    explains: ["no-delegation"],
    effects: (_, scene) => ({ dhcp: { infinite: true }, packets: countAsked(scene, "any") }),
  }),

  "dhcpv6-length-change": lasting({
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
    effects: ({ length }, scene) => ({
      dhcp: { renewedLength: length },
      packets: countAsked(scene, "again"),
    }),
  }),

  "dhcpv6-old-and-new": lasting({
    summary: "one Reply takes the old prefix away and brings a new one",
    provider:
      "It answers Renew and Rebind with the old prefix at lifetimes of 0 and a new one, from the other end of its pool, in the same IA. It routes both, for customers who had a prefix when the fault began.",
    customer: "Its prefix changes from one moment to the next, while it has a lease.",
    normal:
      "Solicit and Request, customers who come new, router advertisements; hits are Renews and Rebinds. Afterwards a Renew brings the old prefix back.",
    advice:
      "Process the whole IA: use the new prefix, and stop to use the old one at once (RFC 8415 section 18.2.10.1); advertise the old one with lifetimes of 0 on the LAN for as long as hosts may remember it (RFC 9096 L-13).",
    directions: ["down"],
    options: { from: CHOICE.from },
    explains: ["no-delegation", "no-address"],
    effects(_, scene) {
      const { bng, held } = scene;
      // Kept with the fault are the old ones, as the leases were.
      const moves = held.flatMap((lease) => {
        const to = mirroredIn(bng.pool, lease.prefix);
        return to === undefined ? [] : [{ lease, to }];
      });
      return {
        dhcp: { moves: moves.map(({ lease, to }) => [lease.prefix, to] as const) },
        held: moves.map(({ lease, to }) => ({ ...lease, prefix: to })),
        packets: countAsked(scene, "again"),
      };
    },
  }),

  "dhcpv6-duplicate": lasting({
    summary: "one prefix is delegated to several customers",
    provider:
      "It tells everybody who asks or renews the same prefix: that of the customer who had the first one when the fault began. It is routed to him alone, and source validation takes it from him alone.",
    customer:
      "For the others everything looks well, and nothing comes back: what they send is dropped or answered to somebody else.",
    normal:
      "The customer whose prefix it is, router advertisements, addresses by DHCPv6; hits are questions.",
    advice:
      "It cannot know. It can see that nothing answers from this prefix, and use another provider's by source address (RFC 8028 section 3, RFC 6724 rule 5.5); what it sends from an address of its own WAN still works.",
    directions: ["down"],
    options: {
      prefix: optional(prefix, "the prefix that all are told; left out, the first one that is leased"),
    },
    explains: ["unreachable", "no-delegation"],
    effects: ({ prefix: given }, scene) => {
      const same = given === undefined ? scene.held[0]?.prefix : formatPrefix6(given);
      return { ...(same === undefined ? {} : { dhcp: { same } }), packets: countAsked(scene, "any") };
    },
  }),

  "dhcpv6-second-server": lasting({
    summary: "a second DHCPv6 server answers too, with prefixes that are not routed",
    provider:
      "Two servers with DUIDs of their own answer at its address, as behind a relay. The second one delegates out of a prefix of which nothing is routed; the first one keeps a lease for its customers all the same.",
    customer: "It gets two Advertises. With a prefix of the second server nothing comes back.",
    normal:
      "The first server, routes of what it delegates, router advertisements; hits are Solicits and Rebinds.",
    advice:
      "Collect Advertises for the first retransmission time, and choose by preference (RFC 8415 sections 18.2.1 and 18.2.9); keep to the server that was chosen (section 16), and rebind with any when it is silent (section 18.2.5).",
    directions: ["down"],
    options: {
      prefix: option(prefix, { text: "what the second one delegates out of", otherwise: NOBODYS }),
      preference: option(whole(0, 255), {
        text: "its preference; that of the first one is 0",
        otherwise: 0,
      }),
    },
    explains: ["unreachable", "no-delegation", "no-address"],
    effects: ({ prefix: pool, preference }, scene) => ({
      dhcp: { second: { prefix: pool, preference } },
      packets: countAsked(scene, "all"),
    }),
  }),
} as const;

/** DHCPv6 messages that are answered with a lie (RFC 8415 section 7.3). */
const ASKED = {
  /** Solicit, Request, Renew, Rebind. */
  any: "{ 1, 3, 5, 6 }",
  /** Solicit, Request. */
  anew: "{ 1, 3 }",
  /** Renew, Rebind. */
  again: "{ 5, 6 }",
  /** Solicit, Rebind: whichever server there is. */
  all: "{ 1, 6 }",
} as const;

/** Counts them: one hit each. */
function countAsked({ id, bng }: Scene, asked: keyof typeof ASKED): readonly PacketRule[] {
  const match = `iifname "${bng.subscriber.interface}" udp dport 547 @th,64,8 ${ASKED[asked]}`;
  return [{ fault: id, way: "down", place: "to-bng", match }];
}

/** The delegation as far from the end of a pool as another one is from its beginning; undefined when that is the same one, or the other is not of the pool. */
export function mirroredIn(pool: Prefix6 | undefined, text: string): string | undefined {
  const original = parsePrefix6(text);
  if (original === undefined || pool === undefined || !containsPrefix(pool, original)) return undefined;
  const { bits, length } = original;
  const index = (bits - pool.bits) >> BigInt(128 - length);
  const mirrored = formatPrefix6(subnet(pool, length, subnetCount(pool, length) - 1n - index));
  return mirrored === text ? undefined : mirrored;
}
