import { escapeMarkup } from "../../core/model/markup.ts";
import type { Check, Result } from "../../core/judge/check/verdict.ts";

/** JUnit's XML as CI systems read it: a case for each requirement. An inconclusive one is an error, not a failure of the CPE. */
export function checkJunit({ cpe, lab, durationS, startedAt, results }: Check): string {
  const count = (...names: readonly Result["verdict"][]): number =>
    results.filter(({ verdict }) => names.includes(verdict)).length;
  const attributes = [
    `name="check of ${attribute(cpe)} in ${attribute(lab)}" tests="${results.length}" failures="${count("fail")}"`,
    `errors="${count("inconclusive")}" skipped="${count("skipped", "not-applicable")}" time="${durationS.toFixed(3)}"`,
  ].join(" ");
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes}>`,
    `  <testsuite ${attributes} timestamp="${attribute(startedAt.replace(/(?:\.\d+)?Z$/, ""))}">`,
    ...results.flatMap(caseOf),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

const ELEMENT: Readonly<Record<Result["verdict"], string | undefined>> = {
  pass: undefined,
  fail: "failure",
  inconclusive: "error",
  "not-applicable": "skipped",
  skipped: "skipped",
};

function caseOf({ document, id, title, verdict, reason, observed, evidence }: Result): string[] {
  const element = ELEMENT[verdict];
  const details = [
    reason,
    ...observed.map(({ side, filter, frames }) => `${side}, ${frames} frames: ${filter}`),
    ...evidence.map(({ file, frame, atS }) => `${file}, frame ${frame}, at ${atS.toFixed(3)} s`),
  ].join("\n");
  return [
    `    <testcase name="${attribute(`${id}: ${title}`)}" classname="${attribute(document)}" time="0">`,
    element === undefined
      ? `      <system-out>${escapeMarkup(details)}</system-out>`
      : `      <${element} message="${attribute(reason)}">${escapeMarkup(details)}</${element}>`,
    "    </testcase>",
  ];
}

function attribute(text: string): string {
  return escapeMarkup(text.replaceAll(/\s+/g, " "));
}
