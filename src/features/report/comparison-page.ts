import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { compareRuns, groupRuns, type Comparison } from "../../core/judge/evidence/compare.ts";
import { countsOf, OUTCOMES, resultOf } from "../../core/judge/evidence/outcomes.ts";
import { titleOf } from "../../core/judge/evidence/paths.ts";
import { boxPlot } from "./box-plot.ts";
import { expectationOf, figure, plural, span } from "./words.ts";
import { limitsOf } from "../../core/judge/scenario/expectations/registry.ts";
import { startOf } from "./facts-line.ts";
import { markup, table, type Markup, type Part } from "./html.ts";

/** Several runs in one page: what became of each expectation, and how its times spread. */
export function comparisonReport(records: readonly RunRecord[]): Markup {
  const scenarios = [...new Set(records.map(({ scenario }) => scenario.name))];
  return markup`<header>
<p class="eyebrow">mhlab experiments compared</p>
<h1>${scenarios.join(", ") || "no runs"}</h1>
<p class="deck">${plural(records.length, "run")} of ${plural(scenarios.length, "scenario")}.</p>
</header>
<main>
<section aria-labelledby="verdicts"><h2 id="verdicts">Verdicts</h2>
${scenarios.map((scenario) => verdictTable(records, scenario))}
</section>
<section aria-labelledby="times"><h2 id="times">What was measured</h2>
<p class="note">Each dot is a run. From four values on, a box goes from the first to the third quartile, and a line from the least to the greatest value; the thick line is the median. The red line is what the scenario allows.</p>
${compareRuns(records).map((comparison) => comparisonPart(records, comparison))}
</section>
<section aria-labelledby="runs"><h2 id="runs">Runs</h2>
${table(
  "Runs",
  ["run", "begun", "lasted", "lab", "seed", "mhlab", "kernel", "result"],
  records.map((record) => [
    titleOf(record),
    startOf(record),
    span(record.durationS),
    record.lab,
    String(record.scenario.seed),
    record.machine.mhlab,
    record.machine.kernel,
    tag(record),
  ]),
)}
</section>
</main>
`;
}

function tag(record: RunRecord): Part {
  const { tone, word, mark } = OUTCOMES[resultOf(record)];
  return markup`<span class="tag ${tone}">${mark} ${word}</span>`;
}

/** How often each expectation was met, by group. */
function verdictTable(records: readonly RunRecord[], scenario: string): Markup {
  const runs = records.filter((record) => record.scenario.name === scenario);
  const groups = groupRuns(runs);
  const verdicts = runs.flatMap((run) => run.verdicts);
  const ids = [...new Set(verdicts.map(({ id }) => id))];
  return table(
    scenario,
    ["expectation", ...groups.map(({ label, runs: own }) => `${label} (${plural(own.length, "run")})`)],
    ids.map((id) => [
      verdicts.find((verdict) => verdict.id === id)?.text ?? id,
      ...groups.map(({ runs: own }) => {
        const results = own.flatMap((run) => run.verdicts.filter((verdict) => verdict.id === id));
        return countsOf(results).map(([result, count]) => {
          const { tone, word, mark } = OUTCOMES[result];
          return markup`<span class="tag ${tone}">${mark} ${count > 1 && `${count} × `}${word}</span> `;
        });
      }),
    ]),
  );
}

/** A picture of values that are all the same says nothing. */
function isSpread({ groups }: Comparison): boolean {
  return new Set(groups.flatMap(({ values }) => values)).size > 1;
}

function comparisonPart(records: readonly RunRecord[], comparison: Comparison): Markup {
  const { scenario, expectation, text, unit, groups } = comparison;
  const found = records
    .filter((record) => record.scenario.name === scenario)
    .map((record) => expectationOf(record, expectation))
    .find((one) => one !== undefined);
  const limits = found === undefined ? { atLeast: null, atMost: null } : limitsOf(found);
  const value = (number: number | undefined): string => (number === undefined ? "" : figure(number, unit));
  return markup`<h3>${text}</h3>
${isSpread(comparison) && boxPlot(comparison, limits)}
${table(
  `${scenario}: ${expectation}`,
  ["runs of", "values", "without", "median", "95 % of the median", "quartiles", "least", "most"],
  groups.map(({ label, values, without, spread }) => [
    label,
    String(values.length),
    String(without),
    value(spread?.median),
    spread === null || spread.medianWithin === null
      ? "needs six values"
      : `${value(spread.medianWithin[0])} to ${value(spread.medianWithin[1])}`,
    spread === null ? "" : `${value(spread.lowQuartile)} to ${value(spread.highQuartile)}`,
    value(spread?.least),
    value(spread?.most),
  ]),
)}
`;
}
