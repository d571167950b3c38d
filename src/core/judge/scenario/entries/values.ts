/** Single values of a scenario: how they are written, and what editors show of them. */
import * as z from "zod";
import type { Bounds } from "../../experiment/record.ts";
import type { Span } from "../../experiment/spans.ts";
import { formatIp6, formatPrefix6, parseIp6 } from "../../../model/ip6.ts";
import { isIpv4, parseDomain, showValue } from "../../../model/values/parse.ts";
import {
  BadValue,
  choice,
  flag as readFlag,
  integer,
  name,
  NAME_PATTERN,
  type ReadScalar,
} from "../../../model/values/scalars.ts";
import { address as readAddress, prefix as readPrefix } from "../../../model/values/scalars-network.ts";
import { formatSpan, parseBitrate, parsePercent, parseSpan } from "../../../model/values/units.ts";
import { scalar, VARIABLE } from "../../../model/yaml/scalar.ts";

/** A value of a map, as zod reads it. */
export type Value<T> = z.ZodType<T, string>;

/** No experiment takes longer. */
const LONGEST_S = 86_400;
const LONGEST_NAME = 60;
const LONGEST_TEXT = 500;
const SPAN = "(\\d+h)?(\\d+m)?(\\d+([.]\\d+)?s)?(\\d+ms)?";

/** What a reader gives, written in one form. */
function written<T>(read: ReadScalar<T>, write: (value: T) => string): ReadScalar<string> {
  return (text) => {
    const value = read(text);
    return value instanceof BadValue ? value : write(value);
  };
}

/** A span of time in seconds, with its unit. */
function readTime(minS = 0): ReadScalar<number> {
  return (text) => {
    const ms = parseSpan(text);
    if (ms === undefined) {
      const bare = /^\d{1,9}(\.\d{1,3})?$/.test(text);
      return new BadValue(
        "MHLAB_LAB_DURATION",
        `${showValue(text)} ${bare ? "has no unit" : "is not a time"}`,
        bare
          ? `write ${text}s for seconds; the units are ms, s, m and h`
          : "write 500ms, 10s, 1.5s, 1m or 1h30m",
      );
    }
    const seconds = ms / 1000;
    return seconds >= minS && seconds <= LONGEST_S
      ? seconds
      : new BadValue(
          "MHLAB_LAB_DURATION",
          `${showValue(text)} is too ${seconds < minS ? "short" : "long"}`,
          `from ${formatSpan(minS * 1000)} to ${formatSpan(LONGEST_S * 1000)} is possible here`,
        );
  };
}

/** A time, in seconds. */
export function time(
  description: string,
  { min = 0, usual }: { min?: number; usual?: string } = {},
): Value<number> {
  return scalar(readTime(min), {
    description,
    pattern: SPAN,
    minLength: 2,
    ...(usual === undefined ? { examples: ["10s"] } : { default: usual }),
  });
}

const readMoment: ReadScalar<number | { readonly step: string }> = (text) =>
  new RegExp(`^${NAME_PATTERN}$`).test(text) && !/^\d/.test(text) ? { step: text } : readTime()(text);

/** When something is counted from: seconds since the beginning, or the id of a step. */
export function moment(description: string): Value<number | { readonly step: string }> {
  return scalar(readMoment, { description, examples: ["10s"] });
}

/** A window of time: from and to, in seconds. */
export function window(description: string): z.ZodType<Span, string[]> {
  return z
    .array(time("Seconds since the beginning."))
    .meta({ description, minItems: 2, maxItems: 2 })
    .transform((span, context): Span => {
      const [from, to, ...more] = span;
      if (from !== undefined && to !== undefined && more.length === 0 && from < to) return [from, to];
      const message = span.length === 2 ? "this window ends before it begins" : "a window has two times";
      const hint = "write the earlier one first: while: [10s, 40s]";
      const problem = new BadValue("MHLAB_SCENARIO_WINDOW", message, hint);
      context.addIssue({ code: "custom", message, params: { problem } });
      return z.NEVER;
    });
}

/** A number with its unit: how a limit is written. */
const QUANTITIES = {
  count: { read: (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined), example: "3" },
  time: { read: (text) => scaled(parseSpan(text), 1 / 1000), example: "1s" },
  percent: { read: (text) => scaled(parsePercent(text), 100), example: "1%" },
  bitrate: { read: parseBitrate, example: "10mbit" },
} as const satisfies Record<
  string,
  { readonly read: (text: string) => number | undefined; readonly example: string }
>;

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : Math.round(value * factor * 1000) / 1000;
}

