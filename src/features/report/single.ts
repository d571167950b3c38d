import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { countSentence, OUTCOMES, resultOf } from "../../core/judge/evidence/outcomes.ts";
import { titleOf } from "../../core/judge/evidence/paths.ts";
import {
  factTable,
  flowTable,
  loadTable,
  gapTable,
  outageTable,
  phaseTable,
  leakTable,
  sendingTable,
  stepTable,
  type DataTable,
} from "./data-tables.ts";
import { aboutRun } from "./facts-line.ts";
import { markup, table, type Markup } from "./html.ts";
import { machineTable, sysctlTable } from "./machine-tables.ts";
import { hasColumns } from "./source-rows.ts";
import { timeline } from "./timeline.ts";
import { verdictList } from "./verdicts.ts";

/** The report of one run. */
export function singleReport(record: RunRecord): Markup {
  const { scenario, partial, labText, scenarioText, machine } = record;
  const { tone, mark } = OUTCOMES[resultOf(record)];
  return markup`<header>
<p class="eyebrow">mhlab experiment</p>
<h1>${titleOf(record)}</h1>
${scenario.title !== null && markup`<p class="deck">${scenario.title}</p>`}
<dl class="about">${aboutRun(record).map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>
<main>
<section aria-labelledby="verdicts"><h2 id="verdicts">Verdicts</h2>
<p class="sum ${tone}"><span aria-hidden="true">${mark}</span> ${countSentence(record.verdicts)}${partial && "; the run was cut short"}.</p>
${verdictList(record)}
</section>
<section aria-labelledby="timeline"><h2 id="timeline">Timeline</h2>
${key(hasColumns(record))}
${timeline(record)}
</section>
<section aria-labelledby="figures"><h2 id="figures">Figures</h2>
${dataTable(gapTable(record))}
${dataTable(outageTable(record))}
<p class="note">An outage is from the sending of the first probe that was not answered to the sending of the first that was again. The resolution is the interval between probes: the line may have failed, and worked again, up to one interval earlier.</p>
${dataTable(phaseTable(record))}
<p class="note">Shares are of the probes that were sent. What arrived at the far side and was not answered is lost on the way back.</p>
${dataTable(sendingTable(record))}
${dataTable(flowTable(record))}
${dataTable(loadTable(record))}
${dataTable(leakTable(record))}
${dataTable(stepTable(record))}
</section>
<section aria-labelledby="repeat"><h2 id="repeat">To repeat it</h2>
<p>The folder of this run holds all that is needed: <code>mhlab run --replay FOLDER</code> does the same again and compares the two.
With what it ran is <a href="#appendix">in the appendix</a>.</p>
</section>
<section class="appendix" aria-labelledby="appendix"><h2 id="appendix">Appendix: machine, settings and files</h2>
${dataTable(machineTable(record))}
<details><summary>Addresses, routers, delegations and prefixes over time</summary>${dataTable(factTable(record))}</details>
<details><summary>Kernel settings</summary>${dataTable(sysctlTable(record))}</details>
<details><summary>Scenario</summary><pre tabindex="0" aria-label="Scenario">${scenarioText}</pre></details>
<details><summary>Lab file</summary><pre tabindex="0" aria-label="Lab file">${labText}</pre></details>
<details><summary>Queues at the end</summary>${Object.entries(machine.queues).map(
    ([name, text]) => markup`<h3>${name}</h3><pre tabindex="0" aria-label="Queues of ${name}">${text}</pre>`,
  )}</details>
</section>
</main>
`;
}

function dataTable({ caption, head, rows }: DataTable): Markup {
  return table(caption, head, rows);
}

/** What the marks of the timeline mean. */
function key(columns: boolean): Markup {
  return markup`<ul class="key">
<li><svg width="26" height="12" aria-hidden="true"><path class="dots p0" d="M4 8h0M13 5h0M22 7h0"/></svg>round trip</li>
<li><svg width="14" height="12" aria-hidden="true"><rect class="lost" x="2" y="1" width="3" height="10"/><rect class="lost" x="8" y="1" width="3" height="10"/></svg>no answer</li>
<li><svg width="14" height="12" aria-hidden="true"><rect class="unsent" x="2" y="2" width="10" height="8"/></svg>not sent</li>
<li><svg width="22" height="12" aria-hidden="true"><rect class="outage" width="22" height="12"/><rect class="span" width="22" height="2"/></svg>outage</li>
<li><svg width="22" height="12" aria-hidden="true"><rect class="band fault" width="22" height="12"/></svg>fault</li>
<li><svg width="22" height="12" aria-hidden="true"><rect class="band renumbering" width="22" height="12"/></svg>renumbering</li>
<li><svg width="22" height="12" aria-hidden="true"><rect class="band restart" width="22" height="12"/></svg>restart</li>
<li><svg width="14" height="12" aria-hidden="true"><circle class="moment" cx="7" cy="6" r="4"/></svg>evidence</li>
</ul>
${
  columns &&
  markup`<p class="note">Of a source with many probes, a stroke goes from the least to the greatest round trip of each column of time, with a line through the medians; the height of a red tick is the share of the column that was not answered. Times beyond the scale are drawn at its top.</p>
`
}`;
}
