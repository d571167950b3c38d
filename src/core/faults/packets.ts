/** Rules for packets that several kinds have in common. */
import { formatPrefix6, type Prefix6 } from "../ip6.ts";
import type { PacketRule } from "./effects.ts";
import type { Way } from "./fault.ts";
import { optional, prefix, word } from "./option.ts";
import type { Scene } from "./record.ts";

/** Options of every kind that chooses among forwarded packets. */
export const CHOICE = {
  from: optional(
    prefix,
    "only packets from addresses of this prefix on the customers' side, and those to them",
  ),
  protocol: optional(word(["tcp", "udp", "icmpv6"] as const), "only packets of this protocol"),
} as const;

export interface Choice {
  readonly from: Prefix6 | undefined;
  readonly protocol: "tcp" | "udp" | "icmpv6" | undefined;
}

/** Words that choose a share of packets at random, after what chooses them else. */
export function atRandom(match: string, share: number): string {
  const parts = Math.round(share * 10_000);
  return parts >= 10_000 ? match : `${match} numgen random mod 10000 < ${parts}`.trimStart();
}

/** A router advertisement to whomever. */
export const IS_RA = "icmpv6 type nd-router-advert";

/** A rule for each way of a fault. */
export function eachWay(
  { id, ways }: Scene,
  rule: (way: Way) => Omit<PacketRule, "fault" | "way">,
): readonly PacketRule[] {
  return ways.map((way) => ({ fault: id, way, ...rule(way) }));
}

/** Words that choose what is forwarded between customers and the internet, on one way. */
export function forwardedWay({ ground }: Scene, way: Way, { from, protocol }: Partial<Choice> = {}): string {
  const [customers, internet] = [ground.subscriber.interface, ground.wireguard.interface];
  return [
    way === "up"
      ? `iifname "${customers}" oifname "${internet}"`
      : `iifname "${internet}" oifname "${customers}"`,
    ...(from === undefined ? [] : [`ip6 ${way === "up" ? "saddr" : "daddr"} ${formatPrefix6(from)}`]),
    ...(protocol === undefined ? [] : [`meta l4proto ${protocol}`]),
  ].join(" ");
}
