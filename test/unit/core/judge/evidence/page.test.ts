/** The report by what is in it; test/system/evidence shows it in a browser. */
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reportMarkdown } from "../../../../../src/features/report/markdown.ts";
import { reportPage } from "../../../../../src/features/report/page.ts";
import { markup } from "../../../../../src/features/report/html.ts";
import { SCRIPT } from "../../../../../src/features/report/script.ts";
import { MOST_TRACKS } from "../../../../../src/features/report/source-rows.ts";
import { STYLE } from "../../../../../src/features/report/style.ts";
import type { RunRecord } from "../../../../../src/core/judge/scenario/record.ts";
import { ANY_RECORD } from "../../../support/any-record.ts";
import { runRecord } from "../../../support/run-record.ts";

const RUN = runRecord();
const PAGE = reportPage([RUN]);
const SEVERAL = [2.8, 3.1, 3.2, 3.9, 4.4, 5.6, 3.3].flatMap((noticedS, seed) =>
  ["bundled", "networkd"].map((cpe, index) =>
    runRecord({ seed, everyMs: 1000, noticedS: noticedS / (index + 1), variables: { cpe } }),
  ),
);
const COMPARED = reportPage(SEVERAL);

function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

describe.each([
  ["of a run", PAGE],
  ["of several", COMPARED],
])("a report %s", (_, page) => {
  test("lets itself load nothing but its own sheet and script", () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1];
    expect(policy).toBe(
      `default-src 'none'; style-src '${digest(STYLE)}'; script-src '${digest(SCRIPT)}'; base-uri 'none'; form-action 'none'`,
    );
    expect(page).toContain(`<style>${STYLE}</style>`);
    expect(page).toContain(`<script>${SCRIPT}</script>`);
    expect(page).not.toMatch(/ style="| on[a-z]+="|javascript:/);
  });

  test("refers to nothing outside, and only to places that it has, each once", () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const links = [...page.matchAll(/ (?:href|src|xlink:href)="([^"]*)"/g)].map(([, link = ""]) => link);
    expect(links.filter((link) => !link.startsWith("#") || !ids.includes(link.slice(1)))).toEqual([]);
    expect(page).not.toMatch(/https?:|url\(|@import/);
  });

  test("says in words what each picture shows", () => {
    const pictures = page.match(/<svg class="plot"[^>]*>/g) ?? [];
    expect(pictures.length).toBeGreaterThan(5);
    for (const picture of pictures) expect(picture).toMatch(/role="img" aria-label="[^"]{3,}"/);
  });
});

test("every verdict leads to its evidence on the timeline", () => {
  const links = [...PAGE.matchAll(/<a href="#(at-\d+-\d+)">/g)].map(([, place]) => place);
  expect(links).toHaveLength(RUN.verdicts.flatMap(({ evidence }) => evidence).length);
});

test("an outage is told with its figures, and how it ended", () => {
  expect(PAGE).toMatch(/10\.00 s<\/td><td>40\.10 s<\/td><td>30\.1 s<\/td><td>± 100 ms<\/td><td>301</);
  expect(PAGE).toContain("66.40 s (the address went)");
  expect(PAGE).toContain("besides, 18 single probes not answered");
});

test("packets that came in by another provider are called out", () => {
  const probes = RUN.probes.map((probe) =>
    probe.arrivedBy === "beta" && probe.seq < 3 ? { ...probe, arrivedBy: "alpha" } : probe,
  );
  expect(reportPage([{ ...RUN, probes }])).toMatch(/\d by another<\/span>/);
  expect(PAGE).not.toContain("by another</span>");
});

test("of several, the values of each group are compared, and those without one are counted", () => {
  expect(COMPARED).toContain("cpe=bundled (7 runs)");
  expect(COMPARED.match(/<circle class="value"/g)?.length).toBe(14 * 3);
  const [first, ...rest] = SEVERAL;
  if (first === undefined) throw new Error("no run");
  const lost = { ...first, verdicts: first.verdicts.map((verdict) => ({ ...verdict, value: null })) };
  expect(reportPage([lost, ...rest])).toContain("; 1 without a value");
});

const HOSTILE = `"><img src=x onerror=alert(1)><script>alert(2)</script>\u202Ex`;

/** All texts of a record turned into a hostile one, names of its vocabulary apart. */
function evil(record: RunRecord): RunRecord {
  const words = new Set([
    "outcome",
    "kind",
    "metric",
    "do",
    "deed",
    "event",
    "result",
    "claim",
    "is",
    "format",
    "startedNs",
  ]);
  const turn = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return words.has(key) ? value : `${HOSTILE}${value}`;
    if (Array.isArray(value)) return value.map((item) => turn(item, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, turn(item, name)]));
  };
  return turn({ ...record, scenario: { ...record.scenario, steps: [] } }, "") as RunRecord;
}

test("hostile text stays text", () => {
  const small = runRecord({ everyMs: 5000 });
  for (const page of [reportPage([evil(small)]), reportPage([evil(small), evil(small)])]) {
    expect(page).not.toContain("<img");
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page).not.toContain("\u202E");
    // Within quotes of an attribute it is text.
    expect(page.replaceAll(/"[^"]*"/g, '""')).not.toMatch(/<[^>]*\sonerror/);
  }
  const markdown = reportMarkdown([evil(small)]);
  expect(markdown).not.toMatch(/<(img|script)/);
});

test("markup is escaped wherever a template has a place for text", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const made = markup`<p title="${text}">${text}</p>`.text;
      const inside = made.slice('<p title="'.length, -"</p>".length);
      expect(inside.replace('">', "")).not.toMatch(/[<>]|"(?!>)/);
    }),
  );
});

test("a report is made of any record", () => {
  fc.assert(
    fc.property(ANY_RECORD, (record) => {
      const page = reportPage([record]);
      expect(page).not.toMatch(/NaN|undefined|Infinity/);
      expect(reportPage([record, record])).not.toMatch(/NaN|undefined/);
    }),
    { numRuns: 40 },
  );
});

describe("a page stays below a megabyte", () => {
  test("with tens of thousands of probes", () => {
    const long = runRecord({ everyMs: 50, durationS: 300 });
    expect(long.probes.length).toBeGreaterThan(20_000);
    expect(reportPage([long]).length).toBeLessThan(500_000);
  });

  test("with a hundred sources that lose every other probe", () => {
    const [like] = RUN.probes;
    if (like === undefined) throw new Error("no probe");
    const probes = Array.from({ length: 100 }, (_, source) =>
      Array.from({ length: 900 }, (__, seq) => {
        const sentNs = seq * 1e8;
        const lost = { ...like, outcome: "no-answer" as const, receivedNs: null };
        const probe =
          seq % 2 === 0 ? { ...like, sentNs, receivedNs: sentNs + 1e7 + seq * 1e4 } : { ...lost, sentNs };
        return { ...probe, source: `2001:db8::${source.toString(16)}`, seq };
      }),
    ).flat();
    const page = reportPage([{ ...RUN, probes, facts: [], outages: [] }]);
    expect(page.length).toBeLessThan(1_000_000);
    expect(page).toContain(`${100 - MOST_TRACKS} more tracks: see the table, and probes.csv.`);
  });
});
