/** RFC 7084: Basic Requirements for IPv6 Customer Edge Routers. */
import type { Requirement } from "../requirement.ts";
import { FOREIGN_SOURCE, LOCAL_SOURCE, LOCAL_TARGET } from "../schedule.ts";
import { ADVERTISEMENTS, ASKING, lan, NO_ROUTER, SENT_FROM_EACH, SOLICITED, wan } from "./words.ts";

const FROM_CPE = "eth.src in {${cpe}}";

/** The CPE asks for its leases anew, as after a power cut and after a cut cable. */
const RESTARTED = {
  phase: "restart",
  stimulus: "The access links lose their carrier, and the CPE restarts.",
} as const;
const shared = { document: "RFC 7084", profile: "rfc7084" } as const;

const WAN: readonly Requirement[] = [
  {
    ...shared,
    id: "W-3",
    level: "MUST",
    title: "Default router from router advertisements",
    required:
      "The CPE finds its default routers by router discovery and sends what has no better route to them.",
    elsewhere: ["RFC 4861 6.3.4"],
    ...SENT_FROM_EACH,
    matters: "Hosts have addresses but no connection.",
    rule: {
      kind: "every",
      of: wan("ipv6 && eth.src in {${cpe}} && ipv6.dst == 2001:db8::1"),
      holds: "eth.dst in {${routers}}",
    },
  },
  {
    ...shared,
    id: "W-4",
    level: "MUST",
    title: "DHCPv6 prefix delegation on the WAN",
    required: "The CPE acts as a requesting router: it asks for an IA_PD (also WPD-1).",
    elsewhere: ["RFC 7084 WPD-1", "RFC 8415 18.2.1", "IPv6 Ready CE Router 1.2.1"],
    ...RESTARTED,
    matters: "The LAN gets no global addresses.",
    rule: { kind: "every", of: wan(ASKING), holds: "dhcpv6.option.type == 25" },
  },
  {
    ...shared,
    id: "W-5",
    level: "MUST",
    title: "Persistent DUID",
    required: "The DUID is the same after a restart.",
    elsewhere: ["RFC 8415 11", "IPv6 Ready CE Router 1.1.4B"],
    phase: "restart",
    stimulus: "The CPE asks for leases before and after a restart.",
    matters:
      "The provider takes the CPE for another customer: each restart changes all addresses of the home.",
    rule: {
      kind: "same",
      of: wan("dhcpv6.msgtype in {1, 4, 6, 11} && eth.src in {${cpe}}"),
      field: "dhcpv6.duid.bytes",
      across: "cpe-restarts",
    },
  },
  {
    ...shared,
    id: "WAA-1",
    level: "MUST",
    title: "Duplicate address detection on the WAN",
    required: "The CPE forms an address from an advertised prefix with A=1, and tests that it is unique.",
    elsewhere: ["RFC 4862 5.4"],
    phase: "renumber",
    stimulus: "The provider advertises a new prefix on the access link.",
    matters: "Two customers on a shared link may use one address.",
    applies: {
      to: wan("icmpv6.type == 134 && icmpv6.opt.prefix.flag.a == 1"),
      otherwise: "no provider advertised a prefix with A=1",
    },
    rule: {
      kind: "some",
      of: wan(
        "icmpv6.type == 135 && ipv6.src == :: && eth.src in {${cpe}} && icmpv6.nd.ns.target_address == 2000::/3",
      ),
      among: wan("icmpv6.type == 134 && icmpv6.opt.prefix.flag.a == 1"),
    },
  },
  {
    ...shared,
    id: "WAA-4",
    level: "MUST",
    title: "DHCPv6 client: IA_NA and DNS servers",
    required: "The CPE asks for an address (IA_NA) and for DNS servers (option 23).",
    elsewhere: ["RFC 8415 18.2.1", "RFC 3646", "IPv6 Ready CE Router 1.6.3"],
    ...RESTARTED,
    matters: "The CPE has no address of its own where the provider offers none by SLAAC, or no resolver.",
    rule: {
      kind: "every",
      of: wan(ASKING),
      holds: "dhcpv6.option.type == 3 && dhcpv6.requested_option_code == 23",
    },
  },
  {
    ...shared,
    id: "WAA-8",
    level: "MUST",
    title: "DHCPv6 client: SOL_MAX_RT",
    required: "The CPE requests option 82, by which the provider slows down Solicits.",
    elsewhere: ["RFC 7083", "RFC 8415 21.24", "IPv6 Ready CE Router 1.1.21"],
    ...RESTARTED,
    matters: "After an outage all customers solicit at once, and the provider cannot slow them down.",
    rule: { kind: "every", of: wan(ASKING), holds: "dhcpv6.requested_option_code == 82" },
  },
  {
    ...shared,
    id: "WPD-2",
    level: "MUST",
    title: "Hint of a prefix length at a nibble boundary",
    required: "If the CPE hints at a prefix length, it is a multiple of four.",
    elsewhere: ["RFC 8415 18.2.1"],
    ...RESTARTED,
    matters: "Reverse DNS zones do not fit, and some providers refuse.",
    applies: {
      to: wan(`${ASKING} && dhcpv6.iaprefix.pref_len`),
      otherwise: "the CPE hints at no length",
    },
    rule: {
      kind: "every",
      of: wan(`${ASKING} && dhcpv6.iaprefix.pref_len`),
      holds: "all dhcpv6.iaprefix.pref_len in {0, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64}",
    },
  },
  {
    ...shared,
    id: "WPD-5",
    level: "MUST",
    title: "Unassigned parts of a delegation end at the CPE",
    required:
      "The CPE forwards no packet to a part of its delegation that no link uses back to the provider.",
    elsewhere: ["RFC 8415 6.3", "IPv6 Ready CE Router 3.2.3"],
    phase: "lan",
    stimulus: "A host sends packets to a /64 of each delegation that is not in use.",
    matters:
      "Such packets bounce between CPE and provider until their hop limit ends, which attackers multiply.",
    rule: {
      kind: "none",
      of: wan("eth.src in {${cpe}} && ipv6.dst == ${delegation}"),
      among: lan("icmpv6.type == 128 && ipv6.dst == ${delegation} && eth.dst in {${lan}}"),
    },
  },
  {
    ...shared,
    id: "WPD-7",
    level: "MUST NOT",
    title: "No routing protocol on the WAN",
    required: "By default, the CPE speaks no dynamic routing protocol with its provider.",
    elsewhere: ["IPv6 Ready CE Router 1.6.7"],
    phase: "lan",
    stimulus: "None: what the CPE sends is watched.",
    matters: "Someone on the access link could redirect the home's packets.",
    rule: {
      kind: "none",
      of: wan(`${FROM_CPE} && (udp.port == 521 || ipv6.nxt == 89 || tcp.port == 179 || udp.port == 6696)`),
      among: wan(`ipv6 && ${FROM_CPE}`),
    },
  },
  {
    ...shared,
    id: "ULA-4",
    level: "MUST",
    title: "Local addresses stay inside",
    required: "The CPE forwards no packet with a unique local source or destination to the provider.",
    elsewhere: ["RFC 4193 4.3", "IPv6 Ready CE Router 3.2.4"],
    phase: "lan",
    stimulus: `A host sends from ${LOCAL_SOURCE}, and to ${LOCAL_TARGET}.`,
    matters: "Internal addresses and traffic that is meant for other sites leak to the provider.",
    rule: {
      kind: "none",
      of: wan("eth.src in {${cpe}} && ipv6.addr == fc00::/7"),
      among: lan(`icmpv6.type == 128 && (ipv6.src == ${LOCAL_SOURCE} || ipv6.dst == ${LOCAL_TARGET})`),
    },
  },
];

