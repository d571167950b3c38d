/** Values as people read them. Pure, so that tests need no browser. */
import { formatSeconds } from "../../core/model/duration.ts";

/** `1.2 Mbit/s`. */
export function formatRate(bitsPerS: number): string {
  const units = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"] as const;
  let [value, unit] = [bitsPerS, 0];
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ""}`;
}

/** A value of a plot in its unit. */
export function formatValue(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return "–";
  if (unit === "bit/s") return formatRate(value);
  if (unit === "s") return formatSeconds(value);
  const digits = value !== 0 && Math.abs(value) < 10 ? 2 : 0;
  return `${value.toFixed(digits)} ${unit}`;
}

/** A value at an axis: `5 %` beside `10 %`, without digits that say nothing. */
export function formatTick(value: number, unit: string): string {
  return formatValue(value, unit).replace(/\.(\d*?)0+(?= )/, (_, digits: string) =>
    digits === "" ? "" : `.${digits}`,
  );
}

/** How long ago, or left; `–` for nothing. */
export function formatSpan(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined ? "–" : formatSeconds(seconds);
}

/** The time of day of a UTC time, in the browser's own zone. */
export function formatClock(at: string | number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "–";
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
}

/** With a zero before a single digit. */
export function two(number: number): string {
  return String(number).padStart(2, "0");
}

/** A long identifier with its middle left out; the whole stands in a title. */
export function middle(text: string, most: number): string {
  if (text.length <= most) return text;
  const side = Math.floor((most - 1) / 2);
  return `${text.slice(0, side)}…${text.slice(-side)}`;
}

/** Whether a text has each of the words. */
export function matches(text: string, words: string): boolean {
  const lower = text.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

/** A number for a provider's colour, the same wherever it stands: its place among the providers. */
export function colourOf(provider: string | null, providers: readonly string[]): string {
  const index = provider === null ? -1 : providers.indexOf(provider);
  return index < 0 ? "var(--no-one)" : `var(--track-${index % 8})`;
}
