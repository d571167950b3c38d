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
    summary: "the DHCPv6 server does not answer",
    provider: "It drops all packets from customers to its DHCPv6 server.",
    customer:
      "A new CPE gets no prefix; one with a lease cannot renew it, and loses it when its valid lifetime ends.",
    normal: "Router advertisements, forwarding, and leases until they expire.",
    advice:
      "Renew at T1, Rebind at T2 (RFC 8415 sections 18.2.4 and 18.2.5), keep the prefix until its valid lifetime ends, then solicit again with growing intervals (sections 15 and 18.2.1), and withdraw it from the LAN (RFC 9096 L-13).",
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
    provider: "It delays each answer of its DHCPv6 server, whatever else is requested meanwhile.",
    customer: "It retransmits before an answer arrives, then gets one answer per transmission.",
    normal:
      "The answers' contents, leases and routes (which exist at once), router advertisements, forwarding; hits are requests.",
    advice:
      "Retransmit with the same transaction ID (RFC 8415 section 16.1) after growing intervals (section 15), so that a late answer to an earlier transmission still counts, and ignore answers after the exchange has ended (section 16).",
    directions: ["down"],
    options: { delay: option(span(1, 600_000), { text: "the delay", otherwise: 3000 }) },
    explains: ["no-delegation", "no-address"],
    effects: ({ delay }, scene) => ({ dhcp: { delayMs: delay }, packets: countAsked(scene, "any") }),
  }),

  "dhcpv6-no-prefix": lasting({
    summary: "the DHCPv6 server has no prefix left (NoPrefixAvail)",
    provider: "It answers Solicit and Request for a prefix with the status NoPrefixAvail.",
    customer: "A new or restarted CPE gets no prefix; one that renews keeps its own.",
    normal: "Addresses by DHCPv6, Renew and Rebind, router advertisements, forwarding; hits are requests.",
    advice:
      "Ignore such an Advertise except for its SOL_MAX_RT (RFC 8415 section 18.2.9), keep soliciting with growing intervals (sections 15 and 18.2.1), use its other uplinks, and advertise no default route on the LAN without a prefix (RFC 7084 G-4).",
    directions: ["down"],
    explains: ["no-delegation", "no-address", "unreachable"],
    effects: (_, scene) => ({ dhcp: { noPrefix: true }, packets: countAsked(scene, "anew") }),
  }),

  "dhcpv6-no-binding": lasting({
    summary: "Renew and Rebind are answered with NoBinding",
    provider:
      "It claims not to know the lease that a customer renews or rebinds, and delegates it again on request.",
    customer: "Each Renew fails; a Request returns the same prefix.",
    normal:
      "Solicit and Request, routes of delegated prefixes, router advertisements; hits are Renews and Rebinds.",
    advice:
      "Answer NoBinding with a Request for the same IA (RFC 8415 section 18.2.10.1, RFC 9096 WPD-10), and use the lease until it expires.",
    directions: ["down"],
    explains: ["no-delegation"],
    effects: (_, scene) => ({ dhcp: { noBinding: true }, packets: countAsked(scene, "again") }),
  }),

  "dhcpv6-t1-after-t2": lasting({
    summary: "answers have a T1 later than T2",
    provider: "It leases as usual, but with T1 (renew) after T2 (rebind).",
    customer: "A strict CPE gets nothing; a lenient one rebinds without renewing first.",
    normal: "The leases with their lifetimes, routes, router advertisements; hits are requests.",
    advice:
      "Discard an IA whose T1 is greater than its T2, both above 0, and process the rest of the message without it (RFC 8415 sections 21.4 and 21.21).",
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
    summary: "leases never expire (lifetimes of 0xffffffff)",
    provider:
      "It sends lifetimes, T1 and T2 of 0xffffffff. In its own database the lease expires as usual, and the route with it.",
    customer: "A CPE that accepts this never renews, and eventually its prefix is silently no longer routed.",
    normal: "The prefix, routes until the real lifetime ends, router advertisements; hits are requests.",
    advice:
      "Treat 0xffffffff as infinity, not as a number (RFC 8415 section 7.7), still advertise at most ND_PREFERRED_LIMIT and ND_VALID_LIMIT on the LAN (RFC 9096 L-16), and Rebind after the link was down (RFC 8415 section 18.2.12).",
    directions: ["down"],
    explains: ["no-delegation"],
    effects: (_, scene) => ({ dhcp: { infinite: true }, packets: countAsked(scene, "any") }),
  }),

  "dhcpv6-length-change": lasting({
    summary: "a prefix changes its length when it is renewed",
    provider:
      "It answers Renew and Rebind with another prefix length, and omits the old one. It keeps routing the old one.",
    customer:
      "A longer prefix has fewer networks than before; a shorter one includes networks that are not routed to it.",
    normal:
      "Solicit and Request, the route of the old prefix, router advertisements; hits are Renews and Rebinds.",
    advice:
      "Add the new prefix and keep the omitted one until it expires (RFC 8415 section 18.2.10.1), renumber the LANs within the remaining space, withdraw prefixes that are no longer delegated (RFC 9096 L-13), and assign no network twice (RFC 7084 WPD-3 for an unrequested length).",
    directions: ["down"],
    options: { length: option(whole(1, 64), { text: "the length that it sends", otherwise: 60 }) },
    explains: ["unreachable", "no-address"],
    effects: ({ length }, scene) => ({
      dhcp: { renewedLength: length },
      packets: countAsked(scene, "again"),
    }),
  }),

  "dhcpv6-old-and-new": lasting({
    summary: "one Reply withdraws the old prefix and adds a new one",
    provider:
      "It answers Renew and Rebind with the old prefix with lifetimes of 0 and a new one from the other end of its pool, in the same IA. It routes both, for customers that had a prefix when the fault began.",
    customer: "Its prefix changes suddenly during a lease.",
    normal:
      "Solicit and Request, new customers, router advertisements; hits are Renews and Rebinds. Afterwards a Renew restores the old prefix.",
    advice:
      "Process the whole IA: use the new prefix, and stop using the old one at once (RFC 8415 section 18.2.10.1). Advertise the old one with lifetimes of 0 on the LAN for as long as hosts may remember it (RFC 9096 L-13).",
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
      "It gives all customers that request or renew the same prefix: that of the customer with the first lease when the fault began. It routes the prefix only to that customer, and source validation accepts it only from that customer.",
    customer:
      "For the others everything looks fine, but nothing comes back: their packets are dropped, or the answers go to someone else.",
    normal: "The prefix's owner, router advertisements, addresses by DHCPv6; hits are requests.",
    advice:
      "It cannot detect this directly. It can notice that nothing answers this prefix, and use another provider's source address (RFC 8028 section 3, RFC 6724 rule 5.5). Packets from its own WAN address still work.",
    directions: ["down"],
    options: {
      prefix: optional(prefix, "the prefix for all; by default the first leased one"),
    },
    explains: ["unreachable", "no-delegation"],
    effects: ({ prefix: given }, scene) => {
      const same = given === undefined ? scene.held[0]?.prefix : formatPrefix6(given);
      return { ...(same === undefined ? {} : { dhcp: { same } }), packets: countAsked(scene, "any") };
    },
  }),

  "dhcpv6-second-server": lasting({
    summary: "a second DHCPv6 server also answers, with unrouted prefixes",
    provider:
      "Two servers with their own DUIDs answer at its address, as behind a relay. The second one delegates from an unrouted prefix; the first one still keeps a lease for its customers.",
    customer: "It gets two Advertises. With a prefix from the second server, nothing comes back.",
    normal:
      "The first server, routes of its delegations, router advertisements; hits are Solicits and Rebinds.",
    advice:
      "Collect Advertises for the first retransmission time, and choose by preference (RFC 8415 sections 18.2.1 and 18.2.9). Stay with the chosen server (section 16), and rebind with any server when it is silent (section 18.2.5).",
    directions: ["down"],
    options: {
      prefix: option(prefix, { text: "the second server's pool", otherwise: NOBODYS }),
      preference: option(whole(0, 255), {
        text: "its preference; the first server's is 0",
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
