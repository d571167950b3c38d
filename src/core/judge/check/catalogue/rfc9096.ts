/** RFC 9096: Improving the Reaction of Customer Edge Routers to IPv6 Renumbering Events. */
import type { Requirement } from "../requirement.ts";
import { ADVERTISEMENTS, ASKING, lan, SOLICITED, wan } from "./words.ts";

/** What the CPE keeps over a restart. */
const RESTARTED = { phase: "restart", stimulus: "The CPE restarts." } as const;

const shared = { document: "RFC 9096", profile: "rfc9096" } as const;

export const RFC_9096: readonly Requirement[] = [
  {
    ...shared,
    id: "WPD-9",
    level: "MUST NOT",
    title: "No Release at a restart",
    required: "The CPE does not release its leases by default, in particular when it restarts.",
    elsewhere: ["RFC 9096 3.1"],
    ...RESTARTED,
    matters: "The provider gives the home another prefix at each restart, and hosts keep stale addresses.",
    rule: {
      kind: "none",
      of: wan("dhcpv6.msgtype == 8 && eth.src in {${cpe}}"),
      among: wan(ASKING),
    },
  },
  {
    ...shared,
    id: "WPD-10",
    level: "MUST",
    title: "The same IAID after a restart",
    required: "The IAID of a WAN is the same after a restart.",
    elsewhere: ["RFC 8415 12", "RFC 9096 3.2"],
    ...RESTARTED,
    matters: "The provider takes it for another request, and delegates another prefix.",
    rule: {
      kind: "same",
      of: wan("dhcpv6.msgtype in {1, 6} && dhcpv6.iaid && eth.src in {${cpe}}"),
      field: "dhcpv6.iaid",
      across: "cpe-restarts",
    },
  },
  {
    ...shared,
    id: "L-13",
    level: "MUST",
    title: "Stale prefixes are withdrawn",
    required:
      "A prefix of a delegation that was taken back is advertised with lifetimes of 0 and its former flags.",
    elsewhere: ["RFC 9096 3.5", "RFC 7084 L-13 (other lifetimes)", "IPv6 Ready CE Router 2.7.5"],
    phase: "renumber",
    stimulus: "The provider replaces its prefix; the access link loses its carrier, so that the CPE asks.",
    matters: "Hosts go on to use addresses that lead nowhere, for hours.",
    rule: {
      kind: "prefix-options",
      of: lan(ADVERTISEMENTS),
      options: { of: "stale", check: "lifetimes 0/0, flags as before" },
    },
  },
  {
    ...shared,
    id: "L-15",
    level: "MUST NOT",
    title: "Lifetimes on the LAN do not outlive the delegation",
    required: "Lifetimes of prefix options are no longer than what remains of those of the delegation.",
    elsewhere: ["RFC 9096 3.3"],
    phase: "lan",
    stimulus: "The CPE has just renewed its leases; a host solicits routers.",
    matters: "Hosts keep addresses after the provider has given the prefix to another customer.",
    rule: {
      kind: "prefix-options",
      of: lan(ADVERTISEMENTS),
      options: { of: "current", check: "no longer than the delegation" },
    },
  },
  {
    ...shared,
    id: "L-16",
    level: "SHOULD",
    title: "Short lifetimes on the LAN",
    required:
      "The router lifetime is 2700 s; prefixes are preferred for at most 2700 s and valid for at most 5400 s, as routes and DNS servers are.",
    elsewhere: ["RFC 9096 3.4"],
    ...SOLICITED,
    matters:
      "After a prefix is lost without notice, hosts use it for days (RFC 4861's defaults are 7 and 30 days).",
    rule: {
      kind: "every",
      of: lan(`${ADVERTISEMENTS} && icmpv6.nd.ra.router_lifetime > 0`),
      holds:
        "icmpv6.nd.ra.router_lifetime == 2700 && !(icmpv6.opt.prefix.preferred_lifetime > 2700) && !(icmpv6.opt.prefix.valid_lifetime > 5400) && !(icmpv6.opt.route_lifetime > 5400) && !(icmpv6.opt.rdnss.lifetime > 5400)",
    },
  },
];
