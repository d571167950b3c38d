/** Joins what senders say of probes with what the far side says of arrivals. */
import type { FlowSample, ProbeSample } from "./record.ts";

/** A probe with times as nanoseconds since 1970, by the clock of the engine's machine. */
export interface AbsoluteSample extends Omit<ProbeSample, "sentNs" | "receivedNs" | "arrivedNs"> {
  readonly sentNs: bigint;
  readonly receivedNs: bigint | null;
  readonly arrivedNs: bigint | null;
}

/** A sample of a flow with its time of the same kind. */
export interface AbsoluteFlowSample extends Omit<FlowSample, "atNs"> {
  readonly atNs: bigint;
}

/** A probe as its sender tells it; `session` names the run of the program, each of which counts from 0. */
export interface SentProbe extends Omit<AbsoluteSample, "node"> {
  readonly session: number;
}

/** A probe as the far side tells it. */
export interface Arrival {
  readonly source: string;
  readonly session: number;
  readonly seq: number;
  readonly arrivedNs: bigint;
  readonly arrivedBy: string | null;
}

type Open<T> = { -readonly [K in keyof T]: T[K] };
/** An arrival whose probe nobody tells of after so long was of somebody else, or its sender is gone. */
const KEPT_NS = 120_000_000_000n;

/** All samples of a run, each with its arrival, whichever of the two is told first. */
export class ProbeJoin {
  readonly #samples: Open<AbsoluteSample>[] = [];
  /** Probes without an arrival, and arrivals without a probe, by what both are known by. */
  readonly #open = new Map<string, Open<AbsoluteSample>>();
  readonly #early = new Map<string, Arrival>();
  /** What each pair's numbers go on from. */
  readonly #counts = new Map<string, { session: number; first: number; next: number }>();

  /** Takes what a sender told; the sample, with the arrival when that is known. */
  sent(node: string, told: SentProbe): AbsoluteSample {
    const { session, ...probe } = told;
    const key = `${probe.source} ${session} ${probe.seq}`;
    const sample: Open<AbsoluteSample> = { node, ...probe, seq: this.#numberOf(node, told) };
    this.#samples.push(sample);
    const arrival = this.#early.get(key);
    this.#early.delete(key);
    if (sample.arrivedNs === null && arrival !== undefined) take(sample, arrival);
    else if (sample.outcome === "no-answer" && arrival === undefined) this.#open.set(key, sample);
    return sample;
  }

  /** Takes what the far side told; of a probe that came in twice the first counts. */
  arrived(arrival: Arrival): void {
    const key = `${arrival.source} ${arrival.session} ${arrival.seq}`;
    const sample = this.#open.get(key);
    if (sample !== undefined) {
      take(sample, arrival);
      this.#open.delete(key);
    } else if (!this.#early.has(key)) {
      this.#early.set(key, arrival);
      this.#forget(arrival.arrivedNs);
    }
  }

  /** All, in the order in which they were sent. */
  samples(): AbsoluteSample[] {
    return [...this.#samples].sort((one, other) =>
      one.sentNs < other.sentNs ? -1 : one.sentNs > other.sentNs ? 1 : 0,
    );
  }

  /** Numbers of a pair go on when its program had to start again. */
  #numberOf(node: string, { source, target, session, seq }: SentProbe): number {
    const pair = `${node} ${source} ${target}`;
    let count = this.#counts.get(pair);
    if (count?.session !== session) {
      count = { session, first: count?.next ?? 0, next: 0 };
      this.#counts.set(pair, count);
    }
    const number = count.first + seq;
    count.next = Math.max(count.next, number + 1);
    return number;
  }

  #forget(nowNs: bigint): void {
    for (const [key, { arrivedNs }] of this.#early) {
      if (nowNs - arrivedNs < KEPT_NS) return;
      this.#early.delete(key);
    }
  }
}

function take(sample: Open<AbsoluteSample>, { arrivedNs, arrivedBy }: Arrival): void {
  sample.arrivedNs = arrivedNs;
  sample.arrivedBy = arrivedBy;
}
