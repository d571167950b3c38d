import { secondsSince, secondsUntil } from "../../core/model/utc.ts";
import { formatSpan } from "../data/format.ts";
import { nowS } from "../data/state.ts";

interface CountdownProps {
  /** When it is over, UTC; null: for ever. */
  readonly until: string | null;
  readonly ofS: number | null;
  /** Moments of the lifetime, in seconds since it began, with what they are called. */
  readonly ticks?: readonly (readonly [name: string, atS: number])[];
}

/** What is left of a lifetime as a bar, with the moments in it. */
export function Countdown({ until, ofS, ticks = [] }: CountdownProps) {
  const leftS = leftOf(until);
  if (leftS === null) return <span class="countdown">for ever</span>;
  const whole = Math.max(ofS ?? leftS, leftS, 1);
  const left = (100 * leftS) / whole;
  const passed = ticks.filter(([, atS]) => whole - leftS >= atS).map(([name]) => name);
  const look = left < 10 ? "down" : passed.includes("T2") || passed.includes("preferred") ? "waiting" : "up";
  const words = passed.length === 0 ? "" : `, past ${passed.join(", ")}`;
  return (
    <span class="countdown" title={ticks.map(([name, atS]) => `${name} after ${formatSpan(atS)}`).join(", ")}>
      <span class="bar" role="img" aria-label={`${formatSpan(leftS)} left of ${formatSpan(whole)}${words}`}>
        <span class={`fill ${look}`} style={{ width: `${left}%` }} />
        {ticks
          .filter(([, atS]) => atS > 0 && atS < whole)
          .map(([name, atS]) => (
            <span key={name} class="tick" style={{ left: `${100 - (100 * atS) / whole}%` }} />
          ))}
      </span>
      <span class="left">{formatSpan(leftS)}</span>
    </span>
  );
}

/** Seconds that are left until a time; null: for ever. */
export function leftOf(until: string | null): number | null {
  return until === null ? null : secondsUntil(until, nowS.value);
}

/** Seconds since a time; null before there was one. */
export function ageOf(since: string | null): number | null {
  return since === null ? null : secondsSince(since, nowS.value);
}
