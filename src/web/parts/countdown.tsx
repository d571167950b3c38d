import { formatSpan } from "../format.ts";

interface CountdownProps {
  /** Seconds; null: for ever. */
  readonly leftS: number | null;
  readonly ofS: number | null;
  /** Moments of the lifetime, in seconds since it began, with what they are called. */
  readonly ticks?: readonly (readonly [name: string, atS: number])[];
}

/** What is left of a lifetime as a bar, with the moments in it. */
export function Countdown({ leftS, ofS, ticks = [] }: CountdownProps) {
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
