import * as z from "zod";
import { isWithin } from "../../experiment/figures.ts";
import {
  spanShape,
  type Bounds,
  type CapturePlan,
  type Observed,
  type StepResult,
  type Verdict,
} from "../../experiment/record.ts";
import type { Span } from "../../experiment/spans.ts";
import {
  entryKind,
  Trouble,
  type EntryKind,
  type EntryWords,
  type Shape,
  type Values,
} from "../entries/entry.ts";
import { named, prose, window } from "../entries/values.ts";
import type { Step } from "../steps/registry.ts";

/** A record before its verdicts, with what follows from its probes. */
export type Judged = Observed & {
  readonly scenario: Observed["scenario"] & { readonly steps: readonly Step[] };
};
/** A record before anything follows from it. */
export type Unjudged = Omit<Judged, "outages" | "probing">;

/** What was measured for an expectation, and whether it is so. */
export interface Finding extends Pick<Verdict, "measured" | "value" | "unit" | "evidence"> {
  readonly result: "passed" | "failed" | "unsupported" | "inconclusive";
}

/** The keys that every expectation may have. */
const every = {
  id: named("Its name in results; left out: by its place.", "beta-stays").optional(),
  because: prose("Why it is expected: RFC and section.", "RFC 7084 G-5").optional(),
  "expected-failure": prose(
    "Why it fails today: it is then an expected failure, and an unexpected pass once it passes.",
    "the bundled CPE does not watch its upstream",
  ).optional(),
};

/** What every expectation has in the record. */
const base = {
  id: z.string(),
  /** Why it is expected: RFC and section. */
  because: z.string().nullable(),
  /** Why it is expected to fail, as xfail of pytest; null: it is expected to pass. */
  expectedFailure: z.string().nullable(),
};
export type Base = z.output<z.ZodObject<typeof base>>;

type Fields = z.ZodRawShape;
type Own<F extends Fields> = z.output<z.ZodObject<F>>;

/** What a kind of expectation is as data: its form in the record, its text, and how it is judged. */
export interface ExpectationWords<F extends Fields> {
  readonly fields: F;
  text(expected: Own<F>): string;
  judge(expected: Own<F> & Base, record: Judged): Finding;
  /** What the measured value may be at least and at most, in its unit. */
  limits(expected: Own<F>): Bounds;
  /** When it looks, in seconds; null: over the whole run, or at a step that was not reached. */
  window(expected: Own<F>, steps: readonly StepResult[]): Span | null;
  /** For how many seconds the run goes on after its last step, so that it can be seen. */
  settleS(expected: Own<F>): number;
  /** What has to be counted on the wire. */
  capture?(expected: Own<F>): CapturePlan;
}

/** An expectation as it is written. */
export type WrittenOf<O> = Omit<Base, "id"> & { readonly id: string | undefined } & O;

/** The form in the record of a kind that `kind` names, with all that judges it. */
export function judgedKind<const K extends string, F extends Fields>(kind: K, words: ExpectationWords<F>) {
  return { ...words, record: z.object({ ...base, kind: z.literal(kind), ...words.fields }) };
}

/** The entry of a kind in YAML, with the keys that every expectation may have. */
export function expectationEntry<const K extends string, S extends Shape, O>(
  kind: K,
  words: EntryWords<S, O>,
): EntryKind<WrittenOf<{ readonly kind: K } & O>> {
  return entryKind({
    ...words,
    shape: { ...words.shape, ...every },
    read(values, further) {
      const own = words.read(values as Values<S>, further);
      const {
        id,
        because = null,
        "expected-failure": expectedFailure = null,
      } = values as Values<typeof every>;
      return own instanceof Trouble ? own : { id, because, expectedFailure, kind, ...own };
    },
  });
}

/** Makes a kind of expectation: its keys in YAML, and all that is done with it; `kind` names it in both. */
export function expectationKind<const K extends string, S extends Shape, F extends Fields>(
  kind: K,
  words: EntryWords<S, Own<F>> & ExpectationWords<F>,
) {
  return { ...judgedKind(kind, words), entry: expectationEntry(kind, words) };
}

/** The key `while` of kinds that look at the whole run or a part of it, its form in the record, and what follows from it. */
export const whileKey = {
  while: window("From and to, as `[10s, 40s]`: only in this time; left out: in all of the run.").optional(),
};
export const whileField = { while: spanShape.nullable() };
export const overWindow = {
  window: (expected: { readonly while: Span | null }): Span | null => expected.while,
  settleS: (): number => 0,
};
/** The same of kinds that have no window. */
export const overRun = { window: (): null => null, settleS: (): number => 0 };

/** So many moments are shown of what there are. */
export const MOST_EVIDENCE = 5;

/** An expectation of which the record says nothing. */
export function nothing(result: "unsupported" | "inconclusive", why: string): Finding {
  return { result, measured: why, value: null, unit: null, evidence: [] };
}

/** A finding that is not a pass although nothing speaks against it: the record does not cover it. Other findings stay. */
export function unlessCovered(finding: Finding, missing: readonly string[]): Finding {
  const [first] = missing;
  if (finding.result !== "passed" || first === undefined) return finding;
  const more = missing.length === 1 ? "" : ` (and ${missing.length - 1} more)`;
  return { ...finding, result: "inconclusive", measured: `${first}${more}; otherwise ${finding.measured}` };
}

/** Whether the run went on to the end of a window, or of all that was planned. */
export function isComplete({ partial, durationS }: Judged, span: Span | null): boolean {
  return span === null ? !partial : durationS >= span[1];
}

/**
 * Whether a figure is within its limit. Of a run that ended early only what time cannot change is judged: a figure that grows
 * and is too large already.
 */
export function resultOf(
  value: number,
  limits: Bounds,
  { complete, grows }: { readonly complete: boolean; readonly grows: boolean },
): Finding["result"] {
  if (complete) return isWithin(value, limits) ? "passed" : "failed";
  const tooMuch = limits.atMost !== null && value > limits.atMost;
  return grows && tooMuch ? "failed" : "inconclusive";
}

/** When a step took hold, in seconds: asking for a fault takes time, and the provider tells from when on it was in force. */
export function heldFromS({ bands }: Pick<Judged, "bands">, { faultId, startedS }: StepResult): number {
  return bands.find(({ kind, id }) => kind === "fault" && id === faultId)?.fromS ?? startedS;
}

/** A step, and when it took hold, in seconds; or why nothing follows from it. */
export function beginningOf(
  { steps, bands }: Judged,
  id: string,
): { readonly step: StepResult; readonly fromS: number } | { readonly missing: Finding } {
  const step = steps.find((one) => one.id === id);
  if (step === undefined || step.outcome === "not-reached")
    return { missing: nothing("inconclusive", `the step ${id} was not reached`) };
  if (step.outcome === "unsupported")
    return {
      missing: nothing(
        "unsupported",
        `the step ${id} cannot be done here${step.detail === null ? "" : `: ${step.detail}`}`,
      ),
    };
  return { step, fromS: heldFromS({ bands }, step) };
}
