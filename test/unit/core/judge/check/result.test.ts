/** The window of a requirement in a run, who takes part, and the files of a result. */
import { expect, test } from "vitest";
import { castOf } from "../../../../../src/core/judge/check/cast.ts";
import { chosen, REQUIREMENTS } from "../../../../../src/core/judge/check/catalogue/registry.ts";
import { repeated, type Attempted } from "../../../../../src/core/judge/check/repeat.ts";
import { resultOf, windowOf } from "../../../../../src/core/judge/check/result.ts";
import { durationOf, phasesOf, scenarioOf } from "../../../../../src/core/judge/check/schedule.ts";
import { countVerdicts, type Check } from "../../../../../src/core/judge/check/verdict.ts";
import type { StepResult } from "../../../../../src/core/judge/experiment/record.ts";
import { parseLab } from "../../../../../src/core/model/lab/parse.ts";
import { checkFiles } from "../../../../../src/features/check/files.ts";

const step = (id: string, action: string, startedS: number, more: Partial<StepResult> = {}): StepResult =>
  ({
    id,
    text: id,
    action,
    plannedS: null,
    startedS,
    endedS: startedS + 1,
    outcome: "done",
    detail: null,
    exitCode: null,
    faultId: null,
    node: null,
    ...more,
  }) as StepResult;

const STEPS = [
  step("phase-lan", "mark", 5),
  step("rs", "run", 6),
  step("phase-no-router", "mark", 10),
  step("routers-end", "fault", 11),
  step("routers-return", "heal", 20),
];
const RAN = { steps: STEPS, durationS: 30, partial: false };

test("a window is its part of the run, from mark to mark, or between two steps of it", () => {
  expect(windowOf({ phase: "lan" }, RAN)).toEqual({ fromS: 5, toS: 10 });
  expect(windowOf({ phase: "no-router" }, RAN)).toEqual({ fromS: 10, toS: 30 });
  const during = { from: "routers-end", to: "routers-return", graceS: 1 };
  expect(windowOf({ phase: "no-router", during }, RAN)).toEqual({ fromS: 13, toS: 20 });
});

test("a part that was not reached, or whose step failed, is skipped with the reason", () => {
  expect(windowOf({ phase: "renumber" }, RAN)).toBe("its part of the check was not reached");
  const broken = [
    ...STEPS.slice(0, 1),
    step("rs", "run", 6, { outcome: "failed", detail: "no rdisc6" }),
    ...STEPS.slice(2),
  ];
  expect(windowOf({ phase: "lan" }, { ...RAN, steps: broken })).toBe(
    "a step of it could not be done: rs: no rdisc6",
  );
  const ended = [...STEPS.slice(0, 1), step("rs", "run", 6, { outcome: "not-reached" })];
  expect(windowOf({ phase: "lan" }, { ...RAN, steps: ended, partial: true })).toBe(
    "the check was ended before it",
  );
});

const [L_1] = chosen("all", ["l-1"]);

test("a result without packets is inconclusive, and has its requirement's words", () => {
  if (L_1 === undefined) throw new Error("no L-1");
  const facts = { cpe: [], routers: [], lan: [], granted: [] };
  expect(resultOf(L_1, { ran: RAN, facts, packets: [] })).toMatchObject({
    id: "L-1",
    document: "RFC 7084",
    verdict: "inconclusive",
    reason: "no router advertisement was captured on the LAN",
    samples: 0,
    fromS: 5,
  });
});

test("the catalogue: ids are unique, and an unknown one gets a hint", () => {
  const ids = REQUIREMENTS.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
  expect(() => chosen("all", ["L-33"])).toThrow("there is no requirement L-33");
  expect(() => chosen("rfc7084", ["L-16"])).toThrow("in rfc7084");
  expect(chosen("rfc9096", []).every(({ profile }) => profile === "rfc9096")).toBe(true);
});

test("only the parts that requirements need are in the schedule", () => {
  const phases = phasesOf([{ phase: "renumber" }, { phase: "lan" }]);
  expect(phases).toEqual(["lan", "renumber"]);
  expect(durationOf(phases)).toBeLessThan(durationOf(phasesOf(REQUIREMENTS)));
  const cast = { cpe: "home", host: "home-host1", providers: ["alpha"], freshPrefix: "2001:db8:c::/48" };
  const { steps } = scenarioOf(phases, cast, { name: "two", file: "lab.yaml" }) as {
    steps: { id?: string }[];
  };
  expect(steps.flatMap(({ id }) => id ?? [])).toEqual(["phase-lan", "phase-renumber"]);
});

