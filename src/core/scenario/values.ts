/** Single values of a scenario: how they are written, and what editors show of them. */
import { z } from "zod";
import { formatIp6, formatPrefix6, parseIp6, parsePrefix6 } from "../ip6.ts";
import { showValue } from "../values/parse.ts";
import { BadValue, choice, integer, name, NAME_PATTERN, type ReadScalar } from "../values/scalars.ts";
import { address as readAddress } from "../values/scalars-network.ts";
import { formatSpan, parseSpan } from "../values/units.ts";
import { scalar, VARIABLE } from "../yaml/scalar.ts";

/** A value of a map, as zod reads it. */
export type Value<T> = z.ZodType<T, string>;

/** No experiment takes longer. */
const LONGEST_S = 86_400;
const LONGEST_NAME = 60;
const LONGEST_TEXT = 500;
const SPAN = "(\\d+h)?(\\d+m)?(\\d+([.]\\d+)?s)?(\\d+ms)?";

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

/** A time from the beginning, or the id of a step. */
export type Moment = { readonly atS: number } | { readonly step: string };

const readMoment: ReadScalar<Moment> = (text) => {
  if (new RegExp(`^${NAME_PATTERN}$`).test(text) && !/^\d/.test(text)) return { step: text };
  const seconds = readTime()(text);
  return typeof seconds === "number" ? { atS: seconds } : seconds;
};

/** When something is counted from. */
export function moment(description: string): Value<Moment> {
  return scalar(readMoment, { description, examples: ["10s"] });
}

/** A window of time: from and to. */
export function window(description: string): z.ZodType<number[], string[]> {
  return z.array(time("Seconds since the beginning.")).meta({ description, minItems: 2, maxItems: 2 });
}

/** The name of a member or of something in the scenario. */
export function named(description: string, example: string): Value<string> {
  return scalar(name(LONGEST_NAME, "file names are made from it"), {
    description,
    examples: [example],
    pattern: NAME_PATTERN,
    maxLength: LONGEST_NAME,
  });
}

/** Free text for people. */
export function prose(description: string, example: string): Value<string> {
  return scalar(line, { description, examples: [example], maxLength: LONGEST_TEXT });
}

const line: ReadScalar<string> = (text) =>
  text.trim() !== "" && text.length <= LONGEST_TEXT && !/\p{Cc}/u.test(text.trim())
    ? text.trim()
    : new BadValue(
        "MHLAB_LAB_NAME",
        text.trim() === "" ? "this is empty" : "this is no short text",
        `write one line of at most ${LONGEST_TEXT} characters`,
      );

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

export const flag = (description: string): Value<boolean> =>
  scalar(
    (text) =>
      choice(["true", "false"] as const)(text) === "true" || (text === "false" ? false : badFlag(text)),
    {
      description,
      type: ["boolean", "string"],
    },
  );

function badFlag(text: string): BadValue {
  return new BadValue(
    "MHLAB_LAB_CHOICE",
    `${showValue(text)} is neither true nor false`,
    "write true or false",
  );
}

/** An address that answers probes, in its RFC 5952 form. */
export function address(description: string): Value<string> {
  return scalar(
    (text) => {
      const read = readAddress(text);
      return read instanceof BadValue ? read : formatIp6(read);
    },
    { description, examples: ["2001:db8::1"] },
  );
}

const readSource: ReadScalar<string> = (text) => {
  const bits = parseIp6(text);
  return bits === undefined ? name(LONGEST_NAME, "")(text) : formatIp6(bits);
};

/** A provider by its name, or one address. */
export function source(description: string): Value<string> {
  return scalar(readSource, { description, examples: ["alpha"] });
}

const readPrefix: ReadScalar<string> = (text) => {
  const found = parsePrefix6(text);
  return found === undefined
    ? new BadValue(
        "MHLAB_LAB_PREFIX",
        `${showValue(text)} is not an IPv6 prefix`,
        "write it without bits behind its length, such as 2001:db8:a::/48",
      )
    : formatPrefix6(found);
};

/** Any IPv6 prefix. */
export function prefix(description: string): Value<string> {
  return scalar(readPrefix, { description, examples: ["2001:db8:a::/48"] });
}

/** A file in a folder that nothing may leave. */
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
