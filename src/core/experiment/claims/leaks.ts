import { inBounds, inNumber } from "../figures.ts";
import { ownersOf } from "../sources.ts";
import { isComplete, MOST_EVIDENCE, nothing, resultOf, type ClaimKind, type Of } from "./claim-kind.ts";

const NS = 1e9;
const packets = (count: number): string => inNumber(count, "packet");

/** Packets with the source of one provider that went by another. */
export const leaks: ClaimKind<Of<"leaks">> = {
  text: ({ count }) =>
    `${inBounds(count, packets)} with the source of one provider went by another, or was refused for it`,
  judge({ count }, record) {
    const owner = ownersOf(record);
    const arrived = record.probes.filter(({ arrivedBy }) => arrivedBy !== null);
    const known = arrived.filter(({ member, source }) => owner(member, source) !== undefined);
    const leaked = known.filter(({ member, source, arrivedBy }) => owner(member, source) !== arrivedBy);
    const refused = Object.entries(record.refused).filter(([, packetCount]) => packetCount > 0);
    const refusedCount = refused.reduce((sum, [, packetCount]) => sum + packetCount, 0);
    const total = leaked.length + refusedCount;
    if (known.length === 0 && refusedCount === 0)
      return nothing(
        "unsupported",
        "of no probe is it known whose its source is and by which tunnel it came",
      );
    const result = resultOf(total, count, { complete: isComplete(record, null), grows: true });
    const unknown = arrived.length - known.length;
    return {
      // Where not one probe can tell, that none leaked is not known.
      result: known.length === 0 && result === "passed" ? "unsupported" : result,
      measured: [
        `${packets(leaked.length)} of ${known.length} came by another provider`,
        `${packets(refusedCount)} refused${refused.length === 0 ? "" : ` (${refused.map(([name, n]) => `${name}: ${n}`).join(", ")})`}`,
        ...(unknown === 0 ? [] : [`${packets(unknown)} of sources that are nobody's`]),
      ].join("; "),
      value: total,
      unit: "packets",
      evidence: leaked.slice(0, MOST_EVIDENCE).map(({ member, source, sentNs, arrivedBy }) => ({
        atS: sentNs / NS,
        text: `${member}: ${source} is of ${owner(member, source) ?? "nobody"}, and came by ${arrivedBy ?? "nobody"}`,
      })),
    };
  },
};