const labOf = (cpes: string, prefix = "2001:db8:a::/48"): Parameters<typeof castOf>[0] => {
  const text = `name: two\ninternet: bundled\nproviders:\n  - {name: alpha, prefix: "${prefix}", subscriber: {cpe: home}}\ncpes: [${cpes}]\n`;
  const read = parseLab(text, { file: "lab.yaml", env: {} });
  if (!("lab" in read)) throw new Error(JSON.stringify(read.diagnostics));
  return read.lab;
};

test("who takes part: the only CPE or the one named, its host, and a prefix that is free", () => {
  const cast = castOf(labOf("{name: home, hosts: 1}"), undefined);
  expect(cast).toMatchObject({
    cpe: "home",
    host: "home-host1",
    providers: ["alpha"],
    freshPrefix: "2001:db8:c4ec::/48",
  });
  expect(castOf(labOf("{name: home, hosts: 1}", "2001:db8:c4ec::/48"), undefined).freshPrefix).toBe(
    "3fff:c4e::/48",
  );
  expect(() => castOf(labOf("{name: home, hosts: 0}"), undefined)).toThrow("no host on its LAN");
  expect(() => castOf(labOf("{name: home, hosts: 1}"), "other")).toThrow("there is no CPE other in two");
});

test("the files of a check: nothing of a router's text becomes markup, and counts are those of the verdicts", () => {
  if (L_1 === undefined) throw new Error("no L-1");
  const facts = { cpe: [], routers: [], lan: [], granted: [] };
  const result = {
    ...resultOf(L_1, { ran: RAN, facts, packets: [] }),
    verdict: "fail" as const,
    reason: "<b>a | b</b>\nand a third",
    evidence: [{ file: "run/lan.pcapng", frame: 7, atS: 1.5 }],
  };
  const check: Check = {
    format: 1,
    lab: "two",
    cpe: "home",
    mhlab: "0",
    tshark: "4.4",
    startedAt: "2026-12-03T06:00:00.000Z",
    durationS: 30,
    partial: false,
    profiles: { rfc7084: countVerdicts([result]) },
    results: [result],
  };
  const [, markdown, junit, earl = ""] = checkFiles(check).map(({ content }) => content);
  expect(markdown).toContain("\\<b\\>a \\| b\\</b\\> and a third");
  expect(markdown).toContain(L_1.matters);
  expect(markdown).toContain("- run/lan.pcapng, frame 7, at 1.500 s");
  expect(junit).toContain('tests="1" failures="1"');
  expect(junit).toContain("&lt;b&gt;a | b&lt;/b&gt;");
  const { "@graph": graph } = JSON.parse(earl) as { "@graph": object[] };
  expect(graph).toMatchObject([
    { "@id": "_:mhlab", "@type": ["Assertor", "Software"] },
    { "@id": "_:cpe", "@type": "TestSubject", title: "home" },
    {
      "@type": "Assertion",
      subject: "_:cpe",
      test: { identifier: "RFC 7084 L-1", isPartOf: "urn:ietf:rfc:7084" },
      result: { outcome: "failed", date: "2026-12-03T06:00:00.000Z" },
    },
  ]);
});

test("a failure that was repeated fails only if it failed each time; otherwise it is inconclusive, with both figures", () => {
  if (L_1 === undefined) throw new Error("no L-1");
  const nothing = resultOf(L_1, {
    ran: RAN,
    facts: { cpe: [], routers: [], lan: [], granted: [] },
    packets: [],
  });
  const result = (run: string, verdict: "pass" | "fail", reason: string): Attempted => ({
    run,
    result: {
      ...nothing,
      verdict,
      reason,
      samples: 5,
      violations: verdict === "fail" ? 3 : 0,
      evidence: [{ file: `${run}/lan.pcapng`, frame: 7, atS: 1 }],
    },
  });
  const failed = result("run", "fail", "3 of 5 packets");
  const each = repeated(failed, [result("run-2", "fail", "2 of 4 packets")]);
  expect(each).toMatchObject({ verdict: "fail", reason: "3 of 5 packets; failed 2 of 2 times" });
  expect(each.evidence.map(({ file }) => file)).toEqual(["run/lan.pcapng", "run-2/lan.pcapng"]);
  const unsteady = repeated(failed, [result("run-2", "pass", "5 packets as required")]);
  expect(unsteady).toMatchObject({
    verdict: "inconclusive",
    reason: "failed 1 of 2 times (3 of 5 packets), then pass (5 packets as required)",
    attempts: [
      { run: "run", verdict: "fail", samples: 5, violations: 3 },
      { run: "run-2", verdict: "pass", samples: 5, violations: 0 },
    ],
  });
  expect(repeated(failed, [])).toMatchObject({
    verdict: "inconclusive",
    reason: "failed 1 of 1 times (3 of 5 packets), and the check was ended before it was repeated",
  });
});
