import { reasonOf } from "../../core/model/errors.ts";
import type { Socket } from "node:net";

import { PROTOCOL } from "../../core/model/protocol/answer.ts";
import type { FaultEvent } from "../../core/model/protocol/event.ts";
import {
  applyPatch,
  diffStatus,
  isCounting,
  type Patch,
  type StatusShape,
} from "../../core/model/protocol/patch.ts";
import type { FollowOptions } from "../../core/model/protocol/verbs.ts";
import type { NodeStatus } from "../../core/model/status/model.ts";
import type { Clock } from "../clock.ts";
import { log, onLog } from "../log.ts";
import { Follower } from "./follower.ts";
import type { Journal } from "./journal.ts";
import { signerFor } from "./signing.ts";

/** A burst of changes is told as one: computing a status is work, and twenty BNGs start at once. */
const SHORTEST_PAUSE_MS = 150;
/** Counters and countdowns change without an event: they are told once a second, in a large lab less often, so that all its nodes together cost the same. */
const REFRESH_MS = 1000;
const REFRESH_PER_NODE_MS = 150;
/** What starts programs is done less often still. */
const PROGRAMS_PER_NODE_MS = 600;
/** Room for a timer that comes early. */
const EARLY_MS = 50;
/** So often something is said, if only that there is nothing to say. */
const ALIVE_MS = 3000;
/** So long after the last follower left, changes are still noted at their time: one who was cut off comes back. */
const LINGER_MS = 10_000;

/** Whose status is told. */
export interface FeedSource {
  /** The schema of its status. */
  readonly shape: StatusShape;
  /** As it is now, but for what starts programs, which may be that old. */
  status(maxAgeMs: number): Promise<NodeStatus>;
  /** How many nodes the lab has. */
  labSize(): number;
  /** Told when somebody begins to follow, and when nobody does any more. */
  observed(observed: boolean): void;
}

/** Tells followers what changes. While nobody follows, nothing is looked at. */
export class Feed {
  readonly #source: FeedSource;
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #followers = new Map<Follower, { seq: number }>();
  readonly #stopLog: () => void;
  /** What followers know: the last status, but for counters that were not told yet. */
  #told: NodeStatus | undefined;
  #countedAt = -Infinity;
  #lookedAt = -Infinity;
  #leftAt = -Infinity;
  /** When what was not looked at yet changed. */
  #changedAt = Infinity;
  #looking: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #alive: NodeJS.Timeout | undefined;
  #refresh: NodeJS.Timeout | undefined;
  #labSize = 1;
  #due = Infinity;

  constructor(source: FeedSource, journal: Journal, clock: Clock) {
    this.#source = source;
    this.#journal = journal;
    this.#clock = clock;
    this.#stopLog = onLog((level, message) => this.#tell([journal.record({ event: "log", level, message })]));
  }

