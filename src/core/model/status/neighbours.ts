import { formatUtc, parseUtc } from "../utc.ts";
import type { Neighbour } from "./model.ts";

/** The kernel tells ages in whole seconds, so the same moment may come out a second apart. */
const SAME_MOMENT_S = 1;

/** Who was heard, and how many seconds ago. */
export type HeardNeighbour = Omit<Neighbour, "lastSeenAt"> & { readonly ageS: number };

/** Gives neighbours the time at which they were seen, by MAC address: the one of before as long as that is the same moment. */
export function stampNeighbours(
  heard: readonly HeardNeighbour[],
  before: readonly Neighbour[],
  nowS: number,
): Neighbour[] {
  const known = new Map(before.map(({ mac, lastSeenAt }) => [mac, lastSeenAt]));
  return heard
    .map(({ ageS, ...one }): Neighbour => {
      const seenS = nowS - ageS;
      const earlier = known.get(one.mac);
      const same = earlier !== undefined && Math.abs((parseUtc(earlier) ?? 0) - seenS) <= SAME_MOMENT_S;
      return { ...one, lastSeenAt: same ? earlier : formatUtc(seenS) };
    })
    .sort((one, other) => (one.mac < other.mac ? -1 : Number(one.mac > other.mac)));
}
