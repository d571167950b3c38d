import { countAsked } from "../messages.ts";
import { lasting } from "../record.ts";

export const dhcpv6NoBinding = lasting({
  summary: "Renew and Rebind are answered with NoBinding",
  provider:
    "It says that it knows nothing of what its customer renews or rebinds, and delegates it anew when it is asked to.",
  customer: "Each Renew fails; with a Request the same prefix comes back.",
  normal:
    "Solicit and Request, routes of delegated prefixes, router advertisements; hits are Renews and Rebinds.",
  advice:
    "Answer NoBinding with a Request that carries the same IA (RFC 8415 section 18.2.10.1, RFC 9096 WPD-10), and use what was leased as long as it was granted.",
  directions: ["down"],
  options: {},
  explains: ["no-delegation"],
  effects: (_, scene) => ({ dhcp: { noBinding: true }, packets: countAsked(scene, "again") }),
});
