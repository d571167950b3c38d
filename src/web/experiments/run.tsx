import { useEffect, useRef } from "preact/hooks";
import type { Verdict } from "../../core/judge/experiment/record.ts";
import type { ShownRun } from "../../core/judge/experiment/shown.ts";
import { formatSpan } from "../data/format.ts";
import { Chip } from "../parts/chip.tsx";
import { isAwaited, reportOf } from "./runs.ts";
import { Timeline } from "./timeline.tsx";
import { RESULTS, RUN_STATES, seconds, variableWords } from "./words.ts";

/** One run, as it goes on or as it was. */
export function Run({ run }: { run: ShownRun }) {
  const { id, scenario, title, variables, state, durationS, endsS, report } = run;
  const words = variableWords(variables);
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    // It is above the list, perhaps out of sight.
    if (isAwaited(id)) place.current?.focus();
  }, [id]);
  return (
    <section class="card run" ref={place} tabIndex={-1} aria-labelledby="run-title">
      <h2 id="run-title">
        {scenario} <Chip look={RUN_STATES[state].look}>{RUN_STATES[state].word}</Chip>
        <span class="muted">{words}</span>
        <span class="grow" />
        {report && state !== "running" ? (
          <a class="button" href={reportOf(id)} target="_blank" rel="noopener noreferrer">
            Report<span class="hidden"> of {id}, in a new tab</span>
          </a>
        ) : null}
      </h2>
      {title === null ? null : <p>{title}</p>}
      <p class="muted">
        <span class="mono">{id}</span> {" · "}
        {state === "running"
          ? `${seconds(durationS)} of about ${formatSpan(endsS)}`
          : `lasted ${seconds(durationS)}`}
      </p>
      {state === "running" ? <progress aria-label="How far it is" max={endsS} value={durationS} /> : null}
      <Verdicts run={run} />
      <Timeline run={run} />
    </section>
  );
}

function Verdicts({ run: { verdicts, state } }: { run: ShownRun }) {
  if (state === "running") return <p class="muted">What was expected is judged once it is over.</p>;
  if (verdicts.length === 0) return <p class="muted">Nothing was judged.</p>;
  return (
    <ul class="verdicts" aria-label="What was expected">
      {verdicts.map((verdict) => (
        <VerdictLine key={verdict.id} verdict={verdict} />
      ))}
    </ul>
  );
}

function VerdictLine({ verdict: { text, because, result, measured } }: { verdict: Verdict }) {
  const { word, look } = RESULTS[result];
  return (
    <li class={look}>
      <Chip look={look}>{word}</Chip>
      <span class="said">
        {text}
        <span class="muted measured">
          {measured}
          {because === null ? "" : ` (${because})`}
        </span>
      </span>
    </li>
  );
}
