/** All kinds of loads, in the order of the docs; their names are a contract. */
import { curl } from "./curl.ts";
import { flent } from "./flent.ts";
import { happyEyeballs } from "./happy-eyeballs.ts";
import { iperf3 } from "./iperf3.ts";
import { irtt } from "./irtt.ts";
import { netperf } from "./netperf.ts";
import { perfdhcp } from "./perfdhcp.ts";
import type { LoadKindRecord } from "./kind.ts";

const LOADS = {
  iperf3,
  irtt,
  netperf,
  flent,
  curl,
  "happy-eyeballs": happyEyeballs,
  perfdhcp,
} satisfies Record<string, LoadKindRecord>;

export type LoadKind = keyof typeof LOADS;

export const LOAD_KINDS = Object.keys(LOADS) as [LoadKind, ...LoadKind[]];

/** Whether a word is a kind of load. */
export function isLoadKind(word: unknown): word is LoadKind {
  return typeof word === "string" && Object.hasOwn(LOADS, word);
}

/** The record of a kind. */
export function loadRecord(kind: LoadKind): LoadKindRecord {
  return LOADS[kind];
}
