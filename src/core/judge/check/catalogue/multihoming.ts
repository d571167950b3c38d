/** Requirements of our own for CPEs with several providers. Each has the sentence of an RFC that it follows from. */
import type { Requirement } from "../requirement.ts";
import { FOREIGN_SOURCE } from "../schedule.ts";
import { ADVERTISEMENTS, lan, NO_ROUTER, SENT_FROM_EACH, SOLICITED, wan } from "./words.ts";

const WITHOUT_ROUTER = {
  ...NO_ROUTER,
  during: { from: "routers-end", to: "routers-return", graceS: 1 },
} as const;

const shared = { document: "mhlab", profile: "multihoming" } as const;

export const MULTIHOMING: readonly Requirement[] = [
  {
    ...shared,
    id: "MH-1",
    level: "MUST",
    title: "Each source leaves by its own provider",
    required: "A packet leaves by the provider that delegated its source, whichever router is preferred.",
    source: {
      place: "RFC 8475 3.1.1",
      sentence:
        "packets sourced from subnet_A must be sent to the ISP_A uplink while packets sourced from subnet_B must be sent to the ISP_B uplink.",
    },
    elsewhere: ["RFC 8678 1", "RFC 8028 2.2", "RFC 2827"],
    ...SENT_FROM_EACH,
    matters: "The other provider drops the packets (BCP 38), so half of all connections hang.",
    rule: { kind: "exit", of: wan("ipv6.src == 2000::/3 && eth.src in {${cpe}}") },
  },
  {
    ...shared,
    id: "MH-2",
    level: "SHOULD",
    title: "A prefix option for each provider",
    required: "Each router advertisement on the LAN has a prefix of each delegation.",
    source: {
      place: "RFC 8028 2.1",
      sentence:
        "in any network with hosts using multiple prefixes, each prefix SHOULD be advertised via a Prefix Information Option (PIO) [RFC4861] by one of the attached routers, even if addresses are being assigned using DHCPv6.",
    },
    elsewhere: ["RFC 8475 3.2.3"],
    ...SOLICITED,
    matters: "Hosts use one provider only, and do not know that the router takes sources of the other.",
    rule: {
      kind: "prefix-options",
      of: lan(`${ADVERTISEMENTS} && icmpv6.nd.ra.router_lifetime > 0`),
      options: { of: "current", check: "one in each delegation" },
    },
  },
  {
    ...shared,
    id: "MH-3",
    level: "SHOULD NOT",
    title: "A packet with a foreign source withdraws nothing",
    required:
      "The CPE does not advertise the prefix of a source that it does not know, such as to deprecate it: another router on the LAN may have it.",
    source: {
      place: "RFC 8978 1",
      sentence:
        "Some devices have implemented ad hoc mechanisms to address this problem, such as sending RAs to deprecate (and eventually invalidate) apparently stale prefixes when the device receives any packets employing a source address from a prefix not currently advertised for address configuration on the local network [FRITZ]. However, this may introduce other interoperability problems, particularly in multihomed/multi-prefix scenarios.",
    },
    elsewhere: [],
    phase: "lan",
    stimulus: `A host sends from ${FOREIGN_SOURCE}; then a host solicits routers.`,
    matters: "Where two routers are on one LAN, each takes away the addresses of the other's provider.",
    rule: {
      kind: "none",
      of: lan(`${ADVERTISEMENTS} && icmpv6.opt.prefix == 2001:db8:ffff:ffff::/64`),
      among: lan(`icmpv6.type == 128 && ipv6.src == ${FOREIGN_SOURCE}`),
    },
  },
  {
    ...shared,
    id: "MH-4",
    level: "SHOULD",
    title: "Another provider's prefix is left alone",
    required:
      "When one provider replaces its prefix, those of the others are advertised as before, with a preferred lifetime.",
    source: {
      place: "RFC 8475 3.1.2",
      sentence:
        "It should be noted that only the preferred lifetime for the affected prefix needs to be changed.",
    },
    elsewhere: ["RFC 8678 6.3.2"],
    phase: "renumber",
    stimulus: "The first provider replaces its prefix; its access link loses its carrier.",
    matters: "A fault of one provider interrupts connections by the other.",
    rule: {
      kind: "prefix-options",
      of: lan(ADVERTISEMENTS),
      options: { of: "current", check: "others stay preferred" },
    },
  },
  {
    ...shared,
    ...WITHOUT_ROUTER,
    id: "MH-5",
    level: "MUST",
    title: "A prefix without a way out is deprecated",
    required:
      "As long as the uplink of a prefix is down, all advertisements have it with a preferred lifetime of 0.",
    source: {
      place: "RFC 8475 3.1.2",
      sentence:
        "For example, if an ISP_A uplink failure causes the prefix to be deprecated, all solicited and unsolicited RAs sent by the router need to have the preferred lifetime for that PIO set to 0 until the uplink comes back up.",
    },
    elsewhere: ["RFC 8678 6.3.2"],
    matters: "Hosts go on to choose sources that lead nowhere, although they may have others.",
    rule: {
      kind: "prefix-options",
      of: lan(ADVERTISEMENTS),
      options: { of: "current", check: "each is deprecated" },
    },
  },
  {
    ...shared,
    ...WITHOUT_ROUTER,
    id: "MH-6",
    level: "SHOULD NOT",
    title: "A deprecated prefix keeps its valid lifetime",
    required: "A prefix whose uplink is down, and whose delegation is valid, keeps its valid lifetime.",
    source: {
      place: "RFC 8475 3.1.2",
      sentence:
        "As the goal is to influence the source address selection algorithm on hosts rather than prevent them from forming addresses from a specific prefix, the valid lifetime should not be changed.",
    },
    elsewhere: [],
    matters: "Connections inside of the home break with the uplink.",
    rule: {
      kind: "prefix-options",
      of: lan(ADVERTISEMENTS),
      options: { of: "current", check: "valid lifetimes stay" },
    },
  },
];
