import { reasonOf } from "../../../core/model/errors.ts";
import type { BngConfig } from "../../../core/render/bng/config.ts";
import type { Hits } from "../../../core/render/bng/fault-rules.ts";
import type { Effects } from "../../../core/model/faults/effects.ts";
import { describeFault, type FaultEnd } from "../../../core/model/faults/fault.ts";
import {
  InjectionError,
  readInjection,
  valuesOf,
  type Injection,
} from "../../../core/model/faults/injection.ts";
import {
  composeEffects,
  type ActiveFault,
  type Composed,
  type Fault,
} from "../../../core/model/faults/kinds.ts";
import type { FaultEvent } from "../../../core/model/protocol/event.ts";
import { RequestError } from "../../../core/model/protocol/failure.ts";
import type {
  ClearAnswer,
  ClearOptions,
  InjectAnswer,
  InjectOptions,
  KeepaliveAnswer,
  KeepaliveOptions,
} from "../../../core/model/protocol/verbs.ts";
import type { FaultStatus } from "../../../core/model/status/model.ts";
import { formatUtc, parseUtc } from "../../../core/model/utc.ts";
import type { Clock } from "../../clock.ts";
import type { Intent } from "../../intent/intent.ts";
import { log } from "../../log.ts";
import type { Actions, LastingAction, SingleAction } from "./actions.ts";
import type { FaultRuleKeeper } from "./rules.ts";

/** Node's timers hold no longer time. */
const LONGEST_TIMER_MS = 3_600_000;
/** The answer and the events leave before an action that the agent does not survive. */
const ANSWER_LEAVES_MS = 100;
/** A disk that does not take the end of a fault is asked again. */
const RETRY_MS = 1000;

export interface FaultsOptions {
  readonly intent: Intent<BngConfig>;
  readonly clock: Clock;
  readonly actions: Actions;
  readonly rules: Pick<FaultRuleKeeper, "hits" | "forget">;
  /** Reconciles everything with the effects of faults; resolves to why that is not possible, or to undefined. */
  readonly apply: () => Promise<string | undefined>;
  readonly onEvent: (event: FaultEvent) => void;
}

/** When a fault began and ends, in milliseconds of a clock that nobody sets. */
interface Span extends ActiveFault {
  readonly endsMs: number | undefined;
  /** When it ends unless it is kept alive until then. In memory only: whoever starts again gives all of them time. */
  readonly keptUntilMs: number | undefined;
}

/** A fault that has ended, and why not everything is as before, if so. */
interface Ended {
  readonly status: FaultStatus;
  readonly failure: string | undefined;
}

/**
 * The faults of a BNG: they are kept in its runtime override, so they outlive the agent and the container. Loops read their
 * effects; here are their timers, which end each of them at its time, whoever injected it.
 */
export class Faults {
  readonly #options: FaultsOptions;
  readonly #spans = new Map<string, Span>();
  /** Why a fault that is being taken out of the override ends; for others that go from there it is a reset. */
  readonly #reasons = new Map<string, FaultEnd | "not-begun">();
  /** How long those are to last, in milliseconds, that are not in force yet: their time has not begun. */
  readonly #beginning = new Map<string, number | undefined>();
  /** What they do, until the time that it says; undefined after each change. */
  #composed: Composed | undefined;
  readonly #endings = new Map<string, Promise<Ended>>();
  #started = false;
  #timer: NodeJS.Timeout | undefined;
  /** The highest number of a fault in this life, so that no id means two faults. */
  #last = 0;

