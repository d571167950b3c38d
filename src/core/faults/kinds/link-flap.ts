import { option, span } from "../option.ts";
import { lasting } from "../record.ts";
import { inTurns } from "../turns.ts";

export const linkFlap = lasting({
  summary: "the subscriber port goes down and up, again and again",
  provider: "It sets its end of the subscriber link down and up in turns, beginning with down.",
  customer: "The carrier of the WAN comes and goes; each time it starts over with solicitations and DHCPv6.",
  normal: "The tunnel to the internet, and leases: no customer gets another prefix by it.",
  advice:
    "The same as for link-carrier-down at each turn, with the same DUID and IAID (RFC 7084 W-5, RFC 9096 WPD-10), and without a Release (RFC 9096 WPD-9).",
  directions: ["both"],
  options: {
    down: option(span(200, 3_600_000), { text: "how long it is down", otherwise: 2000 }),
    up: option(span(200, 3_600_000), { text: "how long it is up after that", otherwise: 8000 }),
  },
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
  effects({ down, up }, { elapsedMs }) {
    const { first, changesInMs } = inTurns(elapsedMs, down, up);
    return { portDown: first, changesInMs };
  },
});
