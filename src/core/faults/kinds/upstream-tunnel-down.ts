import { lasting } from "../record.ts";

export const upstreamTunnelDown = lasting({
  summary: "the provider's uplink is gone, and its router knows",
  provider:
    "Its tunnel to the internet is set down. There is no route any more, so it answers what customers send with ICMPv6 no-route.",
  customer:
    "Router, prefix and addresses are as good as ever; whatever goes to the internet comes back as an error.",
  normal: "Router advertisements and DHCPv6; packets between customers of this provider.",
  advice:
    "A host should use another source address (RFC 8028 section 3); a CPE that detects the loss of connectivity invalidates itself as a router (RFC 7084 G-5).",
  directions: ["both"],
  options: {},
  explains: ["no-tunnel", "no-handshake", "stale-tunnel", "unreachable"],
  effects: () => ({ tunnelDown: true }),
});
