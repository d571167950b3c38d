import type { Band } from "../../core/judge/experiment/record.ts";
import type { ShownRun, ShownStep } from "../../core/judge/experiment/shown.ts";
import { Chip } from "../parts/chip.tsx";
import { placeOf, seconds, STEP_STATES, stepTime, ticksOf } from "./words.ts";

/** What was done and what lasted, each on a line of the same length in time; the words say the same. */
export function Timeline({ run }: { run: ShownRun }) {
  const { steps, bands, endsS, durationS, state } = run;
  const lengthS = Math.max(endsS, durationS, 0.001);
  const next = steps.find((step) => step.state === "planned");
  const lasting = bands.filter(({ kind }) => kind !== "mark");
  return (
    <div class="lanes">
      <Axis lengthS={lengthS} />
      <h3>Steps</h3>
      {steps.length === 0 ? <p class="empty">It has no steps.</p> : null}
      <ol>
        {steps.map((step) => (
          <StepLane key={step.id} step={step} lengthS={lengthS} run={run} isNext={step === next} />
        ))}
      </ol>
      {lasting.length === 0 ? null : (
        <>
          <h3>What lasts</h3>
          <ol>
            {lasting.map((band) => (
              <BandLane key={`${band.id} ${band.fromS}`} band={band} lengthS={lengthS} run={run} />
            ))}
          </ol>
        </>
      )}
      {state === "running" ? <p class="hidden">Now it is {seconds(durationS)} since its beginning.</p> : null}
    </div>
  );
}

function Axis({ lengthS }: { lengthS: number }) {
  return (
    <div class="axis mono" aria-hidden="true">
      {ticksOf(lengthS)
        // The words of the last one would stand beyond the line.
        .filter((atS) => placeOf(atS, lengthS) < 93)
        .map((atS) => (
          <span key={atS} style={{ left: `${placeOf(atS, lengthS)}%` }}>
            {atS} s
          </span>
        ))}
    </div>
  );
}

interface LaneProps {
  readonly lengthS: number;
  readonly run: ShownRun;
}

function StepLane({ step, lengthS, run, isNext }: LaneProps & { step: ShownStep; isNext: boolean }) {
  const { text, detail, state, startedS, endedS, plannedS } = step;
  const { word, look } = STEP_STATES[state];
  const fromS = startedS ?? plannedS;
  const toS = endedS ?? (startedS === null ? null : run.durationS);
  return (
    <li class={`lane ${state}`}>
      <span class="when mono">{stepTime(step)}</span>
      <code class="what">{text}</code>
      <Chip look={look}>{isNext && run.state === "running" ? "next" : word}</Chip>
      {detail === null ? null : <span class="detail">{detail}</span>}
      <Track {...{ lengthS, run }} className={`step ${look}`} fromS={fromS} toS={toS} />
    </li>
  );
}

function BandLane({ band, lengthS, run }: LaneProps & { band: Band }) {
  const { kind, label, node, fromS, toS } = band;
  const lasts = toS === null && run.state === "running";
  return (
    <li class="lane">
      <span class="when mono">{seconds(fromS)}</span>
      <span class="what">
        {label} <span class="muted">{node}</span>
      </span>
      <Chip look={lasts ? "waiting" : "none"}>
        {lasts ? "lasts" : toS === null ? "to the end" : `to ${seconds(toS)}`}
      </Chip>
      <Track {...{ lengthS, run }} className={`band ${kind}`} fromS={fromS} toS={toS ?? run.durationS} />
    </li>
  );
}

interface TrackProps extends LaneProps {
  readonly className: string;
  /** Null: nothing is drawn, for nobody knows. */
  readonly fromS: number | null;
  /** Null: a moment. */
  readonly toS: number | null;
}

function Track({ lengthS, run, className, fromS, toS }: TrackProps) {
  const left = fromS === null ? 0 : placeOf(fromS, lengthS);
  const width = fromS === null || toS === null ? 0 : placeOf(toS, lengthS) - left;
  return (
    <span class="track" aria-hidden="true">
      {fromS === null ? null : <span class={className} style={{ left: `${left}%`, width: `${width}%` }} />}
      {run.state === "running" ? (
        <span class="now" style={{ left: `${placeOf(run.durationS, lengthS)}%` }} />
      ) : null}
    </span>
  );
}
