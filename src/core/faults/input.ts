/** Input fields for values that people type: what a form needs to ask for one. */
import type { FaultKind } from "./names.ts";

/** A unit of a number, as it is written after it, and the range of the number in it, both ends included. */
export interface NumberUnit {
  readonly unit: string;
  readonly min: number;
  readonly max: number;
}

/** How a form asks for a value. `number`: a number and one of its units; `step` is the distance of two values. */
export type ValueInput =
  | { readonly as: "text" }
  | { readonly as: "word"; readonly words: readonly string[] }
  | { readonly as: "number"; readonly step: number | "any"; readonly units: readonly NumberUnit[] };

/** A whole number without a unit. */
export function wholeInput(min: number, max: number): ValueInput {
  return { as: "number", step: 1, units: [{ unit: "", min, max }] };
}

const SPANS = [
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
] as const;

/** A time, in the units that suit its range: none in which it begins with thousands or ends below one. */
export function spanInput(minMs: number, maxMs: number): ValueInput {
  const units = SPANS.filter(([, ms]) => ms <= maxMs && minMs / ms < 1000);
  return {
    as: "number",
    step: "any",
    units: units.map(([unit, ms]) => ({ unit, min: minMs / ms, max: maxMs / ms })),
  };
}

/** A percentage with at most two decimals. */
export const SHARE_INPUT: ValueInput = {
  as: "number",
  step: 0.01,
  units: [{ unit: "%", min: 0.01, max: 100 }],
};

/** Bits a second, as `tc` writes them. */
export const BITRATE_INPUT: ValueInput = {
  as: "number",
  step: "any",
  units: [
    { unit: "mbit", min: 0.008, max: 100_000 },
    { unit: "kbit", min: 8, max: 100_000_000 },
    { unit: "gbit", min: 0.001, max: 100 },
  ],
};

const FAMILIES: Readonly<Record<string, string>> = {
  line: "Line quality",
  link: "Access link",
  upstream: "Upstream",
  ra: "Router advertisements",
  dhcpv6: "DHCPv6",
  dns: "DNS",
  bng: "BNG",
};

/** The heading under which a form lists a kind. */
export function familyOf(kind: FaultKind): string {
  const [family = ""] = kind.split("-");
  return FAMILIES[family] ?? family;
}
