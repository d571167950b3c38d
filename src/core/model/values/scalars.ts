/** Readers of the lab file's values: text in, value out, or what is wrong and what would be right. */
import type { ValueCode } from "../error-codes.ts";
import { integer as parseInteger, oneOf, showValue } from "./parse.ts";
import { suggest } from "./suggest.ts";
import { formatDuration, parseDuration } from "./units.ts";

/** A value that could not be read. */
export class BadValue {
  readonly code: ValueCode;
  readonly message: string;
  readonly hint: string;

  constructor(code: ValueCode, message: string, hint: string) {
    this.code = code;
    this.message = message;
    this.hint = hint;
  }
}

/** Complains about values of one kind. */
export function complaint(code: ValueCode): (message: string, hint: string) => BadValue {
  return (message, hint) => new BadValue(code, message, hint);
}

/** Reads one value of the lab file. */
export type ReadScalar<T> = (text: string) => T | BadValue;

/** What editors check of a name. */
export const NAME_PATTERN = "[a-z0-9][a-z0-9-]*";

/** A name of lower-case letters, digits and hyphens; `why` tells where the limit comes from. */
export function name(max: number, why: string): ReadScalar<string> {
  return (text) => {
    const slug = text
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-+|-+$/g, "")
      .slice(0, max);
    const better = slug === "" || slug === text ? "" : `, for example ${slug}`;
    if (!new RegExp(`^${NAME_PATTERN}$`).test(text)) {
      return new BadValue(
        "MHLAB_LAB_NAME",
        `${showValue(text)} cannot be a name`,
        `use a-z, 0-9 and hyphens, and start with a letter or a digit${better}`,
      );
    }
    return text.length <= max
      ? text
      : new BadValue(
          "MHLAB_LAB_NAME",
          `${showValue(text)} has ${text.length} characters, ${max} fit`,
          `${why}; shorten it${better}`,
        );
  };
}

const badDuration = complaint("MHLAB_LAB_DURATION");

/** A duration with a unit, in seconds. */
export function duration(min: number, max: number): ReadScalar<number> {
  return (text) => {
    const seconds = parseDuration(text);
    if (seconds === undefined) {
      return /^\d{1,10}$/.test(text)
        ? badDuration(
            `${showValue(text)} has no unit`,
            `write ${text}s for seconds${Number(text) >= 60 && Number(text) % 60 === 0 ? `, or ${formatDuration(Number(text))}` : ""}; the units are s, m, h and d`,
          )
        : badDuration(
            `${showValue(text)} is not a duration`,
            "write whole numbers with the units s, m, h or d: 1800s, 30m, 4h, 1h30m",
          );
    }
    return seconds >= min && seconds <= max
      ? seconds
      : badDuration(
          `${showValue(text)} is too ${seconds < min ? "short" : "long"}`,
          `from ${formatDuration(min)} to ${formatDuration(max)} is possible here`,
        );
  };
}

/** A whole number within bounds. */
export function integer(min: number, max: number): ReadScalar<number> {
  return (text) =>
    parseInteger(min, max)(text) ??
    new BadValue(
      "MHLAB_LAB_NUMBER",
      `${showValue(text)} is not possible here`,
      `write just a whole number from ${min} to ${max}`,
    );
}

/** `true` or `false`. */
export const flag: ReadScalar<boolean> = (text) => {
  if (text === "true" || text === "false") return text === "true";
  const meant = /^(yes|on|y)$/i.test(text) ? "true" : /^(no|off|n)$/i.test(text) ? "false" : undefined;
  return new BadValue(
    "MHLAB_LAB_CHOICE",
    `${showValue(text)} is neither true nor false`,
    meant === undefined ? "write true or false" : `write ${meant}`,
  );
};

/** One word of a given set; `otherwise` adds to the hint. */
export function choice<T extends string>(values: readonly T[], otherwise = ""): ReadScalar<T> {
  return (text) => {
    const meant = suggest(text, values);
    return (
      oneOf(values)(text) ??
      new BadValue(
        "MHLAB_LAB_CHOICE",
        `${showValue(text)} is not possible here`,
        `${meant === undefined ? "" : `did you mean ${meant}? `}possible: ${values.join(", ")}${otherwise}`,
      )
    );
  };
}
