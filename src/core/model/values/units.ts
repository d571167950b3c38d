const UNITS = [
  ["d", 86_400],
  ["h", 3600],
  ["m", 60],
  ["s", 1],
] as const;

/** The longest lifetime that DHCPv6 can carry without meaning infinity (RFC 8415 7.7). */
export const MAX_LIFETIME_S = 0xffff_fffe;

/** Reads a duration such as `30m`, `4h` or `1h30m` into seconds; undefined when the unit is missing or unknown. */
export function parseDuration(text: string): number | undefined {
  const match = /^(?:(\d{1,10})d)?(?:(\d{1,10})h)?(?:(\d{1,10})m)?(?:(\d{1,10})s)?$/.exec(text);
  if (match === null || text === "") return undefined;
  return UNITS.reduce((sum, [, seconds], index) => sum + Number(match[index + 1] ?? 0) * seconds, 0);
}

/** Writes whole seconds so that parseDuration reads the same: `30m`, `2h30m`. */
export function formatDuration(seconds: number): string {
  let rest = seconds;
  const parts = UNITS.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? "" : `${count}${unit}`;
  });
  return parts.join("") || "0s";
}

const SPAN_UNITS = [
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;

/** Reads a span such as `500ms`, `1.5s` or `1h30m` into whole milliseconds; undefined when the unit is missing or unknown. */
export function parseSpan(text: string): number | undefined {
  const match = /^(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9}(?:\.\d{1,3})?)s)?(?:(\d{1,9})ms)?$/.exec(
    text,
  );
  if (match === null || text === "") return undefined;
  return Math.round(SPAN_UNITS.reduce((sum, [, ms], index) => sum + Number(match[index + 1] ?? 0) * ms, 0));
}

/** Writes whole milliseconds so that parseSpan reads the same: `500ms`, `1s500ms`, `1h30m`. */
export function formatSpan(ms: number): string {
  let rest = ms;
  const parts = SPAN_UNITS.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? "" : `${count}${unit}`;
  });
  return parts.join("") || "0s";
}

const RATE_UNITS = [
  ["gbit", 1_000_000_000],
  ["mbit", 1_000_000],
  ["kbit", 1000],
  ["bit", 1],
] as const;
/** Slower than a modem, nothing that is waited for comes to an end. */
const LOWEST_RATE = 8000;
const HIGHEST_RATE = 100_000_000_000;

export const BITRATE_RIGHT =
  "8kbit to 100gbit, with bit, kbit, mbit or gbit (thousands): 512kbit, 20mbit, 2.5gbit";

/** Reads a rate such as `20mbit` into bits a second, in tc's words; undefined when the unit is missing or unknown. */
export function parseBitrate(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(bit|kbit|mbit|gbit)$/.exec(text.toLowerCase()) ?? [];
  const size = RATE_UNITS.find(([name]) => name === unit)?.[1] ?? Number.NaN;
  const rate = Math.round(Number(count) * size);
  return rate >= LOWEST_RATE && rate <= HIGHEST_RATE ? rate : undefined;
}

/** Writes a rate so that parseBitrate reads the same: `20mbit`, `1500kbit`. */
export function formatBitrate(rate: number): string {
  const [unit, size] = RATE_UNITS.find(([, each]) => rate % each === 0) ?? ["bit", 1];
  return `${rate / size}${unit}`;
}

/** Reads a percentage such as `0.5%` into a fraction; undefined when it is none from 0% to 100%, or has more than two decimals. */
export function parsePercent(text: string): number | undefined {
  const percent = Number(/^(\d{1,3}(?:\.\d{1,2})?)%$/.exec(text)?.[1] ?? Number.NaN);
  return percent <= 100 ? Math.round(percent * 100) / 10_000 : undefined;
}

/** Writes a fraction so that parsePercent reads the same. */
export function formatPercent(value: number): string {
  return `${Math.round(value * 10_000) / 100}%`;
}
