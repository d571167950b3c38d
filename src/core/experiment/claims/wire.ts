import { inBounds, inNumber, inSeconds, inWindow } from "../figures.ts";
import {
  isComplete,
  MOST_EVIDENCE,
  nothing,
  resultOf,
  unlessCovered,
  type ClaimKind,
  type Of,
} from "./claim-kind.ts";
import { intersection } from "../spans.ts";
import { isInside } from "./probes.ts";

const packets = (count: number): string => inNumber(count, "packet");

/** Packets on an interface. */
export const wire: ClaimKind<Of<"wire">> = {
  text: ({ member, interface: name, filter, while: window, count }) =>
    `${inBounds(count, packets)} of '${filter}' at ${member}${name === null ? "" : ` on ${name}`}${inWindow(window)}`,
  judge({ while: window, count }, record, id) {
    const counted = record.wires.find(({ expectation }) => expectation === id);
    if (counted === undefined) return nothing("inconclusive", "nothing captured them");
    const seen = counted.atS.filter((atS) => isInside(atS, window)).toSorted((one, other) => one - other);
    const all = window ?? [0, record.durationS];
    const missing = intersection(counted.missing ?? [], [all]).map(
      ([fromS, toS]) => `nothing was captured from ${inSeconds(fromS)} to ${inSeconds(toS)}`,
    );
    const finding = {
      result: resultOf(seen.length, count, { complete: isComplete(record, window), grows: true }),
      measured: packets(seen.length),
      value: seen.length,
      unit: "packets",
      evidence: seen.slice(0, MOST_EVIDENCE).map((atS) => ({ atS, text: "a packet" })),
    };
    return unlessCovered(finding, missing);
  },
};