const LAN: readonly Requirement[] = [
  {
    ...shared,
    id: "G-4",
    level: "MUST NOT",
    title: "No default router without a way out",
    required:
      "Without a default router on any WAN, router advertisements on the LAN have a router lifetime of 0.",
    elsewhere: ["IPv6 Ready CE Router 3.2.2A"],
    ...NO_ROUTER,
    matters: "Hosts send to a CPE that leads nowhere, and do not use another router.",
    during: { from: "routers-end", to: "routers-return", graceS: 1 },
    rule: { kind: "every", of: lan(ADVERTISEMENTS), holds: "icmpv6.nd.ra.router_lifetime == 0" },
  },
  {
    ...shared,
    id: "G-5",
    level: "MUST",
    title: "Loss of the way out is advertised at once",
    required: "When the last default router goes, the CPE immediately advertises a router lifetime of 0.",
    elsewhere: ["IPv6 Ready CE Router 3.2.2B"],
    phase: "no-router",
    stimulus: "All providers advertise a router lifetime of 0.",
    matters: "Hosts notice only when the former lifetime ends, up to half an hour later.",
    rule: {
      kind: "answered",
      of: wan("icmpv6.type == 134 && icmpv6.nd.ra.router_lifetime == 0 && eth.src in {${routers}}"),
      by: lan(`${ADVERTISEMENTS} && icmpv6.nd.ra.router_lifetime == 0`),
      withinS: 3,
      only: "first",
    },
  },
  {
    ...shared,
    id: "L-1",
    level: "MUST",
    title: "Router solicitations are answered",
    required: "The CPE answers a router solicitation on the LAN within half a second.",
    elsewhere: ["RFC 4861 6.2.6", "IPv6 Ready CE Router 2.4.17"],
    ...SOLICITED,
    matters: "Devices that join the LAN wait for addresses until the next periodic advertisement.",
    rule: {
      kind: "answered",
      of: lan("icmpv6.type == 133 && !(eth.src in {${lan}})"),
      by: lan(ADVERTISEMENTS),
      withinS: 0.5,
    },
  },
  {
    ...shared,
    id: "L-2",
    level: "MUST",
    title: "A /64 of the delegation for the LAN",
    required: "The prefixes of the LAN are /64s of a delegation.",
    elsewhere: ["IPv6 Ready CE Router 2.7.1"],
    ...SOLICITED,
    matters: "Hosts form no addresses, or addresses whose packets the provider drops.",
    rule: {
      kind: "prefix-options",
      of: lan(ADVERTISEMENTS),
      options: { of: "all", check: "inside a delegation, /64" },
    },
  },
  {
    ...shared,
    id: "L-3",
    level: "MUST",
    title: "Route information for the delegation",
    required:
      "The CPE advertises itself as a router for each delegation by a Route Information Option (erratum 7699: unless a prefix option says the same).",
    elsewhere: ["RFC 4191", "IPv6 Ready CE Router 2.7.2"],
    ...SOLICITED,
    matters:
      "Where several routers are on the LAN, hosts do not know which one leads to the rest of the home.",
    rule: {
      kind: "every",
      of: lan(`${ADVERTISEMENTS} && icmpv6.nd.ra.router_lifetime > 0`),
      holds: "icmpv6.opt.type == 24 && icmpv6.opt.prefix == ${delegation.network}",
    },
  },
  {
    ...shared,
    id: "L-5",
    level: "MUST",
    title: "Advertising interface",
    required:
      "The LAN is an advertising interface: router advertisements come from a link-local address with hop limit 255.",
    elsewhere: ["RFC 4861 6.2.1"],
    ...SOLICITED,
    matters: "Hosts ignore the advertisements.",
    rule: {
      kind: "every",
      of: lan(ADVERTISEMENTS),
      holds: "ipv6.src == fe80::/10 && ipv6.hlim == 255 && icmpv6.nd.ra.router_lifetime > 0",
    },
  },
  {
    ...shared,
    id: "L-6",
    level: "MUST",
    title: "Prefix options have A and L set",
    required: "The flags A and L of prefix options are 1 by default.",
    elsewhere: ["RFC 4861 6.2.1"],
    ...SOLICITED,
    matters: "Hosts form no addresses, or reach each other only by the router.",
    rule: {
      kind: "every",
      of: lan(`${ADVERTISEMENTS} && icmpv6.opt.type == 3`),
      holds: "!(icmpv6.opt.prefix.flag.a == 0) && !(icmpv6.opt.prefix.flag.l == 0)",
    },
  },
  {
    ...shared,
    id: "L-11",
    level: "MUST",
    title: "DNS servers in router advertisements",
    required: "Router advertisements on the LAN have DNS servers (RDNSS).",
    elsewhere: ["RFC 8106", "IPv6 Ready CE Router 2.7.4"],
    ...SOLICITED,
    matters: "Devices without DHCPv6, such as Android, have no resolver over IPv6.",
    rule: {
      kind: "every",
      of: lan(`${ADVERTISEMENTS} && icmpv6.nd.ra.router_lifetime > 0`),
      holds: "icmpv6.opt.rdnss",
    },
  },
  {
    ...shared,
    id: "L-14",
    level: "MUST",
    title: "A source that is not delegated is told so",
    required:
      "The CPE answers a packet from a source that it has no delegation for with ICMPv6 type 1, code 5.",
    elsewhere: ["RFC 4443 3.1", "IPv6 Ready CE Router 2.7.6"],
    phase: "lan",
    stimulus: `A host sends from ${FOREIGN_SOURCE}.`,
    matters: "Connections from a stale address hang instead of failing over.",
    rule: {
      kind: "answered",
      of: lan(`icmpv6.type == 128 && ipv6.src == ${FOREIGN_SOURCE} && !(icmpv6.type == 1)`),
      by: lan(`icmpv6.type == 1 && icmpv6.code == 5 && ipv6.dst == ${FOREIGN_SOURCE}`),
      withinS: 1,
    },
  },
  {
    ...shared,
    id: "S-2",
    level: "SHOULD",
    title: "A spoofed source stays inside",
    required: "The CPE drops packets from the LAN whose source is of no delegation (BCP 38).",
    elsewhere: ["RFC 2827", "RFC 6092 REC-5"],
    phase: "lan",
    stimulus: `A host sends from ${FOREIGN_SOURCE}.`,
    matters: "A compromised device can attack others under a false address.",
    rule: {
      kind: "none",
      of: wan(`ipv6.src == ${FOREIGN_SOURCE} && eth.src in {\${cpe}}`),
      among: lan(`icmpv6.type == 128 && ipv6.src == ${FOREIGN_SOURCE}`),
    },
  },
];

export const RFC_7084: readonly Requirement[] = [...WAN, ...LAN];
