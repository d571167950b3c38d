import { COUNTDOWN_STEP_S } from "../../core/render/bng/announcements.ts";
import type { BngConfig } from "../../core/render/bng/config.ts";
import type { Prefix6 } from "../../core/model/ip6.ts";
import { RequestError } from "../../core/model/protocol/failure.ts";
import type { RenumberAnswer, RenumberOptions } from "../../core/model/protocol/verbs.ts";
import { prefixOfDocument } from "../../core/model/renumbering/document.ts";
import {
  obey,
  OrderRefused,
  presentPhases,
  usualOverlapS,
  type RenumberOrder,
} from "../../core/model/renumbering/order.ts";
import { endOf, nextEnd, phasesAt, type PrefixPhases } from "../../core/model/renumbering/phases.ts";
import type { ProviderPrefix } from "../../core/model/status/model.ts";
import { formatUtc } from "../../core/model/utc.ts";
import type { Clock } from "../clock.ts";
import type { Intent } from "../intent/intent.ts";
import { Loop } from "../supervise/loop.ts";

/** Every change and every end asks by itself. */
const LOOK_MS = 3_600_000;

/** The prefixes of a provider as time goes by: takes orders, ends what is over, and tells what there is. */
export class Renumbering {
  readonly #intent: Intent<BngConfig>;
  readonly #clock: Clock;
  readonly #onStep: () => void;
  readonly #loop: Loop;
  #timer: NodeJS.Timeout | undefined;

  /** `onStep` is called while something counts down that nobody else counts. */
  constructor(intent: Intent<BngConfig>, clock: Clock, onStep: () => void) {
    this.#intent = intent;
    this.#clock = clock;
    this.#onStep = onStep;
    this.#loop = new Loop("prefixes", LOOK_MS, () => Promise.resolve(this.#settle()));
    intent.onChange(() => this.#loop.poke());
  }

  /** Ends what was over before, as while the container was down; then goes on to. */
  start(): void {
    this.#loop.start();
  }

  stop(): void {
    this.#loop.stop();
    clearTimeout(this.#timer);
  }

  /** Does what is asked, with the prefixes as they are then. Throws RequestError when it makes no sense, or cannot be kept. */
  obey({ order }: RenumberOptions): RenumberAnswer {
    try {
      this.#intent.keepPrefixes(this.#after(order));
    } catch (error) {
      if (error instanceof OrderRefused) throw new RequestError("bad-request", error.message);
      throw error;
    }
    return { prefixes: this.describe() };
  }

  /** All prefixes, as `status` tells them. */
  describe(): ProviderPrefix[] {
    const nowS = this.#clock.nowS();
    const { prefixes: phases } = this.#intent.override;
    return presentPhases({ base: this.#base, phases, nowS }).map((phase) => {
      const ends = endOf(phase);
      return {
        prefix: phase.prefix,
        state: phase.state,
        endsAt: ends === undefined ? null : formatUtc(ends, 3),
      };
    });
  }

  /** Why what is over cannot be ended; undefined while nothing stands in the way. */
  get failure(): string | undefined {
    return this.#loop.failure;
  }

  get #base(): Prefix6 {
    return prefixOfDocument(this.#intent.document) ?? this.#intent.config.prefix;
  }

  #after(order: RenumberOrder): PrefixPhases | undefined {
    const { config, override } = this.#intent;
    return obey(order, {
      base: this.#base,
      phases: override.prefixes,
      nowS: this.#clock.nowS(),
      heldS: config.lifetimes.validS,
      usualOverlapS: usualOverlapS(config.lifetimes),
    });
  }

  #settle(): void {
    clearTimeout(this.#timer);
    const { prefixes } = this.#intent.override;
    if (prefixes === undefined) return;
    const nowS = this.#clock.nowS();
    const left = phasesAt(prefixes, this.#base, nowS);
    if (left?.length !== prefixes.length) this.#intent.keepPrefixes(left);
    if (left === undefined) return;
    const counts = left.some(({ state }) => state === "deprecated");
    if (counts) this.#onStep();
    const end = nextEnd(left);
    if (end === undefined) return;
    const restS = Math.max(0, end - nowS);
    this.#timer = setTimeout(
      () => this.#loop.poke(),
      1000 * Math.min(restS, counts ? COUNTDOWN_STEP_S : LOOK_MS / 1000),
    );
  }
}
