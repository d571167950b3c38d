import type { Replayed } from "../../core/judge/experiment/replayed.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import type { Verdict } from "../../core/judge/experiment/record.ts";
import type { Comparison } from "../../core/judge/evidence/compare.ts";
import { counted } from "../../core/model/words.ts";
import { renderTable } from "./table.ts";
import { harmlessAll, theme, type Theme, type View } from "./theme.ts";
import { wrap } from "./width.ts";

const MARKS: { readonly [R in Verdict["result"]]: (look: Theme) => string } = {
  passed: (look) => look.good("✓ passed"),
  failed: (look) => look.bad("✗ failed"),
  "expected-failure": (look) => look.warn("! expected failure"),
  "unexpected-pass": (look) => look.bad("✗ unexpected pass"),
  unsupported: (look) => look.warn("- unsupported"),
  inconclusive: (look) => look.bad("? inconclusive"),
};

/** What a run came to, and where its folder is. */
export function renderRun(given: RunRecord, folder: string, { colour, columns }: View): string {
  const { verdicts, steps, partial, durationS, scenario, inherited } = harmlessAll({
    verdicts: given.verdicts,
    steps: given.steps,
    partial: given.partial,
    durationS: given.durationS,
    scenario: given.scenario.name,
    inherited: given.inherited,
  });
  const look = theme(colour);
  const judged = verdicts.flatMap(({ result, text, measured }) => [
    ...whole(`${MARKS[result](look)}  ${text}`, { width: columns, hang: "    " }),
    ...(measured === ""
      ? []
      : whole(measured, { width: columns, lead: `    ${look.dim("measured:")} `, hang: "      " })),
  ]);
  const bad = steps.filter(({ outcome }) => outcome !== "done");
  const lines = [
    ...(verdicts.length === 0 ? ["nothing was expected"] : judged),
    ...(bad.length === 0 ? [] : [""]),
    ...bad.flatMap(({ id, text, outcome, detail }) =>
      wrap(`${id} ${outcome}: ${text}${detail === null ? "" : ` (${detail})`}`, {
        width: columns,
        hang: "  ",
      }),
    ),
    ...(inherited.length === 0 ? [] : [""]),
    ...inherited.flatMap(({ node, what }) =>
      wrap(`inherited from before the run: ${node}: ${what}`, { width: columns, hang: "  " }),
    ),
    "",
    ...wrap(
      `${scenario}: ${durationS.toFixed(1)} s${partial ? ", ended early" : ""}; the record is in ${folder}`,
      { width: columns, hang: "  " },
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** What several runs came to: figures of each expectation that has some, by what the runs differ in. */
export function renderSeries(
  given: {
    readonly comparisons: readonly Comparison[];
    readonly runs: readonly { name: string; line: string }[];
  },
  folder: string | undefined,
  { colour, columns }: View,
): string {
  const { comparisons, runs } = harmlessAll(given);
  const look = theme(colour);
  const rows = comparisons.flatMap(({ expectation, text, unit, groups }) =>
    groups.map(({ label, spread, results, without }, index) => {
      const met = results.filter((result) => result === "passed" || result === "expected-failure").length;
      const number = (value: number | undefined): string => (value === undefined ? "" : shown(value));
      const within = spread?.medianWithin ?? null;
      return [
        index === 0 ? look.strong(expectation) : "",
        label === "all runs" ? "" : label,
        `${met} of ${results.length}`,
        `${number(spread?.median)}${unit === null || spread === null ? "" : ` ${unit}`}`,
        within === null ? "" : `${shown(within[0])} to ${shown(within[1])}`,
        spread === null ? "" : `${shown(spread.least)} to ${shown(spread.most)}`,
        without === 0 ? "" : String(without),
        text,
      ];
    }),
  );
  const lines = [
    ...renderTable(
      ["RUN", "RESULT"],
      runs.map(({ name, line }) => [name, line]),
      { look, width: columns },
    ),
    "",
    ...(rows.length === 0
      ? []
      : [
          ...renderTable(
            [
              "EXPECTATION",
              { heading: "RUNS", rank: 5 },
              "AS EXPECTED",
              "MEDIAN",
              { heading: "95 % OF THE MEDIAN", rank: 4 },
              { heading: "LEAST TO MOST", rank: 3 },
              { heading: "WITHOUT", rank: 2 },
              { heading: "TEXT", rank: 1, detail: true },
            ],
            rows,
            { look, width: columns },
          ),
          "",
        ]),
    ...(folder === undefined
      ? []
      : wrap(`${counted(runs.length, "run")}; all of it is in ${folder}`, { width: columns, hang: "  " })),
  ];
  return `${lines.join("\n")}\n`;
}

/** A run beside the one that it repeats. */
export function renderReplay(given: readonly Replayed[], { colour, columns }: View): string {
  const look = theme(colour);
  const rows = harmlessAll(given).map(({ text, before, now, same }) => [
    same ? look.good("✓ same") : look.bad("✗ other"),
    text,
    before === null ? "" : `${before.result}: ${before.measured}`,
    now === null ? "" : `${now.result}: ${now.measured}`,
  ]);
  const columnsOf = ["REPLAY", "EXPECTED", { heading: "BEFORE", rank: 1 }, { heading: "NOW", rank: 2 }];
  return `${renderTable(columnsOf, rows, { look, width: columns }).join("\n")}\n`;
}

/** Lines of a width in which no number stands apart from its unit. */
function whole(text: string, options: Parameters<typeof wrap>[1]): string[] {
  const bound = text.replaceAll(/(\d) (?=(?:ms|s|min|h|%)\b|%)/g, "$1\u00A0");
  return wrap(bound, options).map((line) => line.replaceAll("\u00A0", " "));
}

function shown(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
