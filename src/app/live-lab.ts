import { FOREIGN, type Reply } from "../core/protocol/answer.ts";
import { memberRole } from "../core/members/registry.ts";
import { assembleStatus, type Answer } from "../core/status/assemble.ts";
import type { LabStatus, MemberStatus } from "../core/status/model.ts";
import { ANSWER_TIMEOUT_MS } from "./agents/ask.ts";
import { membersOf, type Engines, type Seen } from "./agents/engines.ts";
import type { Listener } from "./agents/known.ts";
import type { SeenMember } from "./agents/member.ts";
import { LabWatch } from "./agents/watch.ts";
import { pause } from "./pause.ts";
import type { StatusQuestion } from "./status.ts";

/** The engine is asked so often what containers there are; what agents tell comes by itself. */
const LIST_MS = 2000;
const LOOK_MS = 50;

/** Someone who runs, and why he cannot be heard, as far as anybody said so. */
interface Followed {
  readonly stop: AbortController;
  complaint: string | undefined;
}

/** A lab's status as it is now, from the events of its agents; nobody is asked again and again. */
export class LiveLab {
  readonly #engines: Engines;
  readonly #question: Omit<StatusQuestion, "members" | "signal">;
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  readonly #agents: LabWatch;
  readonly #followed = new Map<string, Followed>();
  #members: readonly SeenMember[] = [];
  #changed = new AbortController();

  constructor(engines: Engines, question: Omit<StatusQuestion, "members" | "signal">, signal: AbortSignal) {
    this.#engines = engines;
    this.#question = question;
    this.#signal = AbortSignal.any([signal, this.#end.signal]);
    this.#agents = new LabWatch(this.#signal);
  }

  /** Begins with what was seen; resolves when every member that runs has been heard, or had time to. */
  async open(seen: Seen): Promise<void> {
    this.#take(seen);
    void this.#keepListing();
    const begun = performance.now();
    while (this.#silent().length > 0 && performance.now() - begun < ANSWER_TIMEOUT_MS)
      await pause(LOOK_MS, this.#signal);
  }

  /** Resolves at the next change, at once if there was one since the last status, or after so long; rejects when the signal fires or the engine fails. */
  async change(atMostMs: number): Promise<void> {
    const { signal } = this.#changed;
    if (!signal.aborted) {
      await pause(atMostMs, AbortSignal.any([this.#signal, signal])).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
    this.#signal.throwIfAborted();
  }

  /** All that is known, with countdowns as they are now. */
  status(): LabStatus {
    this.#changed = new AbortController();
    const answers = this.#members.map(({ container, name, runs }): Answer => {
      return runs ? { container, reply: this.#replyOf(name) } : { container };
    });
    return assembleStatus(this.#question.lab, answers, this.#question.expected);
  }

  close(): void {
    this.#end.abort();
  }

  #replyOf(name: string): Reply<MemberStatus> {
    const value = this.#agents.statusOf(name);
    if (value !== undefined) return { kind: "answer", value };
    const complaint = this.#followed.get(name)?.complaint;
    return complaint === FOREIGN
      ? { kind: "foreign" }
      : { kind: "silent", reason: complaint ?? "it says nothing" };
  }

  #silent(): string[] {
    return [...this.#followed]
      .filter(([name, { complaint }]) => complaint === undefined && this.#agents.statusOf(name) === undefined)
      .map(([name]) => name);
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

  /** Follows who runs now, and nobody else. */
  #take(seen: Seen): void {
    const members = membersOf(seen, this.#question.lab).filter(
      ({ role }) => memberRole(role).inStatus !== undefined,
    );
    if (statesOf(members) !== statesOf(this.#members)) this.#changed.abort();
    this.#members = members;
    const running = new Map(members.filter(({ runs }) => runs).map((member) => [member.name, member]));
    for (const [name, { stop }] of this.#followed) {
      if (running.has(name)) continue;
      stop.abort();
      this.#followed.delete(name);
    }
    for (const [name, member] of running) if (!this.#followed.has(name)) this.#follow(member);
  }

  #follow(member: SeenMember): void {
    const followed: Followed = { stop: new AbortController(), complaint: undefined };
    this.#followed.set(member.name, followed);
    const listener: Listener = {
      onStatus: () => {
        followed.complaint = undefined;
        this.#changed.abort();
      },
      onGone: () => this.#changed.abort(),
      onComplaint: (text) => {
        if (followed.complaint === text) return;
        followed.complaint = text;
        this.#changed.abort();
      },
    };
    this.#agents.follow(member, listener, followed.stop.signal).catch((error: unknown) => {
      if (!followed.stop.signal.aborted) this.#end.abort(error);
    });
  }
}

function statesOf(members: readonly SeenMember[]): string {
  return members.map(({ container: { id, state } }) => `${id} ${state}`).join();
}
