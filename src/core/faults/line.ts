/** What the kinds have in common that are about the subscriber line. */
import { formatPrefix6, type Prefix6 } from "../ip6.ts";
import type { PacketRule } from "./effects.ts";
import type { Way } from "./fault.ts";
import type { LineEffect, LineTraits } from "./line-effect.ts";
import { CHOICE, eachWay } from "./packets.ts";
import type { Scene } from "./record.ts";

/** On a line a prefix can be told apart, and nothing else. */
export const LINE_FROM = { from: CHOICE.from } as const;

/** Words that choose the packets of a prefix on the line; none when it is everyone's. */
export function fromOnLine(way: Way, from: Prefix6 | undefined): string {
  return from === undefined ? "" : `ip6 ${way === "up" ? "saddr" : "daddr"} ${formatPrefix6(from)}`;
}

/** Where packets of a way are met as the line has them, and which. */
export function onLine(way: Way, from: Prefix6 | undefined): Pick<PacketRule, "place" | "match"> {
  return { place: way === "up" ? "port-in" : "port-out", match: fromOnLine(way, from) };
}

/** Rules that only count what the line does something to. */
export function metOnLine(scene: Scene, from: Prefix6 | undefined): readonly PacketRule[] {
  return eachWay(scene, (way) => onLine(way, from));
}

/** The same traits on each way of a fault. */
export function lineEffects(
  { ways }: Scene,
  from: Prefix6 | undefined,
  traits: LineTraits,
): readonly LineEffect[] {
  return ways.map((way) => ({ way, ...traits, ...(from === undefined ? {} : { from }) }));
}
