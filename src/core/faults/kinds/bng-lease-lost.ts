import { CHOICE, eachWay, forwardedWay } from "../packets.ts";
import { lasting } from "../record.ts";

export const bngLeaseLost = lasting({
  summary: "a route without its lease",
  provider:
    "Its DHCPv6 server forgets leases of prefixes, and its router keeps the routes to them. Who asks for a prefix meanwhile may be given the same one. What nobody else got comes back when the fault is healed.",
  customer: "Everything works, until its Renew is answered with NoBinding.",
  normal:
    "Router advertisements, forwarding, the tunnel. Hits are packets from and to customers, which go on.",
  advice:
    "Answer NoBinding with a Request for the same prefix (RFC 8415 section 18.2.10.1), with its IAID (RFC 9096 WPD-10), and use the old prefix no longer than it was granted.",
  directions: ["both"],
  options: { from: CHOICE.from },
  explains: ["no-delegation"],
  effects: ({ from }, scene) => ({
    held: scene.held,
    packets: eachWay(scene, (way) => ({ place: "forwarded", match: forwardedWay(scene, way, { from }) })),
  }),
});
