import type { Band, StepResult } from "../../core/judge/experiment/record.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { OUTCOMES } from "../../core/judge/evidence/outcomes.ts";
import { expectationOf, moment, span } from "./words.ts";
import { windowOf } from "../../core/judge/scenario/expectations/registry.ts";
import { flowRows } from "./flow-rows.ts";
import { loadRows } from "./load-rows.ts";
import { markup, type Markup } from "./html.ts";
import { plot, row } from "./plot.ts";
import { timeScale, type TimeScale } from "./scale.ts";
import { nodeRows } from "./source-rows.ts";
import { pinId } from "./verdicts.ts";

/** What happened, to scale: what was done, what was expected, and how it went at each source address. */
export function timeline(record: RunRecord): Markup {
  const scale = timeScale(record);
  const axis = row("axis", markup`<span class="label">seconds since t=0</span>`, axisPlot(scale));
  return markup`<div class="timeline" data-end="${scale.endS}">
${backdrop(record, scale)}
<div class="axis-head">${axis}</div>
<div class="parts"><div class="actions">
${record.steps.length + record.bands.length > 0 && markup`<h3>What was done</h3>`}
${actionRows(record, scale)}
${record.verdicts.length > 0 && markup`<h3>What was expected</h3>`}
${verdictRows(record, scale)}
</div>
${nodeRows(record, scale)}
${flowRows(record, scale)}
${loadRows(record, scale)}
${axis}
</div>
</div>
`;
}

/** Behind all rows: bands, the grid, and a line at each piece of evidence that shows when a link leads there. */
function backdrop({ bands, verdicts }: RunRecord, scale: TimeScale): Markup {
  const line = (atS: number): Markup =>
    markup`<line x1="${scale.at(atS)}" x2="${scale.at(atS)}" y1="0" y2="100%"/>`;
  const band = ({ kind, fromS, toS }: Band): Markup =>
    toS === fromS
      ? markup`<g class="instant">${line(fromS)}</g>`
      : markup`<rect class="band ${kind}" x="${scale.at(fromS)}" y="0" width="${scale.length(fromS, toS ?? scale.endS)}" height="100%"/>`;
  return markup`<svg class="backdrop" width="100%" height="100%" aria-hidden="true">${bands.map(band)}<g class="grid">${scale.ticks.map(line)}</g>${verdicts.map(
    ({ evidence }, index) =>
      evidence.map(({ atS }, place) => markup`<g class="pin" id="${pinId(index, place)}">${line(atS)}</g>`),
  )}<g class="cross"><line x1="0" x2="0" y1="0" y2="100%"/><text></text></g></svg>`;
}

function axisPlot(scale: TimeScale): Markup {
  const texts = scale.ticks.map((tick, index) => {
    const anchor = index === 0 ? "start" : tick > scale.endS * 0.97 ? "end" : "middle";
    return markup`<text x="${scale.at(tick)}" y="13" text-anchor="${anchor}">${tick}</text>`;
  });
  return plot(18, `Time from 0 to ${span(scale.endS)}`, texts);
}

/** One row for each step, with the band of what it began; then the bands that no step began. */
function actionRows({ steps, bands }: RunRecord, scale: TimeScale): Markup[] {
  const begun = new Map<Band, StepResult>();
  for (const step of steps) {
    const band = bands.find((one) => !begun.has(one) && belongs(one, step));
    if (band !== undefined) begun.set(band, step);
  }
  const ofSteps = steps.map((step) => {
    const band = [...begun].find(([, of]) => of === step)?.[0];
    return { atS: step.startedS, made: stepRow(step, band, scale) };
  });
  const rest = bands
    .filter((band) => !begun.has(band))
    .map((band) => ({ atS: band.fromS, made: bandRow(band, scale) }));
  return [...ofSteps, ...rest].sort((one, other) => one.atS - other.atS).map(({ made }) => made);
}

const BEGINS: Readonly<Partial<Record<StepResult["action"], Band["kind"]>>> = {
  renumber: "renumbering",
  restart: "restart",
  mark: "mark",
};

function belongs(band: Band, { faultId, action, node, startedS, endedS }: StepResult): boolean {
  if (faultId !== null) return band.id === faultId;
  const near = band.fromS >= startedS - 0.5 && band.fromS <= (endedS ?? startedS) + 0.5;
  return BEGINS[action] === band.kind && near && (node === null || band.node === node);
}

function stepRow(step: StepResult, band: Band | undefined, scale: TimeScale): Markup {
  const { text, startedS, endedS, outcome, detail, action } = step;
  const toS = band === undefined ? (endedS ?? scale.endS) : (band.toS ?? scale.endS);
  const fromS = band?.fromS ?? startedS;
  const odd = outcome === "done" ? null : markup` <span class="tag bad">${outcome}</span> ${detail}`;
  const words = `${text}, ${moment(fromS)} to ${moment(toS)}, ${outcome}`;
  return row(
    "action",
    markup`<span class="when">${moment(startedS)}</span> <code>${text}</code>${odd}`,
    plot(16, words, outcome === "not-reached" ? null : bar(scale, fromS, toS, band?.kind ?? action)),
  );
}

function bandRow({ kind, label, node, fromS, toS }: Band, scale: TimeScale): Markup {
  const end = toS ?? scale.endS;
  return row(
    "action",
    markup`<span class="when">${moment(fromS)}</span> ${kind} ${node}${label === "" ? "" : `: ${label}`}`,
    plot(16, `${kind} ${node} ${label}, ${moment(fromS)} to ${moment(end)}`, bar(scale, fromS, end, kind)),
  );
}

function bar(scale: TimeScale, fromS: number, toS: number, kind: string): Markup {
  // What took no time is a stroke: a rectangle without a width is not drawn at all.
  if (toS <= fromS)
    return markup`<line class="bar ${kind}" x1="${scale.at(fromS)}" x2="${scale.at(fromS)}" y1="2" y2="14"/>`;
  return markup`<rect class="bar ${kind}" x="${scale.at(fromS)}" width="${scale.length(fromS, toS)}" y="4" height="8"/>`;
}

/** When each expectation looks, and where its evidence is. */
function verdictRows(record: RunRecord, scale: TimeScale): Markup[] {
  return record.verdicts.map(({ id, text, result, evidence }, index) => {
    const { word, mark, tone } = OUTCOMES[result];
    const expectation = expectationOf(record, id);
    const looks = expectation === undefined ? null : windowOf(expectation, record.steps);
    const inside = markup`${
      looks !== null &&
      markup`<rect class="window" x="${scale.at(looks[0])}" width="${scale.length(...looks)}" y="3" height="10"/>`
    }${evidence.map(
      ({ atS, text: what }) =>
        markup`<circle class="moment ${tone}" cx="${scale.at(atS)}" cy="8" r="4"><title>${moment(atS)}: ${what}</title></circle>`,
    )}`;
    const when = looks === null ? "" : `, looked at from ${moment(looks[0])} to ${moment(looks[1])}`;
    return row(
      "action",
      markup`<a class="tag ${tone}" href="#verdict-${index + 1}">${mark} ${word}</a> ${text}`,
      plot(16, `${text}: ${word}${when}`, inside),
    );
  });
}
