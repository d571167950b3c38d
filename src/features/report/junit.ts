/** JUnit's XML as CI systems read it: a suite for the run, a case for each expectation and for each step that went wrong. */
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import type { StepResult, Verdict } from "../../core/judge/experiment/record.ts";
import { escapeMarkup } from "../../core/model/markup.ts";
import { OUTCOMES } from "../../core/judge/evidence/outcomes.ts";
import { titleOf } from "../../core/judge/evidence/paths.ts";

type Told = "failure" | "skipped" | null;

const TOLD: Readonly<Record<Verdict["result"], Told>> = {
  passed: null,
  failed: "failure",
  // An expected failure is no pass, and must not make CI red.
  "expected-failure": "skipped",
  // The scenario says something untrue of what it tests: somebody has to put it right.
  "unexpected-pass": "failure",
  unsupported: "skipped",
  inconclusive: "failure",
};

const STEP_TOLD: Readonly<Record<StepResult["outcome"], Told>> = {
  done: null,
  failed: "failure",
  unsupported: "skipped",
  "not-reached": "skipped",
};

interface Case {
  readonly name: string;
  readonly about: "expect" | "steps";
  readonly told: Told;
  readonly message: string;
  readonly details: readonly string[];
}

export function writeJunit(record: RunRecord): string {
  const { verdicts, steps, durationS, startedAt } = record;
  const title = titleOf(record);
  const cases = [...verdicts.map(caseOf), ...steps.filter(({ outcome }) => outcome !== "done").map(stepCase)];
  const count = (told: Told): number => cases.filter((one) => one.told === told).length;
  const attributes = [
    `name="${attribute(title)}" tests="${cases.length}" failures="${count("failure")}" errors="0"`,
    `skipped="${count("skipped")}" time="${durationS.toFixed(3)}"`,
  ].join(" ");
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes}>`,
    `  <testsuite ${attributes} timestamp="${attribute(startedAt.replace(/(?:\.\d+)?Z$/, ""))}">`,
    ...properties(record),
    ...cases.flatMap((one) => caseLines(one, title)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function properties({ scenario, lab, variables }: RunRecord): string[] {
  const all = { lab, seed: String(scenario.seed), ...variables };
  return [
    "    <properties>",
    ...Object.entries(all).map(
      ([name, value]) => `      <property name="${attribute(name)}" value="${attribute(value)}"/>`,
    ),
    "    </properties>",
  ];
}

function caseOf({ text, result, measured, because, evidence }: Verdict): Case {
  return {
    name: text,
    about: "expect",
    told: TOLD[result],
    message: `${OUTCOMES[result].word}: ${measured}`,
    details: [
      ...(because === null ? [] : [`because: ${because}`]),
      ...evidence.map((one) => `${one.atS.toFixed(3)} s: ${one.text}`),
    ],
  };
}

function stepCase({ text, outcome, detail }: StepResult): Case {
  const message = detail === null ? outcome : `${outcome}: ${detail}`;
  return { name: text, about: "steps", told: STEP_TOLD[outcome], message, details: [] };
}

function caseLines({ name, about, told, message, details }: Case, title: string): string[] {
  const words = escapeMarkup([message, ...details].join("\n"));
  const inside =
    told === null
      ? `      <system-out>${words}</system-out>`
      : `      <${told} message="${attribute(message)}">${words}</${told}>`;
  return [
    `    <testcase name="${attribute(name)}" classname="${attribute(`${title}.${about}`)}" time="0">`,
    inside,
    "    </testcase>",
  ];
}

/** A reader makes spaces of the ends of lines in attributes; so they are no line's end here. */
function attribute(text: string): string {
  return escapeMarkup(text.replaceAll(/\s+/g, " "));
}
