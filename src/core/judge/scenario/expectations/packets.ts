/** Expectations about packets: those that leak at the ports of providers, and those on the wire. */
import * as z from "zod";
import { inBounds, inNumber, inSeconds, inWindow } from "../../experiment/figures.ts";
import { boundsShape, type PortLeaks } from "../../experiment/record.ts";
import { ownersOf } from "../../experiment/sources.ts";
import { intersection } from "../../experiment/spans.ts";
import { bounds, expression, interfaceOf, named } from "../entries/values.ts";
import { isInside } from "./chosen-probes.ts";
import {
  expectationKind,
  isComplete,
  MOST_EVIDENCE,
  nothing,
  overRun,
  overWindow,
  resultOf,
  unlessCovered,
  whileField,
  whileKey,
  type Judged,
} from "./kind.ts";

const NS = 1e9;
const packets = (count: number): string => inNumber(count, "packet");

/** What the bundled internet saw by a wrong tunnel passed a port before, so it is told and not added. */
const leaks = expectationKind("leaks", {
  summary:
    "how many packets passed the port of a provider with a source that it did not delegate to who sent them, or for a destination that it does not have (BCP 38, RFC 2827), whatever its source validation did with them",
  example: "{leaks: 0}",
  shape: { leaks: bounds("count", "How many.") },
  fields: { count: boundsShape },
  read: ({ leaks: count }) => ({ count }),
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
        ...ports.flatMap(({ name, port }) => (port === undefined ? [] : portText(name, port))),
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
  limits: ({ count }) => count,
  ...overRun,
});

/** The port's count by direction, and the busiest address of each. */
function portText(name: string, { up, down, addresses }: PortLeaks): string[] {
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
  return record.probes.flatMap(({ node, source, sentNs, arrivedBy }) => {
    const own = arrivedBy === null ? undefined : owner(node, source);
    if (own === undefined || own === arrivedBy) return [];
    return [
      { atS: sentNs / NS, text: `${node}: ${source} is of ${own}, and came by ${arrivedBy ?? "nobody"}` },
    ];
  });
}

const wire = expectationKind("wire", {
  summary: "how many packets of a tcpdump expression passed an interface",
  example: '{wire: "icmp6 and ip6[40] == 134", in: home-host1, count: at least 1, while: [10s, 15s]}',
  shape: {
    wire: expression("The expression.", "icmp6 and ip6[40] == 134"),
    in: named("The node that sees them.", "home-host1"),
    interface: interfaceOf,
    count: bounds("count", "How many; left out: at least 1.").optional(),
    ...whileKey,
  },
  refs: { in: "node" },
  fields: {
    node: z.string(),
    interface: z.string().nullable(),
    filter: z.string(),
    ...whileField,
    count: boundsShape,
  },
  read: ({
    wire: filter,
    in: node,
    interface: name = null,
    count = { atLeast: 1, atMost: null },
    while: during = null,
  }) => ({ node, interface: name, filter, while: during, count }),
  text: ({ node, interface: name, filter, while: window, count }) =>
    `${inBounds(count, packets)} of '${filter}' at ${node}${name === null ? "" : ` on ${name}`}${inWindow(window)}`,
  judge({ id, while: window, count }, record) {
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
  limits: ({ count }) => count,
  ...overWindow,
  capture: ({ node, interface: name, filter }) => ({ node, interface: name, filter }),
});

export const PACKET_EXPECTATIONS = { leaks, wire };
