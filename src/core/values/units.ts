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
