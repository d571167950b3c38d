import { useEffect } from "preact/hooks";
import type { RunSummary, ShownRuns } from "../../core/judge/experiment/shown.ts";
import { RUNS_FOLDER } from "../../core/model/names.ts";
import { shellWord } from "../../core/model/words.ts";
import { formatSpan } from "../data/format.ts";
import { Chip } from "../parts/chip.tsx";
import { CommandLine } from "../parts/command.tsx";
import { view } from "../data/state.ts";
import { Run } from "./run.tsx";
import { followRuns, reportOf, runs, show, shown, trouble } from "./runs.ts";
import { countWords, dateWords, RUN_STATES, variableWords } from "./words.ts";

/** What was tried with the lab: the run that goes on, and those that are over. */
export function Experiments() {
  useEffect(followRuns, []);
  const list = runs.value;
  return (
    <div class="cards wide">
      {trouble.value === null ? null : (
        <p class="notice inside" role="alert">
          Experiments are not told: {trouble.value}
        </p>
      )}
      <p class="hidden" role="status">
        {shown.value === null ? "" : `${shown.value.scenario}: ${RUN_STATES[shown.value.state].word}`}
      </p>
      {shown.value === null ? null : <Run run={shown.value} />}
      {list === null ? <p class="empty card">Looking for experiments…</p> : <List list={list} />}
    </div>
  );
}

function List({ list }: { list: ShownRuns }) {
  if (list.runs.length === 0) return <None folder={list.folder} />;
  return (
    <section class="card" aria-labelledby="runs-title">
      <h2 id="runs-title">
        Experiments <span class="count">{list.runs.length + list.more}</span>
        <span class="muted">
          in <code>{list.folder}</code>
        </span>
      </h2>
      <Series list={list} />
      <div class="scroll" tabIndex={0} role="group" aria-label="Experiments of the lab">
        <table class="runs" role="table">
          <thead role="rowgroup">
            <tr role="row">
              <th scope="col" role="columnheader">
                Run
              </th>
              <th scope="col" role="columnheader">
                When
              </th>
              <th scope="col" role="columnheader">
                Lasted
              </th>
              <th scope="col" role="columnheader">
                State
              </th>
              <th scope="col" role="columnheader">
                Verdicts
              </th>
              <th scope="col" role="columnheader">
                Report
              </th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {list.runs.map((run) => (
              <Row key={run.id} run={run} />
            ))}
          </tbody>
        </table>
      </div>
      {list.more === 0 ? null : <p class="muted">{list.more} older ones are not shown.</p>}
    </section>
  );
}

/** Roles are said anew, because a narrow window shows rows as blocks, which takes them away. */
function Row({ run }: { run: RunSummary }) {
  const { id, scenario, variables, startedAt, durationS, state, report } = run;
  const isShown = shown.value?.id === id;
  const words = countWords(run);
  const cell = variableWords(variables);
  return (
    <tr role="row" class={isShown ? "chosen" : ""}>
      <th scope="row" role="rowheader">
        <button class="plain pick" aria-pressed={isShown} onClick={() => show(id)} title={id}>
          {scenario}
        </button>
        {cell === "" ? null : <div class="muted">{cell}</div>}
        <div class="muted mono">{id}</div>
      </th>
      <td role="cell" data-column="When">
        <time dateTime={startedAt}>{dateWords(startedAt)}</time>
      </td>
      <td role="cell" data-column="Lasted">
        {formatSpan(durationS)}
      </td>
      <td role="cell" data-column="State">
        <Chip look={RUN_STATES[state].look}>{RUN_STATES[state].word}</Chip>
      </td>
      <td role="cell" data-column="Verdicts" class="counts">
        {words.length > 0 ? null : <span class="muted">{state === "running" ? "not yet" : "none"}</span>}
        {words.map(({ word, look }) => (
          <Chip key={word} look={look}>
            {word}
          </Chip>
        ))}
      </td>
      <td role="cell" data-column="Report">
        {report && state !== "running" ? (
          <a href={reportOf(id)} target="_blank" rel="noopener noreferrer">
            report<span class="hidden"> of {id}, in a new tab</span>
          </a>
        ) : (
          <span class="muted">no report</span>
        )}
      </td>
    </tr>
  );
}

/** Reports of runs that belong together. */
function Series({ list: { series } }: { list: ShownRuns }) {
  if (series.length === 0) return null;
  return (
    <ul class="series" aria-label="Several runs in one report">
      {series.map(({ id, runs: count }) => (
        <li key={id}>
          <a href={reportOf(id)} target="_blank" rel="noopener noreferrer">
            {id}
            <span class="hidden">, in a new tab</span>
          </a>{" "}
          <span class="muted">{count} runs compared</span>
        </li>
      ))}
    </ul>
  );
}

function None({ folder }: { folder: string }) {
  const out = folder === RUNS_FOLDER ? "" : ` --out ${shellWord(`${folder}/first`)}`;
  return (
    <section class="card" aria-labelledby="none-title">
      <h2 id="none-title">No experiment yet</h2>
      <p class="empty">
        There is no run of this lab in <code>{folder}</code>. A scenario says what is done to the lab and what
        is expected; this runs it, and it is shown here as it goes on:
      </p>
      <CommandLine text={`${view.self} run scenario.yaml${out}`} />
      <p class="muted">
        For runs that lie elsewhere: <code>{view.self} dashboard --runs …</code>
      </p>
    </section>
  );
}
