import { lasting } from "../record.ts";

export const linkCarrierDown = lasting({
  summary: "the subscriber port is set down, as if the cable were out",
  provider: "It sets its end of the subscriber link down: nothing comes or goes there.",
  customer:
    "No carrier on the WAN where the link has one (a cable, a pair of interfaces, a port of a bridge); on a macvlan or VLAN only silence.",
  normal: "The tunnel to the internet; leases run on, and are as they were when the port comes back.",
  advice:
    "Invalidate itself as a router on the LAN at once (RFC 7084 G-5); when the link is back, solicit (RFC 4861 section 6.3.7) and Rebind the delegation instead of asking for another one (RFC 8415 section 18.2.12, RFC 9096 WPD-9 and WPD-10).",
  directions: ["both"],
  options: {},
  explains: [
    "no-carrier",
    "no-link",
    "no-router",
    "no-delegation",
    "unreachable",
    "not-routed",
    "no-address",
  ],
  uncounted: true,
  effects: () => ({ portDown: true }),
});
