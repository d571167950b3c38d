/** What a run says of what was expected of it. */
import { unlessCovered, type Finding, type Judged, type Unjudged } from "./claims/claim-kind.ts";
import { claimText, judgeClaim } from "./claims/registry.ts";
import { clockSteps, probingOf } from "./coverage.ts";
import { inSeconds } from "./figures.ts";
import type { Claim, Expectation, Verdict } from "./model.ts";
import { outagesOf } from "./outages.ts";
import { intersection, type Span } from "./spans.ts";
import { gapText } from "./timeline.ts";

/** Adds what follows from the probes of a record: its outages, and which probes were due and not sent. */
export function withProbing(record: Unjudged): Judged {
  return { ...record, outages: outagesOf(record.probes), probing: probingOf(record) };
}

/** The verdict on each expectation, in their order; the same record has the same verdicts. */
export function judge(judged: Judged): Verdict[] {
  const defects = defectsOf(judged);
  return judged.scenario.expect.map((expectation) => {
    const { id, claim, because } = expectation;
    const window = [windowOf(claim, judged)];
    const missing = defects.filter(({ span }) => intersection([span], window).length > 0);
    const { result, ...measured } = unlessCovered(judgeClaim(claim, judged, id), [
      ...missing.map(({ text }) => text),
      ...(claim.claim === "leaks" ? silenceOf(judged) : []),
    ]);
    return { id, text: claimText(claim), because, result: resultFor(expectation, result), ...measured };
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
    .map(({ fromS, toS, label, member }): Defect => ({
      span: [fromS, toS ?? durationS],
      text: `the fault ${label} of ${member} affected no packet`,
    }));
  const stepped = clockSteps(probes).map(({ member, atS }): Defect => ({
    span: [0, durationS],
    text: `the clock of ${member} was set back at ${inSeconds(atS)}`,
  }));
  return [...idle, ...stepped];
}

/** Nothing leaks where nothing is sent: what each sender owed and did not send. */
function silenceOf({ probing }: Judged): string[] {
  return probing.flatMap(({ member, everyMs, gaps }) =>
    gaps.map((gap) => gapText(member, gap, everyMs / 1000)),
  );
}

/** The time that a claim is about, in seconds. */
function windowOf(claim: Claim, { steps, durationS }: Judged): Span {
  if ("while" in claim && claim.while !== null) return claim.while;
  const step = "step" in claim ? claim.step : "afterStep" in claim ? claim.afterStep : null;
  const begun = steps.find(({ id }) => id === step)?.startedS;
  const afterS = "afterS" in claim ? claim.afterS : null;
  return [begun ?? afterS ?? 0, durationS];
}
