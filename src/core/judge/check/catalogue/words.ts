/** What requirements of several documents have in common. */
import type { Observation } from "../requirement.ts";

/** Packets on the links to the providers. */
export const wan = (filter: string): Observation => ({ side: "wan", filter });
/** Packets on the LAN. */
export const lan = (filter: string): Observation => ({ side: "lan", filter });

/** Messages in which a client asks for leases: Solicit, Request, Renew, Rebind (RFC 8415 7.3). */
export const ASKING = "dhcpv6.msgtype in {1, 3, 5, 6} && eth.src in {${cpe}}";
/** Router advertisements of the CPE. */
export const ADVERTISEMENTS = "icmpv6.type == 134 && eth.src in {${lan}}";

/** A host asks for an advertisement while everything works. */
export const SOLICITED = { phase: "lan", stimulus: "A host solicits routers." } as const;
/** A host uses each of its addresses while everything works. */
export const SENT_FROM_EACH = {
  phase: "lan",
  stimulus: "A host behind the CPE sends packets to the internet from each of its addresses.",
} as const;
/** No provider is a default router while a host asks for an advertisement. */
export const NO_ROUTER = {
  phase: "no-router",
  stimulus: "All providers advertise a router lifetime of 0; a host solicits routers.",
} as const;
