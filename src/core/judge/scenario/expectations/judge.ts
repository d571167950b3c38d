/** What a run says of what was expected of it. */
import { clockSteps, probingOf } from "../../experiment/coverage.ts";
import { inSeconds } from "../../experiment/figures.ts";
import { outagesOf } from "../../experiment/outages.ts";
import type { Verdict } from "../../experiment/record.ts";
import { intersection, type Span } from "../../experiment/spans.ts";
import { gapText } from "../../experiment/timeline.ts";
import { unlessCovered, type Finding, type Judged, type Unjudged } from "./kind.ts";
import { expectationText, judgeExpectation, type Expectation } from "./registry.ts";

/** Adds what follows from the probes of a record: its outages, and which probes were due and not sent. */
export function withProbing<R extends Unjudged>(record: R): R & Pick<Judged, "outages" | "probing"> {
  return { ...record, outages: outagesOf(record.probes), probing: probingOf(record) };
}

/** The verdict on each expectation of a run, in their order; the same record has the same verdicts. */
export function judge(expectations: readonly Expectation[], judged: Judged): Verdict[] {
  const defects = defectsOf(judged);
  return expectations.map((expectation) => {
    const { id, because } = expectation;
    const span = [spanOf(expectation, judged)];
    const missing = defects.filter((defect) => intersection([defect.span], span).length > 0);
    const { result, ...measured } = unlessCovered(judgeExpectation(expectation, judged), [
      ...missing.map(({ text }) => text),
      ...(expectation.kind === "leaks" ? silenceOf(judged) : []),
    ]);
    const text = expectationText(expectation);
    return { id, text, because, result: resultFor(expectation, result), ...measured };
  });
}

/** An expected failure that passes is reported, so that the scenario can be corrected. */
function resultFor({ expectedFailure }: Expectation, result: Finding["result"]): Verdict["result"] {
  if (expectedFailure === null) return result;
  if (result === "passed") return "unexpected-pass";
  return result === "failed" ? "expected-failure" : result;
}

/** A time whose record proves nothing, whatever is expected of it. */
interface Defect {
  readonly span: Span;
  readonly text: string;
}

/** Faults that met nothing did not test anything; a clock that was set back makes every time doubtful. */
function defectsOf({ bands, probes, durationS }: Judged): Defect[] {
  const idle = bands
    .filter(({ kind, hits }) => kind === "fault" && hits === 0)
    .map(({ fromS, toS, label, node }): Defect => ({
      span: [fromS, toS ?? durationS],
      text: `the fault ${label} of ${node} affected no packet`,
    }));
  const stepped = clockSteps(probes).map(({ node, atS }): Defect => ({
    span: [0, durationS],
    text: `the clock of ${node} was set back at ${inSeconds(atS)}`,
  }));
  return [...idle, ...stepped];
}

/** Nothing leaks where nothing is sent: what each sender owed and did not send. */
function silenceOf({ probing }: Judged): string[] {
  return probing.flatMap(({ node, everyMs, gaps }) => gaps.map((gap) => gapText(node, gap, everyMs / 1000)));
}

/** The time that an expectation is about, in seconds: from where it begins to look to the end of the run, unless it says when. */
function spanOf(expectation: Expectation, { steps, durationS }: Judged): Span {
  if ("while" in expectation && expectation.while !== null) return expectation.while;
  const step =
    "step" in expectation ? expectation.step : "afterStep" in expectation ? expectation.afterStep : null;
  const begun = steps.find(({ id }) => id === step)?.startedS;
  const afterS = "afterS" in expectation ? expectation.afterS : null;
  return [begun ?? afterS ?? 0, durationS];
}
