/** All kinds of faults; what depends on the kind of a fault is looked up here. */
import type { Fault } from "./fault.ts";
import { bngCrash } from "./kinds/bng-crash.ts";
import { raMtuLie } from "./kinds/ra-mtu-lie.ts";
import { raStop } from "./kinds/ra-stop.ts";
import { upstreamBlackhole } from "./kinds/upstream-blackhole.ts";
import type { FaultKind } from "./names.ts";
import type { FaultOptions, ValuesOf } from "./option.ts";
import type { FaultRecord } from "./record.ts";

const FAULTS = {
  "upstream-blackhole": upstreamBlackhole,
  "ra-stop": raStop,
  "ra-mtu-lie": raMtuLie,
  "bng-crash": bngCrash,
} as const satisfies Record<FaultKind, unknown>;

/** The kinds that happen once. */
export type DeedKind = {
  [K in FaultKind]: (typeof FAULTS)[K]["nature"] extends "deed" ? K : never;
}[FaultKind];

/** The record of a kind. */
export function faultRecord(kind: FaultKind): FaultRecord {
  return FAULTS[kind] as FaultRecord;
}

/** What the options of a fault are for its kind. Throws RangeError when one is not in its canonical form. */
export function valuesOf({ kind, options }: Pick<Fault, "kind" | "options">): ValuesOf<FaultOptions> {
  return Object.fromEntries(
    Object.entries(faultRecord(kind).options).map(([name, one]) => [name, one.value(options[name])]),
  );
}
