/** RFC 8415 7.7 and RFC 4861 4.6.2 say infinity with 32 bits that are one; what counts down from there is still that. */
const FOR_EVER_S = 0x8000_0000;

/** A span of time as a person says it: `8 s`, `3 min 5 s`, `3 h 59 min`, `2 d 4 h`, `for ever`. */
export function formatSeconds(seconds: number): string {
  if (seconds >= FOR_EVER_S) return "for ever";
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair([Math.floor(whole / 60), "min"], [whole % 60, "s"]);
  if (whole < 86_400) return pair([Math.floor(whole / 3600), "h"], [Math.floor((whole % 3600) / 60), "min"]);
  return pair([Math.floor(whole / 86_400), "d"], [Math.floor((whole % 86_400) / 3600), "h"]);
}

/** How long ago something was: `just now`, `3 min ago`, `2 h ago`, `4 d ago`. */
export function formatAgo(seconds: number): string {
  if (seconds < 5) return "just now";
  const units = [
    [86_400, "d"],
    [3600, "h"],
    [60, "min"],
  ] as const;
  const [size, unit] = units.find(([least]) => seconds >= least) ?? [1, "s"];
  return `${Math.floor(seconds / size)} ${unit} ago`;
}

/** A stopwatch's reading: `0.4 s`, `12.3 s`, `2 min 5 s`. */
export function formatElapsed(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : formatSeconds(ms / 1000);
}

/** A round trip: `0.42 ms`, `12.1 ms`, `120 ms`. */
export function formatMs(ms: number): string {
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  return ms < 100 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

function pair([big, unit]: [number, string], [small, smallUnit]: [number, string]): string {
  return small === 0 ? `${big} ${unit}` : `${big} ${unit} ${small} ${smallUnit}`;
}
