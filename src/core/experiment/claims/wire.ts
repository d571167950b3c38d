import { inBounds, inNumber, inWindow } from "../figures.ts";
import { isComplete, MOST_EVIDENCE, nothing, resultOf, type ClaimKind, type Of } from "./claim-kind.ts";
import { isInside } from "./probes.ts";

const packets = (count: number): string => inNumber(count, "packet");

/** Packets on an interface. */
export const wire: ClaimKind<Of<"wire">> = {
  text: ({ member, interface: name, filter, while: window, count }) =>
    `${inBounds(count, packets)} of '${filter}' at ${member}${name === null ? "" : ` on ${name}`}${inWindow(window)}`,
  judge({ while: window, count }, record, id) {
    const counted = record.wires.find(({ expectation }) => expectation === id);
    if (counted === undefined)
      return nothing(record.partial ? "inconclusive" : "unsupported", "nobody counted them");
    const seen = counted.atS.filter((atS) => isInside(atS, window)).toSorted((one, other) => one - other);
    return {
      result: resultOf(seen.length, count, { complete: isComplete(record, window), grows: true }),
      measured: packets(seen.length),
      value: seen.length,
      unit: "packets",
      evidence: seen.slice(0, MOST_EVIDENCE).map((atS) => ({ atS, text: "a packet" })),
    };
  },
};