  constructor(options: FaultsOptions) {
    this.#options = options;
    this.#compare();
    options.intent.onChange(() => this.#compare());
  }

  /** What all of them do now. */
  get effects(): Effects {
    return this.#compose().effects;
  }

  /** How long each has left that ends by itself, in milliseconds. */
  get leftMs(): ReadonlyMap<string, number> {
    const nowMs = this.#options.clock.monotonicMs();
    return new Map(
      [...this.#spans].flatMap(([id, { endsMs }]) =>
        endsMs === undefined ? [] : [[id, this.#beginning.get(id) ?? endsMs - nowMs] as const],
      ),
    );
  }

  /** Begins to end them at their times; those whose time was over while nobody looked end at once. */
  start(): void {
    this.#started = true;
    this.#onTime();
  }

  stop(): void {
    this.#started = false;
    clearTimeout(this.#timer);
  }

  /** The faults in force, for the status. */
  async status(): Promise<FaultStatus[]> {
    if (this.#spans.size === 0) return [];
    const hits = await this.#options.rules.hits();
    return this.#faults.map((fault) => this.#statusOf(fault, hits.get(fault.id)));
  }

  /** Answers `inject` when the fault is in force. Throws RequestError, or an Error when it cannot be; then nothing is left of it. */
  async inject({ kind, options }: InjectOptions): Promise<InjectAnswer> {
    const injection = read(kind, options);
    const { name } = this.#options.intent.config;
    this.#last += 1;
    const { direction } = injection;
    const asked: Fault = {
      id: `${name}-${this.#last}`,
      kind: injection.kind,
      direction,
      options: injection.options,
      ...(injection.keepaliveMs === undefined ? {} : { keepaliveMs: injection.keepaliveMs }),
      ...this.#timeOf(injection),
    };
    const action = this.#options.actions[injection.kind];
    if (action !== undefined && "act" in action) return await this.#act(asked, action);
    const { hold, begin }: LastingAction = action ?? {};
    const fault: Fault = { ...asked, ...(hold === undefined ? {} : { held: hold(injection) }) };
    log("info", `fault ${describeFault(fault)}`);
    this.#beginning.set(fault.id, injection.forMs);
    try {
      this.#keep([...this.#faults, fault]);
      const failure = (await this.#options.apply()) ?? (await failureOf(begin?.(fault)));
      if (failure !== undefined) await this.#takeBack(fault, failure);
    } finally {
      this.#beginning.delete(fault.id);
    }
    // From now on it is in force: so long it is to last.
    const inForce: Fault = { ...fault, ...this.#timeOf(injection) };
    const status = this.#statusOf(inForce, undefined);
    this.#options.onEvent({ event: "fault-began", fault: status });
    if (this.#spans.has(fault.id))
      this.#keep(this.#faults.map((one) => (one.id === fault.id ? inForce : one)));
    return { fault: status };
  }

  /** Answers `clear` when what it cleared is not in force any more. Throws RequestError for an id that is none. */
  async clear({ which }: ClearOptions): Promise<ClearAnswer> {
    const cleared = this.#faults.filter(({ id }) => which === "all" || id === which);
    if (cleared.length === 0 && which !== "all") {
      const ids = this.#faults.map(({ id }) => id).join(", ");
      throw new RequestError(
        "bad-request",
        `there is no fault '${which}'; ${ids === "" ? "none is injected" : `there are ${ids}`}`,
      );
    }
    const ended = await Promise.all(this.#end(cleared, "cleared"));
    const failure = ended.find((one) => one.failure !== undefined)?.failure;
    if (failure !== undefined) throw new Error(`it is cleared, but not everything is as before: ${failure}`);
    return { cleared: ended.map(({ status }) => status) };
  }

  /** Answers `keepalive`: begins the time anew in which each has to be kept alive again. */
  keepalive({ ids }: KeepaliveOptions): KeepaliveAnswer {
    const nowMs = this.#options.clock.monotonicMs();
    const kept = ids.filter((id) => this.#spans.has(id));
    for (const id of kept) {
      const span = this.#spans.get(id);
      if (span !== undefined) this.#spans.set(id, { ...span, keptUntilMs: keptUntil(span.fault, nowMs) });
    }
    this.#schedule();
    return { kept };
  }

  /** Resolves when nothing is in force any more of what has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#endings.values());
  }

  get #faults(): readonly Fault[] {
    return this.#options.intent.override.faults;
  }

  #keep(faults: readonly Fault[]): void {
    this.#options.intent.keepFaults(faults);
  }

  #timeOf({ forMs }: Injection): Pick<Fault, "since" | "endsAt"> {
    const nowS = this.#options.clock.nowS();
    return {
      since: formatUtc(nowS, 3),
      ...(forMs === undefined ? {} : { endsAt: formatUtc(nowS + forMs / 1000, 3) }),
    };
  }

  async #takeBack(fault: Fault, failure: string): Promise<never> {
    await Promise.all(this.#end([fault], "not-begun"));
    throw new Error(`${fault.kind} cannot be injected, and nothing is left of it: ${failure}`);
  }

  async #act(fault: Fault, { act, after }: SingleAction): Promise<InjectAnswer> {
    log("info", `fault ${describeFault(fault)}`);
    const status = this.#statusOf(fault, undefined);
    const done = await act();
    this.#options.onEvent({ event: "fault-began", fault: status });
    this.#options.onEvent({ event: "fault-ended", fault: status, reason: "done" });
    if (after !== undefined) setTimeout(after, ANSWER_LEAVES_MS);
    return { fault: status, done };
  }

  /** Takes faults out of the override; resolves each when it is not in force any more. Throws when the disk does not take it. */
  #end(ended: readonly Fault[], reason: FaultEnd | "not-begun"): Promise<Ended>[] {
    if (ended.length === 0) return [];
    const ids = ended.map(({ id }) => id);
    for (const id of ids) this.#reasons.set(id, reason);
    try {
      this.#keep(this.#faults.filter(({ id }) => !ids.includes(id)));
    } finally {
      for (const id of ids) this.#reasons.delete(id);
    }
    return ids.flatMap((id) => this.#endings.get(id) ?? []);
  }

  /** Notes which faults the override has by now. */
  #compare(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const nowS = this.#options.clock.nowS();
    const there = new Set(this.#faults.map(({ id }) => id));
    for (const [id, { fault }] of this.#spans) {
      if (there.has(id)) continue;
      this.#spans.delete(id);
      this.#endings.set(id, this.#finish(fault, this.#reasons.get(id) ?? "reset"));
    }
    for (const fault of this.#faults) {
      this.#last = Math.max(this.#last, Number(/\d+$/.exec(fault.id)?.[0] ?? 0));
      const before = this.#spans.get(fault.id)?.fault;
      if (before?.since === fault.since && before.endsAt === fault.endsAt) continue;
      const at = (text: string): number => nowMs + ((parseUtc(text) ?? nowS) - nowS) * 1000;
      const endsMs = fault.endsAt === undefined ? undefined : at(fault.endsAt);
      const keptUntilMs = keptUntil(fault, nowMs);
      const values = valuesOf(fault);
      this.#spans.set(fault.id, { fault, values, sinceMs: at(fault.since), endsMs, keptUntilMs });
    }
    this.#composed = undefined;
    this.#schedule();
  }

  async #finish(fault: Fault, reason: FaultEnd | "not-begun"): Promise<Ended> {
    const { apply, actions, rules, onEvent } = this.#options;
    const { end } = (actions[fault.kind] ?? {}) as LastingAction;
    // What it took is back before what stood in for it goes.
    const endFailure = await failureOf(end?.(fault));
    const failure = (await apply()) ?? endFailure;
    const status = this.#statusOf(fault, (await rules.hits()).get(fault.id));
    if (reason !== "not-begun") {
      log("info", `fault ${fault.id} (${fault.kind}) has ended: ${reason}`);
      onEvent({ event: "fault-ended", fault: status, reason });
    }
    await rules.forget([fault.id]);
    this.#endings.delete(fault.id);
    return { status, failure };
  }

  #statusOf(fault: Fault, hits: Hits | undefined): FaultStatus {
    const { id, kind, since, endsAt = null, keepaliveMs, direction, options } = fault;
    const keepaliveS = keepaliveMs === undefined ? null : keepaliveMs / 1000;
    const met = hits ?? { up: 0, down: 0 };
    return { id, kind, since, endsAt, keepaliveS, direction, options, hits: met };
  }

  #compose(): Composed {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#composed === undefined || nowMs >= this.#composed.untilMs)
      this.#composed = composeEffects([...this.#spans.values()], this.#options.intent.config, nowMs);
    return this.#composed;
  }

  /** Sets the timer for whatever comes next. */
  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#started || this.#spans.size === 0) return;
    const nowMs = this.#options.clock.monotonicMs();
    const ends = [...this.#spans.keys()].map((id) => this.#endOf(id) - nowMs);
    const nextMs = Math.min(...ends, this.#compose().untilMs - nowMs, LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#onTime(), Math.max(0, Math.ceil(nextMs)));
  }

  #endOf(id: string): number {
    const { endsMs = Infinity, keptUntilMs = Infinity } = this.#spans.get(id) ?? {};
    return this.#beginning.has(id) ? Infinity : Math.min(endsMs, keptUntilMs);
  }

  #onTime(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const over = this.#faults.filter(({ id }) => this.#endOf(id) <= nowMs);
    const isInTime = ({ id }: Fault): boolean => (this.#spans.get(id)?.endsMs ?? Infinity) > nowMs;
    const abandoned = over.filter(isInTime);
    try {
      void this.#end(abandoned, "abandoned");
      void this.#end(
        over.filter((one) => !abandoned.includes(one)),
        "time",
      );
    } catch (error) {
      log("error", `faults cannot end yet: ${reasonOf(error)}`);
      for (const { id } of over) {
        const span = this.#spans.get(id);
        if (span !== undefined) this.#spans.set(id, laterBy(RETRY_MS, span, nowMs));
      }
    }
    void this.#options.apply();
    this.#schedule();
  }
}

/** A span whose ends that are over come once more. */
function laterBy(ms: number, span: Span, nowMs: number): Span {
  const later = (endMs: number | undefined): number | undefined =>
    endMs !== undefined && endMs <= nowMs ? nowMs + ms : endMs;
  return { ...span, endsMs: later(span.endsMs), keptUntilMs: later(span.keptUntilMs) };
}

function keptUntil({ keepaliveMs }: Fault, nowMs: number): number | undefined {
  return keepaliveMs === undefined ? undefined : nowMs + keepaliveMs;
}

function read(kind: string, options: InjectOptions["options"]): Injection {
  try {
    return readInjection(kind, options);
  } catch (error) {
    if (!(error instanceof InjectionError)) throw error;
    throw new RequestError("bad-request", `${error.message}; ${error.hint}`);
  }
}

/** Resolves to why something could not be done, or to undefined. */
async function failureOf(doing: Promise<void> | undefined): Promise<string | undefined> {
  try {
    await doing;
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}
