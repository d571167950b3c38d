import type { Comparison, GroupValues } from "../../core/judge/evidence/compare.ts";
import { markup, type Markup } from "./html.ts";
import { plot, row } from "./plot.ts";
import { percentOf, roundUp, ticksUpTo } from "./scale.ts";
import { figure, plural } from "./words.ts";

interface Limits {
  readonly atLeast: number | null;
  readonly atMost: number | null;
}

/** A box with whiskers for each group on one scale from 0, and each value as a dot: few values say more than their box. */
export function boxPlot({ groups, unit }: Comparison, limits: Limits): Markup {
  const given = [limits.atLeast, limits.atMost].flatMap((limit) => limit ?? []);
  const most = [...given, ...groups.flatMap(({ values }) => values)].reduce(
    (top, value) => Math.max(top, value),
    0,
  );
  const step = roundUp(most / 6);
  const top = most === 0 ? 1 : Math.ceil((most * 1.02) / step) * step;
  const share = (value: number): number => Math.max(0, value) / top;
  const at = (value: number): string => percentOf(share(value));
  const ticks = ticksUpTo(top, 6);
  const axis = plot(
    18,
    `From 0 to ${figure(top, unit)}`,
    ticks.map((tick, index) => {
      const anchor = index === 0 ? "start" : tick > top * 0.96 ? "end" : "middle";
      return markup`<text x="${at(tick)}" y="13" text-anchor="${anchor}">${tick}</text>`;
    }),
  );
  return markup`<div class="timeline boxes">
<svg class="backdrop" width="100%" height="100%" aria-hidden="true"><g class="grid">${ticks.map(
    (tick) => markup`<line x1="${at(tick)}" x2="${at(tick)}" y1="0" y2="100%"/>`,
  )}</g>${given.map((limit) => markup`<line class="limit" x1="${at(limit)}" x2="${at(limit)}" y1="0" y2="100%"/>`)}<g class="cross"><line/><text></text></g></svg>
${groups.map((group) => groupRow(group, unit, share))}
${row("axis", markup`<span class="label">${unit ?? ""}</span>`, axis)}
</div>
`;
}

function groupRow(group: GroupValues, unit: string | null, share: (value: number) => number): Markup {
  const at = (value: number): string => percentOf(share(value));
  const { label, values, without, spread } = group;
  const missing = without === 0 ? "" : `; ${without} without a value`;
  const words =
    spread === null
      ? `${label}: no values`
      : `${label}: median ${figure(spread.median, unit)}, from ${figure(spread.least, unit)} to ${figure(spread.most, unit)}`;
  const box =
    spread !== null &&
    values.length >= 4 &&
    markup`<line class="whisker" x1="${at(spread.least)}" x2="${at(spread.most)}" y1="20" y2="20"/><rect class="box" x="${at(spread.lowQuartile)}" width="${percentOf(share(spread.highQuartile) - share(spread.lowQuartile))}" y="9" height="22"/>`;
  const middle =
    spread !== null &&
    markup`<line class="middle" x1="${at(spread.median)}" x2="${at(spread.median)}" y1="8" y2="32"/>`;
  return row(
    "track",
    markup`<p>${label}</p><p class="small">${plural(values.length, "value")}${missing}</p>`,
    plot(
      40,
      `${words}${missing}`,
      markup`${box}${middle}${values.map(
        (value, index) =>
          markup`<circle class="value" cx="${at(value)}" cy="${14 + ((index * 5) % 13)}" r="3.2"><title>${figure(value, unit)}</title></circle>`,
      )}`,
    ),
  );
}
