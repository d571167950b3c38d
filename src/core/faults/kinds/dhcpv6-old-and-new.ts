import { mirroredIn } from "../mirror.ts";
import { countAsked } from "../messages.ts";
import { CHOICE } from "../packets.ts";
import { lasting } from "../record.ts";

export const dhcpv6OldAndNew = lasting({
  summary: "one Reply takes the old prefix away and brings a new one",
  provider:
    "It answers Renew and Rebind with the old prefix at lifetimes of 0 and a new one, from the other end of its pool, in the same IA. It routes both, for customers who had a prefix when the fault began.",
  customer: "Its prefix changes from one moment to the next, while it has a lease.",
  normal:
    "Solicit and Request, customers who come new, router advertisements; hits are Renews and Rebinds. Afterwards a Renew brings the old prefix back.",
  advice:
    "Process the whole IA: use the new prefix, and stop to use the old one at once (RFC 8415 section 18.2.10.1); advertise the old one with lifetimes of 0 on the LAN for as long as hosts may remember it (RFC 9096 L-13).",
  directions: ["down"],
  options: { from: CHOICE.from },
  explains: ["no-delegation", "no-address"],
  effects(_, scene) {
    const { ground, held } = scene;
    // Kept with the fault are the old ones, as the leases were.
    const moves = held.flatMap((lease) => {
      const to = mirroredIn(ground.pool, lease.prefix);
      return to === undefined ? [] : [{ lease, to }];
    });
    return {
      dhcp: { moves: moves.map(({ lease, to }) => [lease.prefix, to] as const) },
      held: moves.map(({ lease, to }) => ({ ...lease, prefix: to })),
      packets: countAsked(scene, "again"),
    };
  },
});
