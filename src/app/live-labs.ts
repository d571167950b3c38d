import type { LabStatus } from "../core/model/status/model.ts";
import type { Engines, Seen } from "./agents/engines.ts";
import { LiveLab, type LabTap, type LiveQuestion } from "./live-lab.ts";
import { pause, untilAborted } from "./ports/time.ts";

/** The engine is asked so often what containers there are; what agents tell comes by itself. */
const LIST_MS = 2000;

/** Which labs are looked at, by what is there. */
export type LiveQuestions = (seen: Seen) => readonly LiveQuestion[];

/** The status of one lab or of several as it is now; labs come and go. */
export class LiveLabs {
  readonly #engines: Engines;
  readonly #questions: LiveQuestions;
  readonly #tap: LabTap;
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  #labs = new Map<string, LiveLab>();
  #changed = new AbortController();

  /** `tap` hears of the nodes of all labs line by line. */
  constructor(engines: Engines, questions: LiveQuestions, signal: AbortSignal, tap: LabTap = {}) {
    this.#tap = tap;
    this.#engines = engines;
    this.#questions = questions;
    this.#signal = AbortSignal.any([signal, this.#end.signal]);
  }

  /** Begins with what was seen; resolves when every node that runs has been heard, or had time to. */
  async open(seen: Seen): Promise<void> {
    this.#take(seen);
    void this.#keepListing();
    await Promise.all([...this.#labs.values()].map((lab) => lab.heard()));
  }

  /** Resolves at the next change, at once if there was one since the last statuses, or after so long; rejects when the signal fires or the engine fails. */
  async change(atMostMs: number): Promise<void> {
    const { signal } = this.#changed;
    if (!signal.aborted) {
      await pause(atMostMs, AbortSignal.any([this.#signal, signal])).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
    this.#signal.throwIfAborted();
  }

  /** Rejects when the signal fires or the engine fails; for one who hears of changes by a tap. */
  async untilEnd(): Promise<never> {
    return await untilAborted(this.#signal);
  }

  /** All that is known of each lab. */
  statuses(): LabStatus[] {
    this.#changed = new AbortController();
    return [...this.#labs.values()].map((lab) => lab.status());
  }

  close(): void {
    this.#end.abort();
  }

  async #keepListing(): Promise<void> {
    try {
      for (;;) {
        await pause(LIST_MS, this.#signal);
        this.#take(await this.#engines.look(this.#signal));
      }
    } catch (error) {
      this.#end.abort(error);
    }
  }

  #take(seen: Seen): void {
    const before = this.#labs;
    const asked = this.#questions(seen);
    this.#labs = new Map(
      asked.map((question) => [question.lab, before.get(question.lab) ?? this.#follow(question)]),
    );
    for (const [name, lab] of before) {
      if (this.#labs.has(name)) continue;
      lab.close();
      this.#changed.abort();
    }
    for (const lab of this.#labs.values()) lab.take(seen);
  }

  #follow(question: LiveQuestion): LiveLab {
    return new LiveLab(question, {
      signal: this.#signal,
      tap: this.#tap,
      onChange: () => this.#changed.abort(),
      onFailure: (error) => this.#end.abort(error),
    });
  }
}
