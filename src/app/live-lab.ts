import { FOREIGN, type Reply } from "../core/protocol/answer.ts";
import { memberRole } from "../core/members/registry.ts";
import type { Told } from "../core/protocol/story.ts";
import { assembleStatus, type Answer } from "../core/status/assemble.ts";
import type { LabStatus, MemberStatus } from "../core/status/model.ts";
import { ANSWER_TIMEOUT_MS } from "./agents/ask.ts";
import { membersOf, type Seen } from "./agents/engines.ts";
import type { Listener } from "./agents/known.ts";
import type { SeenMember } from "./agents/member.ts";
import { LabWatch } from "./agents/watch.ts";
import { pause } from "./ports/time.ts";
import type { StatusQuestion } from "./status.ts";

const LOOK_MS = 50;

/** Which lab, and what is expected of it. */
export type LiveQuestion = Omit<StatusQuestion, "members" | "signal">;

/** Someone who runs, and why he cannot be heard, as far as anybody said so. */
interface Followed {
  readonly stop: AbortController;
  complaint: string | undefined;
}

/** Who hears of a lab's members line by line, beside their statuses. */
export interface LabTap {
  /** The members that there are now, when one of them came, went or changed its container's state. */
  onMembers?(members: readonly SeenMember[]): void;
  onTold?(member: SeenMember, told: Told): void;
  /** All that was told of a look has been told. */
  onStatus?(member: SeenMember, status: MemberStatus): void;
  onGone?(member: SeenMember, silentMs: number): void;
  onComplaint?(member: SeenMember, text: string): void;
}

interface LiveLabOptions {
  readonly tap: LabTap;
  readonly signal: AbortSignal;
  onChange(): void;
  /** The engine does not tell any more. */
  onFailure(error: unknown): void;
}

/** A lab's status as it is now, from the events of its agents; nobody is asked again and again. */
export class LiveLab {
  readonly #question: LiveQuestion;
  readonly #options: LiveLabOptions;
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  readonly #agents: LabWatch;
  readonly #followed = new Map<string, Followed>();
  #members: readonly SeenMember[] = [];

  constructor(question: LiveQuestion, options: LiveLabOptions) {
    this.#question = question;
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#end.signal]);
    this.#agents = new LabWatch(this.#signal);
  }

  /** Resolves when every member that runs has been heard, or had time to. */
  async heard(): Promise<void> {
    const begun = performance.now();
    while (this.#silent().length > 0 && performance.now() - begun < ANSWER_TIMEOUT_MS)
      await pause(LOOK_MS, this.#signal);
  }

  /** All that is known. */
  status(): LabStatus {
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

  /** Follows who runs now, and nobody else. */
  take(seen: Seen): void {
    const members = membersOf(seen, this.#question.lab).filter(
      ({ role }) => memberRole(role).inStatus !== undefined,
    );
    const changed = statesOf(members) !== statesOf(this.#members);
    this.#members = members;
    if (changed) {
      this.#options.tap.onMembers?.(members);
      this.#options.onChange();
    }
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
    const { tap } = this.#options;
    const listener: Listener = {
      onTold: (told) => tap.onTold?.(member, told),
      onStatus: (status) => {
        followed.complaint = undefined;
        tap.onStatus?.(member, status);
        this.#options.onChange();
      },
      onGone: (silentMs) => {
        tap.onGone?.(member, silentMs);
        this.#options.onChange();
      },
      onComplaint: (text) => {
        if (followed.complaint === text) return;
        followed.complaint = text;
        tap.onComplaint?.(member, text);
        this.#options.onChange();
      },
    };
    this.#agents.follow(member, listener, followed.stop.signal).catch((error: unknown) => {
      if (!followed.stop.signal.aborted && !this.#end.signal.aborted) this.#options.onFailure(error);
    });
  }
}

function statesOf(members: readonly SeenMember[]): string {
  return members.map(({ container: { id, state } }) => `${id} ${state}`).join();
}