  /** Sends what came after the place that is asked for, or a snapshot; then every change. */
  async open(socket: Socket, { attached, since, nonce }: FollowOptions): Promise<void> {
    const place = { seq: 0 };
    const signer = signerFor(nonce);
    const follower = new Follower(socket, {
      attached,
      signer,
      lastWords: () =>
        this.#journal.personal({ event: "cut", resume: this.#journal.resumption(place.seq) }, place.seq),
    });
    if (follower.gone) return;
    await this.#look();
    if (follower.gone || this.#told === undefined) return;
    const missed = since === undefined ? undefined : this.#journal.after(since);
    follower.begin(missed === undefined ? this.#snapshot(this.#told) : this.#resumed(missed));
    place.seq = this.#journal.seq;
    this.#followers.set(follower, place);
    this.#alive ??= setInterval(() => this.#sayAlive(), ALIVE_MS);
    this.#refresh ??= setTimeout(() => this.#refreshOrRest(), this.#refreshMs);
    if (this.#followers.size === 1) this.#source.observed(true);
    follower.onGone(() => this.#forget(follower));
  }

  /** Tells what happened, at once; what it changed follows. */
  record(event: FaultEvent): void {
    this.#tell([this.#journal.record(event)]);
    this.publish();
  }

  /** Tells what changed, soon; `sinceMs` is when it did, on the clock that never jumps. */
  publish(sinceMs?: number): void {
    if (sinceMs !== undefined) this.#changedAt = Math.min(this.#changedAt, sinceMs);
    this.#lookIn(Math.max(0, this.#lookedAt + SHORTEST_PAUSE_MS - this.#clock.monotonicMs()));
  }

  close(): void {
    this.#stopLog();
    clearTimeout(this.#timer);
    clearInterval(this.#alive);
    clearTimeout(this.#refresh);
    for (const follower of this.#followers.keys()) follower.destroy();
  }

  #snapshot(status: NodeStatus): string {
    const { epoch } = this.#journal;
    return this.#journal.personal({ event: "snapshot", epoch, status: { protocol: PROTOCOL, ...status } });
  }

  #resumed(missed: readonly string[]): string {
    const seq = this.#journal.seq - missed.length;
    const { epoch } = this.#journal;
    return [this.#journal.personal({ event: "resumed", epoch, protocol: PROTOCOL }, seq), ...missed].join("");
  }

  /** Resolves after a look that began after the call; never two at once. */
  #look(): Promise<void> {
    if (this.#looking === undefined) {
      this.#looking = this.#lookNow().finally(() => (this.#looking = undefined));
      return this.#looking;
    }
    this.#next ??= this.#looking
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#look();
      });
    return this.#next;
  }

  async #lookNow(): Promise<void> {
    const changedAt = this.#changedAt;
    this.#changedAt = Infinity;
    const status = await this.#source.status(PROGRAMS_PER_NODE_MS * this.#labSize);
    this.#lookedAt = this.#clock.monotonicMs();
    const agoMs = changedAt === Infinity ? 0 : Math.max(0, this.#lookedAt - changedAt);
    const patch = this.#told === undefined ? [] : this.#patchTo(this.#told, status);
    this.#told ??= status;
    if (patch.length > 0) this.#tell([this.#journal.record({ event: "patch", patch }, agoMs)]);
  }

  /** What makes the told status the new one; counters only when it is time for them. */
  #patchTo(told: NodeStatus, status: NodeStatus): Patch {
    const patch = diffStatus(this.#source.shape, told, status);
    const early = this.#countedAt + this.#refreshMs - EARLY_MS - this.#lookedAt;
    const counts = patch.some(isCounting);
    if (counts && early > 0) {
      const urgent = patch.filter((one) => !isCounting(one));
      this.#told = applyPatch(this.#source.shape, told, urgent);
      this.#lookIn(early);
      return urgent;
    }
    this.#told = status;
    if (counts) this.#countedAt = this.#lookedAt;
    return patch;
  }

  /** One look is asked for at a time: the one that comes first. */
  #lookIn(ms: number): void {
    const due = this.#clock.monotonicMs() + ms;
    if (!this.#observed || this.#due <= due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#due = Infinity;
      this.#look().catch((error: unknown) => log("warn", `status: ${reasonOf(error)}`));
    }, ms);
  }

  get #observed(): boolean {
    return this.#followers.size > 0 || this.#clock.monotonicMs() - this.#leftAt < LINGER_MS;
  }

  get #refreshMs(): number {
    return Math.max(REFRESH_MS, REFRESH_PER_NODE_MS * this.#labSize);
  }

  #refreshOrRest(): void {
    this.#refresh = undefined;
    if (!this.#observed) return;
    this.#labSize = this.#source.labSize();
    this.publish();
    this.#refresh = setTimeout(() => this.#refreshOrRest(), this.#refreshMs);
  }

  #sayAlive(): void {
    for (const follower of this.#followers.keys()) follower.tell(this.#journal.personal({ event: "alive" }));
  }

  #tell(lines: readonly string[]): void {
    const first = this.#journal.seq - lines.length + 1;
    for (const [follower, place] of this.#followers) {
      for (const [index, line] of lines.entries()) {
        if (!follower.tell(line)) break;
        place.seq = first + index;
      }
      if (follower.gone) this.#forget(follower);
    }
  }

  #forget(follower: Follower): void {
    if (!this.#followers.delete(follower) || this.#followers.size > 0) return;
    this.#leftAt = this.#clock.monotonicMs();
    this.#source.observed(false);
    clearInterval(this.#alive);
    this.#alive = undefined;
  }
}