/** A limit in words: `0`, `at most 1s`, `at least 3`, `1s to 3s`. */
export function bounds(kind: keyof typeof QUANTITIES, description: string): Value<Bounds> {
  const { read, example } = QUANTITIES[kind];
  const right = `write ${example}, at most ${example}, at least ${example}, or two with to between`;
  const readBounds: ReadScalar<Bounds> = (text) => {
    const [, most, least, from, to, exact] =
      /^(?:at most (\S+)|at least (\S+)|(\S+) to (\S+)|(\S+))$/.exec(text.trim()) ?? [];
    const atMost = least === undefined ? read(most ?? to ?? exact ?? "") : null;
    const atLeast = most === undefined ? read(least ?? from ?? exact ?? "") : null;
    if (atMost === undefined || atLeast === undefined || (atMost ?? Infinity) < (atLeast ?? 0))
      return new BadValue("MHLAB_LAB_NUMBER", `${showValue(text)} is not a limit`, right);
    return { atLeast, atMost };
  };
  return scalar(readBounds, {
    description,
    type: ["string", "integer"],
    examples: [`at most ${example}`],
  });
}

/** The name of a node or of something in the scenario. */
export function named(description: string, example: string): Value<string> {
  return scalar(name(LONGEST_NAME, "file names are made from it"), {
    description,
    examples: [example],
    pattern: NAME_PATTERN,
    maxLength: LONGEST_NAME,
  });
}

/** Whether a text is one line that is not empty. */
function isLine(text: string): boolean {
  return text !== "" && text.length <= LONGEST_TEXT && !/\p{Cc}/u.test(text);
}

/** Free text for people. */
export function prose(description: string, example: string): Value<string> {
  const read: ReadScalar<string> = (text) =>
    isLine(text.trim())
      ? text.trim()
      : new BadValue(
          "MHLAB_LAB_NAME",
          text.trim() === "" ? "this is empty" : "this is no short text",
          `write one line of at most ${LONGEST_TEXT} characters`,
        );
  return scalar(read, { description, examples: [example], maxLength: LONGEST_TEXT });
}

/** One word of a command, as it is. */
export function argument(description: string): Value<string> {
  return scalar((text) => text, { description, type: ["string", "number", "boolean"] });
}

/** One word of a given set. */
export function oneOf<const T extends string>(words: readonly T[], description: string): Value<T> {
  // Editors propose the words, and take a variable as well.
  return scalar(choice(words), { description, anyOf: [{ enum: words }, { pattern: VARIABLE }] });
}

export function whole(min: number, max: number, description: string, usual?: number): Value<number> {
  return scalar(integer(min, max), {
    description,
    type: ["integer", "string"],
    ...(usual === undefined ? {} : { default: usual }),
  });
}

export function flag(description: string): Value<boolean> {
  return scalar(readFlag, { description, type: ["boolean", "string"] });
}

/** An address that answers probes, in its RFC 5952 form. */
export function address(description: string): Value<string> {
  return scalar(written(readAddress, formatIp6), { description, examples: ["2001:db8::1"] });
}

const readDestination: ReadScalar<string> = (text) =>
  parseIp6(text) === undefined && !isIpv4(text) && parseDomain(text) !== undefined
    ? text.toLowerCase()
    : written(readAddress, formatIp6)(text);

/** An address in its RFC 5952 form, or a name of the DNS. */
export function destination(description: string): Value<string> {
  return scalar(readDestination, { description, examples: ["2001:db8::1"] });
}

const readSource: ReadScalar<string> = (text) => {
  const bits = parseIp6(text);
  return bits === undefined ? name(LONGEST_NAME, "")(text) : formatIp6(bits);
};

/** A provider by its name, or one address. */
export function source(description: string): Value<string> {
  return scalar(readSource, { description, examples: ["alpha"] });
}

/** Any IPv6 prefix. */
export function prefix(description: string): Value<string> {
  return scalar(written(readPrefix(1, 128), formatPrefix6), { description, examples: ["2001:db8:a::/48"] });
}

/** Reads a file in a folder that nothing may leave. */
export const fileBelow: ReadScalar<string> = (text) =>
  /^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/.test(text.replace(/^\.\//, "")) &&
  text.length <= 200
    ? text.replace(/^\.\//, "")
    : new BadValue(
        "MHLAB_LAB_NAME",
        `${showValue(text)} cannot be a file here`,
        "name a file in this folder or in one below it: letters, digits, dot, hyphen, no ..",
      );

/** A file in a folder that nothing may leave. */
export function file(description: string, example: string): Value<string> {
  return scalar(fileBelow, { description, examples: [example] });
}

/** The name of an interface in a container; left out: all. */
export const interfaceOf = scalar(
  (text): string | BadValue =>
    /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/.test(text)
      ? text
      : new BadValue(
          "MHLAB_LAB_INTERFACE",
          `${showValue(text)} cannot be an interface`,
          "write its name, such as eth0",
        ),
  { description: "Its interface; left out: all.", examples: ["eth0"] },
).optional();

const readExpression: ReadScalar<string> = (text) =>
  isLine(text.trim()) && !text.trim().startsWith("-")
    ? text.trim()
    : new BadValue(
        "MHLAB_LAB_NAME",
        `${showValue(text)} is no filter`,
        "write what tcpdump takes: icmp6 and host 2001:db8::1",
      );

/** An expression that tcpdump reads; its words are no options. */
export function expression(description: string, example: string): Value<string> {
  return scalar(readExpression, { description, examples: [example] });
}
