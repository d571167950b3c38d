/** What lasted in a run, from what its steps did and what the agents told. */
import { faultWords, type FaultEnd } from "../../model/faults/fault.ts";
import { faultRecord, isFaultKind } from "../../model/faults/kinds.ts";
import type { FaultStatus } from "../../model/status/model.ts";
import type { Band, Fact, StepResult } from "../experiment/record.ts";
import type { Step } from "./steps/registry.ts";

/** What an agent told of a fault. */
export interface FaultNews {
  readonly atS: number;
  readonly node: string;
  readonly fault: Pick<FaultStatus, "id" | "kind" | "direction" | "options" | "hits">;
  readonly reason: FaultEnd | null;
}

/** All bands, in the order in which they began. */
export function bandsOf(
  news: readonly FaultNews[],
  around: {
    readonly plan: readonly Step[];
    readonly steps: readonly StepResult[];
    readonly facts: readonly Fact[];
    /** Seconds until the end of the run: what is told later only tells what faults had affected. */
    readonly endS: number;
  },
): Band[] {
  const { plan, steps, facts, endS } = around;
  const starting = new Set(
    plan.flatMap((one) => (one.do === "restart" && ["start", "restart"].includes(one.how) ? one.id : [])),
  );
  const ofSteps = steps.flatMap((step) => stepBand(step, starting.has(step.id), { steps, facts }));
  return [...faultBands(news, endS).map((band) => withoutHits(band, ofSteps)), ...ofSteps].sort(
    (one, other) => one.fromS - other.fromS,
  );
}

/** A fault that stood before is no part of the run; one whose end nobody told lasts to the end of it. */
function faultBands(news: readonly FaultNews[], endS: number): Band[] {
  const bands = new Map<string, Band>();
  for (const { atS, node, fault, reason } of news) {
    const before = bands.get(fault.id);
    if (reason !== null) {
      const hits = isCounted(fault.kind) ? { hits: fault.hits.up + fault.hits.down } : {};
      if (before !== undefined) bands.set(fault.id, { ...before, ...hits, toS: atS > endS ? null : atS });
    } else if (before === undefined && atS <= endS) {
      const label = faultWords(fault);
      bands.set(fault.id, { id: fault.id, kind: "fault", label, node, fromS: atS, toS: null });
    }
  }
  return [...bands.values()];
}

function isCounted(kind: string): boolean {
  if (!isFaultKind(kind)) return false;
  const record = faultRecord(kind);
  return !record.once && record.uncounted !== true;
}

/** A provider that was started again counts from then on. */
function withoutHits({ hits, ...band }: Band, others: readonly Band[]): Band {
  const restarted = others.some(
    ({ kind, node, fromS }) =>
      kind === "restart" && node === band.node && fromS >= band.fromS && fromS <= (band.toS ?? Infinity),
  );
  return hits === undefined || restarted ? band : { ...band, hits };
}

function stepBand(
  step: StepResult,
  starts: boolean,
  { steps, facts }: { readonly steps: readonly StepResult[]; readonly facts: readonly Fact[] },
): Band[] {
  const { id, text: label, action, startedS: fromS, endedS } = step;
  const node = step.node ?? "";
  if (step.outcome === "not-reached" || step.outcome === "unsupported") return [];
  if (action === "mark") return [{ id, kind: "mark", label, node, fromS, toS: fromS }];
  if (action === "renumber")
    return [{ id, kind: "renumbering", label, node, fromS, toS: renumberedS(step, facts) }];
  if (action !== "restart") return [];
  const back = steps.find(
    (one) => one !== step && one.action === "restart" && one.node === node && one.startedS >= fromS,
  );
  const ready = facts.find(
    (fact) => fact.kind === "ready" && fact.node === node && fact.state === "ready" && fact.atS > fromS,
  );
  return [
    {
      id,
      kind: "restart",
      label,
      node,
      fromS,
      toS: starts ? endedS : (ready?.atS ?? back?.endedS ?? null),
    },
  ];
}

/** When the last former prefix was gone; when there never was one, the order was all of it. */
function renumberedS({ node, startedS, endedS }: StepResult, facts: readonly Fact[]): number | null {
  const changes = facts.filter(
    (fact) => fact.kind === "prefix" && fact.node === node && fact.atS >= startedS - 0.5,
  );
  const fading = new Set<string>();
  let lastS = endedS;
  for (const { subject, state, atS } of changes) {
    if (state === "deprecated" || state === "withdrawn") fading.add(subject);
    else if (fading.delete(subject)) lastS = atS;
  }
  return fading.size > 0 ? null : lastS;
}

/** Steps as they were, but those failed whose fault ended because the run did not keep it alive: it did not last as planned. */
export function withAbandoned(steps: readonly StepResult[], news: readonly FaultNews[]): StepResult[] {
  return steps.map((step) => {
    const end = news.find(({ reason, fault }) => reason === "abandoned" && fault.id === step.faultId);
    if (end === undefined) return step;
    const detail = `the fault ended after ${end.atS.toFixed(1)} s, because mhlab stood still and did not keep it alive`;
    return { ...step, outcome: "failed", detail };
  });
}
