import type { RunRecord } from "../../core/judge/scenario/record.ts";
import type { Verdict } from "../../core/judge/experiment/record.ts";
import { OUTCOMES } from "../../core/judge/evidence/outcomes.ts";
import { expectationOf, moment } from "./words.ts";
import { markup, type Markup } from "./html.ts";

/** Where the evidence of a verdict is on the timeline. */
export function pinId(verdict: number, evidence: number): string {
  return `at-${verdict + 1}-${evidence + 1}`;
}

/** The verdicts, each with what was measured, why it is expected, and the way to its evidence. */
export function verdictList(record: RunRecord): Markup {
  if (record.verdicts.length === 0) return markup`<p class="none">The scenario expects nothing.</p>`;
  return markup`<ol class="verdicts">${record.verdicts.map((verdict, index) => item(record, verdict, index))}</ol>`;
}

function item(record: RunRecord, verdict: Verdict, index: number): Markup {
  const { id, text, because, result, measured, evidence } = verdict;
  const { word, mark, tone } = OUTCOMES[result];
  const expectedFailure = expectationOf(record, id)?.expectedFailure ?? null;
  return markup`<li id="verdict-${index + 1}" class="${tone}">
<p class="outcome"><span aria-hidden="true">${mark}</span> ${word}</p>
<div><p class="expected">${text}</p>
<p class="measured"><span class="label">Measured</span> ${measured}</p>${
    because !== null &&
    markup`
<p class="because"><span class="label">Because</span> ${because}</p>`
  }${
    expectedFailure !== null &&
    markup`
<p class="because"><span class="label">Expected to fail</span> ${expectedFailure}</p>`
  }${
    evidence.length > 0 &&
    markup`
<ul class="evidence">${evidence.map(
      ({ atS, text: what }, place) =>
        markup`<li><a href="#${pinId(index, place)}">${moment(atS)}</a> ${what}</li>`,
    )}</ul>`
  }</div></li>
`;
}
