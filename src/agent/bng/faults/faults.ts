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

/** The timer is set again at least this often: `setTimeout` takes no more than 24.8 days. */
const LONGEST_TIMER_MS = 3_600_000;
/** Delay of an action that ends the agent, so that the answer and the events are sent first. */
const ANSWER_LEAVES_MS = 100;
/** Interval of attempts to store the end of a fault on a disk that fails. */
const RETRY_MS = 1000;

export interface FaultsOptions {
  readonly intent: Intent<BngConfig>;
  readonly clock: Clock;
  readonly actions: Actions;
  readonly rules: Pick<FaultRuleKeeper, "hits" | "forget">;
  /** Reconciles all daemons and rules with the effects of the active faults; resolves to the reason of a failure, or to undefined. */
  readonly apply: () => Promise<string | undefined>;
  readonly onEvent: (event: FaultEvent) => void;
}

/** When an active fault began and ends, in milliseconds of the monotonic clock. */
interface Span extends ActiveFault {
  readonly endsMs: number | undefined;
  /** When it ends unless a keepalive arrives before. Not stored: a restart of the agent starts the interval again. */
  readonly keptUntilMs: number | undefined;
}

/** A fault that has ended, and the reason if its effects could not all be removed. */
interface Ended {
  readonly status: FaultStatus;
  readonly failure: string | undefined;
}

/**
 * The faults of a BNG. They are stored in its runtime override, so they survive a restart of the agent and of the
 * container. This class injects, clears and times them; the loops of the agent read their effects.
 */
export class Faults {
  readonly #options: FaultsOptions;
  readonly #spans = new Map<string, Span>();
  /** The reason for which a fault is being removed from the override; one that disappears without a reason was reset. */
  readonly #reasons = new Map<string, FaultEnd | "not-begun">();
  /** Durations in milliseconds of faults that are not active yet; their time starts when they are. */
  readonly #beginning = new Map<string, number | undefined>();
  /** Cache of the composed effects, valid until its `untilMs`; undefined after each change. */
  #composed: Composed | undefined;
  readonly #endings = new Map<string, Promise<Ended>>();
  #started = false;
  #timer: NodeJS.Timeout | undefined;
  /** The highest number given to a fault since the agent started, so that no id is used twice. */
  #last = 0;

  constructor(options: FaultsOptions) {
    this.#options = options;
    this.#compare();
    options.intent.onChange(() => this.#compare());
  }

  /** The composed effects of all active faults. */
  get effects(): Effects {
    return this.#compose().effects;
  }

  /** Remaining time of each fault with a time limit, in milliseconds, by id. */
  get leftMs(): ReadonlyMap<string, number> {
    const nowMs = this.#options.clock.monotonicMs();
    return new Map(
      [...this.#spans].flatMap(([id, { endsMs }]) =>
        endsMs === undefined ? [] : [[id, this.#beginning.get(id) ?? endsMs - nowMs] as const],
      ),
    );
  }

  /** Starts the timers. Faults that expired while the agent did not run end at once. */
  start(): void {
    this.#started = true;
    this.#onTime();
  }

  stop(): void {
    this.#started = false;
    clearTimeout(this.#timer);
  }

  /** The active faults, for the status. */
  async status(): Promise<FaultStatus[]> {
    if (this.#spans.size === 0) return [];
    const hits = await this.#options.rules.hits();
    return this.#faults.map((fault) => this.#statusOf(fault, hits.get(fault.id)));
  }

  /** Injects a fault and resolves when it is active. Throws RequestError for wrong options; throws Error when it cannot be injected, and then nothing of it remains. */
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
    // Its duration counts from now, when it is active.
    const inForce: Fault = { ...fault, ...this.#timeOf(injection) };
    const status = this.#statusOf(inForce, undefined);
    this.#options.onEvent({ event: "fault-began", fault: status });
    if (this.#spans.has(fault.id))
      this.#keep(this.#faults.map((one) => (one.id === fault.id ? inForce : one)));
    return { fault: status };
  }

  /** Clears one fault or all, and resolves when their effects are gone. Throws RequestError for an unknown id, and Error when an effect could not be removed. */
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

  /** Restarts the keepalive interval of each named fault; answers which of them are active. */
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

  /** Resolves when the effects of all ended faults are gone. */
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

  /** Removes faults from the override; each promise resolves when its effects are gone. Throws when the override cannot be stored. */
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

  /** Compares the active faults with those of the override: ends the missing ones, starts the new ones. */
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
    // `end` restores what the fault had replaced, before `apply` removes the replacement.
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

  /** Sets the timer for the next end of a fault or change of effects. */
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
    const isExpired = ({ id }: Fault): boolean => (this.#spans.get(id)?.endsMs ?? Infinity) <= nowMs;
    const expired = over.filter(isExpired);
    const abandoned = over.filter((fault) => !expired.includes(fault));
    try {
      void this.#end(abandoned, "abandoned");
      void this.#end(expired, "time");
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

/** The span with its expired ends moved by some milliseconds from now. */
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

/** Resolves to the reason of a failure, or to undefined. */
async function failureOf(doing: Promise<void> | undefined): Promise<string | undefined> {
  try {
    await doing;
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}
