/** Options of faults: how their values are written, and what they are when they are left out. */
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
import { BITRATE_INPUT, SHARE_INPUT, spanInput, wholeInput, type ValueInput } from "./input.ts";
import { formatTrace, parseTrace, TRACE_RIGHT, type Trace } from "./trace.ts";

/** How one value is written. */
export interface OptionCodec<T> {
  readonly parse: ParseValue<T>;
  /** What would be right, for messages and the catalogue. */
  readonly right: string;
  /** The canonical form; `parse` reads the same from it. */
  readonly format: (value: T) => string;
  /** How a form asks for it; text when left out. */
  readonly input?: ValueInput;
}

/** An option of a kind; `T` is what the kind gets. */
export interface FaultOption<T> {
  readonly text: string;
  readonly right: string;
  readonly required: boolean;
  /** What counts when it is left out, in its canonical form; undefined when that is nothing. */
  readonly default: string | undefined;
  /** How a form asks for it. */
  readonly input: ValueInput;
  /** On a command line it is the path of a file, whose content counts. */
  readonly isFile?: true;
  /** The canonical form of a text; undefined when it is wrong. */
  canonical(text: string): string | undefined;
  /** The value of a canonical form, or of none. */
  value(text: string | undefined): T;
}
export type FaultOptions = Readonly<Record<string, FaultOption<unknown>>>;

/** What the options of a kind are for it. */
export type ValuesOf<O extends FaultOptions> = {
  readonly [K in keyof O]: O[K] extends FaultOption<infer T> ? T : never;
};

/** An option that has a value when it is left out. */
export function option<T>(
  codec: OptionCodec<T>,
  { text, otherwise }: { text: string; otherwise: NoInfer<T> },
): FaultOption<T> {
  const read = reader(codec);
  return {
    ...read.base,
    text,
    required: false,
    default: codec.format(otherwise),
    value: (given) => (given === undefined ? otherwise : read.value(given)),
  };
}

/** An option that says nothing when it is left out. */
export function optional<T>(codec: OptionCodec<T>, text: string): FaultOption<T | undefined> {
  const read = reader(codec);
  return {
    ...read.base,
    text,
    required: false,
    default: undefined,
    value: (given) => (given === undefined ? undefined : read.value(given)),
  };
}

/** An option without which the kind means nothing. */
export function required<T>(codec: OptionCodec<T>, text: string): FaultOption<T> {
  const read = reader(codec);
  return {
    ...read.base,
    text,
    required: true,
    default: undefined,
    value: (given) => read.value(given ?? ""),
  };
}

/** An option that a command line gives as the path of a file. */
export function fromFile<T>(one: FaultOption<T>): FaultOption<T> {
  return { ...one, isFile: true };
}

function reader<T>(codec: OptionCodec<T>): {
  base: Pick<FaultOption<T>, "right" | "canonical" | "input">;
  value: (text: string) => T;
} {
  const { parse, right, format, input = { as: "text" } } = codec;
  return {
    base: {
      right,
      input,
      canonical: (text) => {
        const value = parse(text);
        return value === undefined ? undefined : format(value);
      },
    },
    value: (text) => {
      const value = parse(text);
      if (value === undefined) throw new RangeError(`'${text}' is not ${right}`);
      return value;
    },
  };
}

/** A whole number. */
export function whole(min: number, max: number): OptionCodec<number> {
  return { parse: integer(min, max), right: `${min} to ${max}`, format: String, input: wholeInput(min, max) };
}

/** One word of a given set. */
export function word<T extends string>(words: readonly T[]): OptionCodec<T> {
  return { parse: oneOf(words), right: words.join(", "), format: String, input: { as: "word", words } };
}

/** A span of time, in milliseconds. */
export function span(minMs: number, maxMs: number): OptionCodec<number> {
  return {
    parse: (text) => {
      const ms = parseSpan(text);
      return ms !== undefined && ms >= minMs && ms <= maxMs ? ms : undefined;
    },
    right: `a time from ${formatSpan(minMs)} to ${formatSpan(maxMs)}, such as 500ms or 2s`,
    format: formatSpan,
    input: spanInput(minMs, maxMs),
  };
}

/** A share of all, as `10%`; the value is a fraction. */
export const share: OptionCodec<number> = {
  parse: (text) => {
    const value = parsePercent(text);
    return value === 0 ? undefined : value;
  },
  right: "a percentage above 0% and up to 100%, with at most two decimals",
  format: formatPercent,
  input: SHARE_INPUT,
};

/** An IPv6 address. */
export const address: OptionCodec<bigint> = {
  parse: parseIp6,
  right: "an IPv6 address such as 2001:db8:bad::1",
  format: formatIp6,
};

const LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";

/** A domain name, without a dot at its end. */
export const domain: OptionCodec<string> = {
  parse: (text) => {
    const name = text.toLowerCase();
    return name.length <= 253 && new RegExp(`^${LABEL}([.]${LABEL})*$`).test(name) ? name : undefined;
  },
  right: "a domain name such as www.example",
  format: String,
};

/** Some of them, with commas between. */
export const domains: OptionCodec<readonly string[]> = {
  parse: (text) => {
    const found = list(domain.parse)(text);
    return found === undefined || found.length === 0 ? undefined : found;
  },
  right: "domain names with commas between",
  format: (values) => values.join(","),
};

/** An IPv6 prefix. */
export const prefix: OptionCodec<Prefix6> = {
  parse: parsePrefix6,
  right: "an IPv6 prefix such as 2001:db8:a:8000::/56",
  format: formatPrefix6,
};

/** Some of them, with commas between. */
export const prefixes: OptionCodec<readonly Prefix6[]> = {
  parse: (text) => {
    const found = list(parsePrefix6)(text);
    return found === undefined || found.length === 0 ? undefined : found;
  },
  right: "IPv6 prefixes with commas between",
  format: (values) => values.map(formatPrefix6).join(","),
};

/** Bits a second. */
export const bitrate: OptionCodec<number> = {
  parse: parseBitrate,
  right: BITRATE_RIGHT,
  format: formatBitrate,
  input: BITRATE_INPUT,
};

/** How a rate changes with time. */
export const trace: OptionCodec<Trace> = { parse: parseTrace, right: TRACE_RIGHT, format: formatTrace };
