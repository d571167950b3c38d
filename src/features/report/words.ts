/** Words, figures and colours of the report. */
import type { Expectation } from "../../core/judge/scenario/expectations/registry.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";

export function expectationOf(record: RunRecord, id: string): Expectation | undefined {
  return record.scenario.expect.find((one) => one.id === id);
}

/** One of eight colours for each provider, in the order of the lab; none for who is no provider. */
export function colourOf({ providers }: Pick<RunRecord, "providers">, provider: string | null): string {
  const index = provider === null ? -1 : providers.indexOf(provider);
  return index === -1 ? "p-none" : `p${index % 8}`;
}

const thousands = (text: string): string => text.replaceAll(/\B(?=(\d{3})+$)/g, "\u202F");

/** A count with thin spaces: `12 345`. */
export function count(value: number): string {
  return value < 10_000 ? String(value) : thousands(String(value));
}

/** A span: `3.20 s`, `40 ms`, `2 min 5 s`. */
export function span(seconds: number): string {
  if (seconds < 0) return `\u2212${span(-seconds)}`;
  if (seconds > 0 && seconds < 1) return `${trimmed(seconds * 1000, seconds < 0.01 ? 2 : 0)} ms`;
  if (seconds === 0) return "0 s";
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A moment of the run: `13.20 s`. */
export function moment(seconds: number): string {
  return `${seconds.toFixed(2)} s`;
}

export function milliseconds(ns: number): string {
  const ms = ns / 1e6;
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  return ms < 100 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** A share: `3.4 %`, `0 %`. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return "\u2013";
  const share = (100 * part) / whole;
  return `${share === 0 || share === 100 ? share : share.toFixed(share < 1 ? 2 : 1)} %`;
}

/** A value with its unit, with as many digits as say something. */
export function figure(value: number, unit: string | null): string {
  if (unit === "s") return span(value);
  const text = Number.isInteger(value) ? count(value) : String(Number(value.toPrecision(4)));
  return unit === null ? text : `${text} ${unit}`;
}

/** `1 run`, `20 runs`. */
export function plural(number: number, one: string): string {
  return `${count(number)} ${one}${number === 1 ? "" : "s"}`;
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
