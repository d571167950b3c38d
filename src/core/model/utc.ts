/** Times of day in UTC as RFC 3339 has them, without a clock: seconds since 1970 to text and back. */

const DAY_S = 86_400;
const FORM = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d(?:\.\d+)?)Z$/;

/** `2026-11-24T23:46:41Z` of seconds since 1970; with digits of a fraction when asked for. */
export function formatUtc(seconds: number, digits = 0): string {
  const scaled = digits === 0 ? Math.round(seconds) : seconds;
  const days = Math.floor(scaled / DAY_S);
  const inDay = scaled - days * DAY_S;
  const [year, month, day] = civilOf(days);
  const whole = Math.floor(inDay);
  const fraction = Math.floor((inDay - whole) * 10 ** digits);
  const clock = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map(two).join(":");
  const rest = digits === 0 ? "" : `.${String(fraction).padStart(digits, "0")}`;
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${clock}${rest}Z`;
}

/** Seconds since 1970; undefined when the text is no such time. */
export function parseUtc(text: string): number | undefined {
  const found = FORM.exec(text);
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map(Number);
  return daysOf(year, month, day) * DAY_S + hours * 3600 + minutes * 60 + seconds;
}

/** The time of day in a time: `23:46:41 UTC`. */
export function clockOf(time: string): string {
  return `${time.slice("2026-11-24T".length, "2026-11-24T23:46:41".length)} UTC`;
}

/** Whole seconds from a moment, in seconds since 1970, until a time; 0 when that is over or no time. */
export function secondsUntil(time: string, nowS: number): number {
  return Math.max(0, Math.round((parseUtc(time) ?? nowS) - nowS));
}

/** Whole seconds since a time; 0 when that is yet to come or no time. */
export function secondsSince(time: string, nowS: number): number {
  return Math.max(0, Math.round(nowS - (parseUtc(time) ?? nowS)));
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

/** Years begin in March here, so that the leap day is the last (H. Hinnant, chrono-compatible date algorithms). */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

function civilOf(days: number): [year: number, month: number, day: number] {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day];
}
