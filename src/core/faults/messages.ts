/** Rules that count DHCPv6 messages (RFC 8415 section 7.3), for kinds that lie in the answers. */
import type { PacketRule } from "./effects.ts";
import type { Scene } from "./record.ts";

/** Questions to which a lie is told. */
export const ASKED = {
  /** Solicit, Request, Renew, Rebind. */
  any: "{ 1, 3, 5, 6 }",
  /** Solicit, Request. */
  anew: "{ 1, 3 }",
  /** Renew, Rebind. */
  again: "{ 5, 6 }",
  /** Solicit, Rebind: whichever server there is. */
  all: "{ 1, 6 }",
} as const;

/** Counts the questions that are answered with a lie: one hit each. */
export function countAsked({ id, ground }: Scene, asked: keyof typeof ASKED): readonly PacketRule[] {
  const match = `iifname "${ground.subscriber.interface}" udp dport 547 @th,64,8 ${ASKED[asked]}`;
  return [{ fault: id, way: "down", place: "to-bng", match }];
}
