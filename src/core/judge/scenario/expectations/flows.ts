/** Expectations about flows. */
import * as z from "zod";
import { unheardSpans } from "../../experiment/coverage.ts";
import { inBounds, inSeconds } from "../../experiment/figures.ts";
import { boundsShape, type FlowSample } from "../../experiment/record.ts";
import { bounds, flag, named } from "../entries/values.ts";
import {
  expectationKind,
  isComplete,
  nothing,
  overRun,
  resultOf,
  unlessCovered,
  type Finding,
  type Judged,
} from "./kind.ts";

const NS = 1e9;
/** The last answer is so many intervals before the end, or so long: what was under way then counts for nothing. */
const INTERVALS = 3;
const LEAST_S = 1;

/** A connection: whether it lives to the end, and how long it stood still. */
export const flow = expectationKind("flow", {
  summary: "whether a connection of `flows` lives to the end, and its longest time without an answer",
  example: "{flow: ssh, survives: true, stall: at most 3s}",
  shape: {
    flow: named("The id of the flow.", "ssh"),
    survives: flag("Whether it lives to the end.").optional(),
    stall: bounds("time", "The longest time without an answer.").optional(),
  },
  refs: { flow: "flow" },
  fields: { flow: z.string(), survives: z.boolean().nullable(), stallS: boundsShape.nullable() },
  read: ({ flow: id, survives, stall = null }) => ({
    flow: id,
    survives: survives ?? (stall === null ? true : null),
    stallS: stall,
  }),
  text: ({ flow: id, survives, stallS }) =>
    [
      ...(survives === null ? [] : [`the flow ${id} ${survives ? "lives" : "does not live"} to the end`]),
      ...(stallS === null
        ? []
        : [`${survives === null ? `the flow ${id}` : "it"} stands still for ${inBounds(stallS, inSeconds)}`]),
    ].join(", and "),
  judge({ flow: id, survives, stallS }, record): Finding {
    const samples = record.flows
      .filter((one) => one.flow === id)
      .toSorted((one, other) => one.atNs - other.atNs);
    const unsupported = samples.find(({ event }) => event === "unsupported");
    if (unsupported !== undefined)
      return nothing("unsupported", unsupported.detail ?? "this kind of flow cannot be had here");
    const alive = samples.filter(({ event }) => event === "connected" || event === "answered");
    if (samples.length === 0)
      return nothing(record.partial ? "inconclusive" : "unsupported", "nothing was recorded of it");
    if (alive.length === 0)
      return neverAlive(samples, survives === true || stallS?.atMost != null, record.partial);
    const end = samples.find(({ event }) => event === "broken" || event === "refused");
    const gone = samples.find(({ event }) => event === "sender-gone");
    const missing = missingOf(record, id, gone);
    const closed = samples.find(({ event }) => event === "closed");
    const endNs = (gone ?? closed)?.atNs;
    const endS = endNs === undefined ? record.durationS : endNs / NS;
    const everyS = (record.scenario.flows.find((one) => one.id === id)?.everyMs ?? 0) / 1000;
    const stall = longestStall(alive, endS);
    const isAlive = end === undefined && endS - lastS(alive) <= Math.max(LEAST_S, INTERVALS * everyS);
    const complete = isComplete(record, null);
    const lives: Finding["result"] =
      survives === null
        ? "passed"
        : end === undefined && !complete
          ? "inconclusive"
          : isAlive === survives
            ? "passed"
            : "failed";
    const stalls = stallS === null ? "passed" : resultOf(stall.seconds, stallS, { complete, grows: true });
    const finding: Finding = {
      result: worst(lives, stalls),
      measured: `${end === undefined ? (isAlive ? "lives" : "silent at the end") : `${end.event} at ${inSeconds(end.atNs / NS)}${end.detail === null ? "" : ` (${end.detail})`}`}; the longest time without an answer was ${inSeconds(stall.seconds)}`,
      value: stall.seconds,
      unit: "s",
      evidence: [
        { atS: stall.fromS, text: `no answer for ${inSeconds(stall.seconds)}` },
        ...(end === undefined ? [] : [{ atS: end.atNs / NS, text: end.event }]),
      ],
    };
    return unlessCovered(
      gone !== undefined && survives !== null && end === undefined
        ? { ...finding, result: "passed" }
        : finding,
      missing,
    );
  },
  limits: ({ stallS }) => stallS ?? { atLeast: null, atMost: null },
  ...overRun,
});

/** A flow that never worked does not live, and proves nothing where it was not to. */
function neverAlive([first]: readonly FlowSample[], isWanted: boolean, partial: boolean): Finding {
  const why =
    first === undefined ? "" : `: ${first.event}${first.detail === null ? "" : ` (${first.detail})`}`;
  const finding = nothing("inconclusive", `it never worked in this run${why}`);
  return isWanted && !partial ? { ...finding, result: "failed" } : finding;
}

/** Why the life of a flow is not known: its sender was gone, or was not heard. */
function missingOf(record: Judged, id: string, gone: FlowSample | undefined): string[] {
  const from = record.scenario.flows.find((one) => one.id === id)?.from ?? "its sender";
  return [
    ...(gone === undefined ? [] : [`${from}, its sender, was gone from ${inSeconds(gone.atNs / NS)} on`]),
    ...unheardSpans(record, from).map(
      ([fromS, toS]) => `${from}, its sender, was not heard from ${inSeconds(fromS)} to ${inSeconds(toS)}`,
    ),
  ];
}

function lastS(alive: readonly FlowSample[]): number {
  return (alive.at(-1)?.atNs ?? -Infinity) / NS;
}

/** From one sign of life to the next, or to the end. */
function longestStall(
  alive: readonly FlowSample[],
  endS: number,
): { readonly fromS: number; readonly seconds: number } {
  const times = alive.map(({ atNs }) => atNs / NS);
  const gaps = (times.length === 0 ? [0] : times).map((fromS, index, all) => ({
    fromS,
    seconds: Math.max(0, (all[index + 1] ?? endS) - fromS),
  }));
  return gaps.reduce((longest, gap) => (gap.seconds > longest.seconds ? gap : longest));
}

function worst(one: Finding["result"], other: Finding["result"]): Finding["result"] {
  const order: readonly Finding["result"][] = ["failed", "unsupported", "inconclusive", "passed"];
  return order.find((result) => result === one || result === other) ?? "passed";
}
