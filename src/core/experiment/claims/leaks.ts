import { inBounds, inNumber } from "../figures.ts";
import type { PortLeaks } from "../observed.ts";
import { ownersOf } from "../sources.ts";
import {
  isComplete,
  MOST_EVIDENCE,
  nothing,
  resultOf,
  type ClaimKind,
  type Judged,
  type Of,
} from "./claim-kind.ts";

const NS = 1e9;
const packets = (count: number): string => inNumber(count, "packet");

/** Packets that leaked at the providers' ports. What the far side saw by a wrong tunnel passed a port before, so it is told and not added. */
export const leaks: ClaimKind<Of<"leaks">> = {
  text: ({ count }) =>
    `${inBounds(count, packets)} leaked at the ports of the providers (a source or destination that is not theirs)`,
  judge({ count }, record) {
    const ports = record.providers.map((name) => ({ name, port: record.leaks[name] }));
    if (ports.length === 0) return nothing("unsupported", "the lab has no provider at whose port to count");
    const total = ports.reduce((sum, { port }) => sum + (port === undefined ? 0 : port.up + port.down), 0);
    const unknown = ports.flatMap(({ name, port }) => unknownOf(name, port, record.durationS));
    const complete = unknown.length === 0 && isComplete(record, null);
    const strays = straysOf(record);
    return {
      result: resultOf(total, count, { complete, grows: true }),
      measured: [
        `${packets(total)} leaked`,
        ...ports.flatMap(({ name, port }) => (port === undefined ? [] : toldOf(name, port))),
        ...unknown,
        ...(strays.length === 0
          ? []
          : [`beside that, the far side got ${packets(strays.length)} by a wrong tunnel`]),
      ].join("; "),
      value: total,
      unit: "packets",
      evidence: strays.slice(0, MOST_EVIDENCE),
    };
  },
};

/** The port's count by direction, and the busiest address of each. */
function toldOf(name: string, { up, down, addresses }: PortLeaks): string[] {
  return (["up", "down"] as const).flatMap((direction) => {
    const count = direction === "up" ? up : down;
    if (count === 0) return [];
    const most = addresses.find((one) => one.direction === direction);
    const word = direction === "up" ? "from" : "to";
    const owner = most?.provider ?? null;
    const busiest =
      most === undefined
        ? ""
        : ` (most ${word} ${most.address}${owner === null ? "" : ` of ${owner}`}: ${most.packets})`;
    return [`${name} ${direction}: ${count}${busiest}`];
  });
}

/** Why the count of a port is not whole. */
function unknownOf(name: string, port: PortLeaks | undefined, durationS: number): string[] {
  const gaps = port?.gaps ?? [[0, durationS]];
  return gaps.map(
    ([fromS, toS]) => `${name} was not counted from ${fromS.toFixed(1)} s to ${toS.toFixed(1)} s`,
  );
}

/** Probes that the far side got by another tunnel than that of their source. */
function straysOf(record: Judged): { atS: number; text: string }[] {
  const owner = ownersOf(record);
  return record.probes.flatMap(({ member, source, sentNs, arrivedBy }) => {
    const own = arrivedBy === null ? undefined : owner(member, source);
    if (own === undefined || own === arrivedBy) return [];
    return [
      { atS: sentNs / NS, text: `${member}: ${source} is of ${own}, and came by ${arrivedBy ?? "nobody"}` },
    ];
  });
}
