/** Options of faults: how each is written, what a form needs to ask for it, and its value when it is left out. */
import { formatIp6, formatPrefix6, parseIp6, parsePrefix6, type Prefix6 } from "../ip6.ts";
import { integer, list, oneOf, type ParseValue } from "../values/parse.ts";
import {
  BITRATE_RIGHT,
  formatBitrate,
  formatPercent,
  formatSpan,
  parseBitrate,
  parsePercent,
  parseSpan,
} from "../values/units.ts";
import { formatTrace, parseTrace, TRACE_RIGHT, type Trace } from "./trace.ts";

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

/** How one value is written. */
export interface Codec<T> {
  readonly parse: ParseValue<T>;
  /** The canonical form; `parse` reads the same from it. */
  format(value: T): string;
  /** Says which values are right, for messages and the catalogue. */
  readonly right: string;
  /** How a form asks for it; text when left out. */
  readonly input?: ValueInput;
}

/** An option of a kind; `T` is what the kind gets. */
export interface FaultOption<T> extends Codec<T> {
  readonly text: string;
  readonly required?: true;
  /** Its value when it is left out, and the canonical form of that; none when that is nothing. */
  readonly otherwise?: T;
  readonly default?: string;
  /** On a command line it is the path of a file, whose content counts. */
  readonly isFile?: true;
  /** Whether it has an effect beside these others; always when left out. */
  counts?(given: Readonly<Record<string, string>>): boolean;
}
export type FaultOptions = Readonly<Record<string, FaultOption<unknown>>>;

/** What the options of a kind are for it. */
export type ValuesOf<O extends FaultOptions> = {
  readonly [K in keyof O]: O[K] extends FaultOption<infer T> ? T : never;
};

/** An option that has a value when it is left out. */
export function option<T>(
  codec: Codec<T>,
  { text, otherwise }: { text: string; otherwise: NoInfer<T> },
): FaultOption<T> {
  return { ...codec, text, otherwise, default: codec.format(otherwise) };
}

/** An option that is undefined when it is left out. */
export function optional<T>(codec: Codec<T>, text: string): FaultOption<T | undefined> {
  return { ...(codec as Codec<T | undefined>), text };
}

/** An option without which the kind means nothing. */
export function required<T>(codec: Codec<T>, text: string): FaultOption<T> {
  return { ...codec, text, required: true };
}

/** A whole number. */
export function whole(min: number, max: number): Codec<number> {
  return {
    parse: integer(min, max),
    right: `${min} to ${max}`,
    format: String,
    input: { as: "number", step: 1, units: [{ unit: "", min, max }] },
  };
}

/** One word of a given set. */
export function word<T extends string>(words: readonly T[]): Codec<T> {
  return { parse: oneOf(words), right: words.join(", "), format: String, input: { as: "word", words } };
}

const SPANS = [
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
] as const;

/** A span of time, in milliseconds. A form offers the units in which its range neither begins with thousands nor ends below one. */
export function span(minMs: number, maxMs: number): Codec<number> & { readonly input: ValueInput } {
  const units = SPANS.filter(([, ms]) => ms <= maxMs && minMs / ms < 1000);
  return {
    parse: (text) => {
      const ms = parseSpan(text);
      return ms !== undefined && ms >= minMs && ms <= maxMs ? ms : undefined;
    },
    right: `a time from ${formatSpan(minMs)} to ${formatSpan(maxMs)}, such as 500ms or 2s`,
    format: formatSpan,
    input: {
      as: "number",
      step: "any",
      units: units.map(([unit, ms]) => ({ unit, min: minMs / ms, max: maxMs / ms })),
    },
  };
}

/** A share of all, as `10%`; the value is a fraction. */
export const share: Codec<number> = {
  parse: (text) => parsePercent(text) || undefined,
  right: "a percentage above 0% and up to 100%, with at most two decimals",
  format: formatPercent,
  input: { as: "number", step: 0.01, units: [{ unit: "%", min: 0.01, max: 100 }] },
};

/** An IPv6 address. */
export const address: Codec<bigint> = {
  parse: parseIp6,
  right: "an IPv6 address such as 2001:db8:bad::1",
  format: formatIp6,
};

const LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";

/** A domain name, without a dot at its end. */
export const domain: Codec<string> = {
  parse: (text) => {
    const name = text.toLowerCase();
    return name.length <= 253 && new RegExp(`^${LABEL}([.]${LABEL})*$`).test(name) ? name : undefined;
  },
  right: "a domain name such as www.example",
  format: String,
};

/** An IPv6 prefix. */
export const prefix: Codec<Prefix6> = {
  parse: parsePrefix6,
  right: "an IPv6 prefix such as 2001:db8:a:8000::/56",
  format: formatPrefix6,
};

/** One or more values with commas between. */
export function several<T>(codec: Codec<T>, right: string): Codec<readonly T[]> {
  return {
    parse: (text) => {
      const found = list(codec.parse)(text);
      return found?.length === 0 ? undefined : found;
    },
    right,
    format: (values) => values.map((value) => codec.format(value)).join(","),
  };
}

/** Bits a second, as `tc` writes them. */
export const bitrate: Codec<number> = {
  parse: parseBitrate,
  right: BITRATE_RIGHT,
  format: formatBitrate,
  input: {
    as: "number",
    step: "any",
    units: [
      { unit: "mbit", min: 0.008, max: 100_000 },
      { unit: "kbit", min: 8, max: 100_000_000 },
      { unit: "gbit", min: 0.001, max: 100 },
    ],
  },
};

/** How a rate changes with time. */
export const trace: Codec<Trace> = { parse: parseTrace, right: TRACE_RIGHT, format: formatTrace };
