import type { ExpectedMembers } from "../members/member.ts";
import type { LabContainer } from "../plan/observed.ts";
import { applyChange } from "../protocol/apply.ts";
import type { Reply } from "../protocol/answer.ts";
import { assembleStatus } from "../status/assemble.ts";
import type { LabStatus, MemberStatus } from "../status/model.ts";
import { parseUtc } from "../utc.ts";
import { History } from "./history.ts";
import type { LiveMember, LiveMessage, LogEntry, Span } from "./message.ts";

/** Lines of the log that are kept. */
const MOST_ENTRIES = 2000;
const MOST_SPANS = 500;

/** What is known of a member. */
export interface MemberView {
  readonly status: MemberStatus;
  /** When that was, in seconds since 1970 by the agent's clock. */
  readonly atS: number;
  /** When it was heard, by the clock of who looks. */
  readonly heardMs: number;
  /** Since when its agent is not heard any more; undefined while it is. */
  readonly gone: { readonly sinceS: number; readonly reason: string } | undefined;
}

/** A lab as messages tell it: what the server and each page hold. */
export class LiveView {
  lab = "";
  self = "mhlab";
  version = "";
  expected: ExpectedMembers | undefined;
  containers: readonly LiveMember[] = [];
  readonly members = new Map<string, MemberView>();
  log: LogEntry[] = [];
  spans: Span[] = [];
  history = new History();
  trouble: string | null = null;

  /** Takes a message that came at that time, in milliseconds of a clock that never jumps. */
  take(message: LiveMessage, nowMs: number): void {
    switch (message.type) {
      case "lab":
        return this.#begin(message);
      case "members":
        return this.#setContainers(message.members);
      case "status":
        return this.#set(message.member, { status: message.status, at: message.at }, nowMs);
      case "changes": {
        const before = this.members.get(message.member);
        if (before === undefined) return;
        const status = message.changes.reduce(applyChange, before.status);
        return this.#set(message.member, { status, at: message.at }, nowMs);
      }
      case "gone": {
        const before = this.members.get(message.member);
        const { sinceS, reason } = message;
        if (before !== undefined) this.members.set(message.member, { ...before, gone: { sinceS, reason } });
        return;
      }
      case "back": {
        const before = this.members.get(message.member);
        if (before !== undefined) this.members.set(message.member, { ...before, gone: undefined });
        return;
      }
      case "log":
        this.log.push(message.entry);
        if (this.log.length > 1.2 * MOST_ENTRIES) this.log = this.log.slice(-MOST_ENTRIES);
        return;
      case "span": {
        const others = this.spans.filter(({ id }) => id !== message.span.id);
        this.spans = [...others, message.span].slice(-MOST_SPANS);
        return;
      }
      case "sample":
        return this.history.add(message.atS, message.values);
      case "trouble":
        this.trouble = message.text;
    }
  }

  /** A member's status, as it was told last. */
  statusOf(name: string): MemberStatus | undefined {
    return this.members.get(name)?.status;
  }

  /** The lab's status; of members that are gone what was known last, so that a page can show it as stale. */
  labStatus(): LabStatus {
    const answers = this.containers.map((member) => {
      const value = member.state === "running" ? this.statusOf(member.name) : undefined;
      const reply: Reply<MemberStatus> =
        value === undefined ? { kind: "silent", reason: "it says nothing yet" } : { kind: "answer", value };
      return { container: containerOf(this.lab, member), reply };
    });
    return assembleStatus(this.lab, answers, this.expected);
  }

  #begin(message: Extract<LiveMessage, { type: "lab" }>): void {
    this.lab = message.lab;
    this.self = message.self;
    this.version = message.version;
    this.expected = message.expected ?? undefined;
    this.containers = [];
    this.members.clear();
    this.log = [...message.log];
    this.spans = [...message.spans];
    this.history = new History(message.history);
    this.trouble = null;
  }

  #setContainers(members: readonly LiveMember[]): void {
    this.containers = members;
    const names = new Set(members.map(({ name }) => name));
    for (const name of this.members.keys()) if (!names.has(name)) this.members.delete(name);
  }

  #set(name: string, { status, at }: { status: MemberStatus; at: string }, nowMs: number): void {
    this.members.set(name, { status, atS: parseUtc(at) ?? 0, heardMs: nowMs, gone: undefined });
  }
}

function containerOf(lab: string, { name, role, state, labels }: LiveMember): LabContainer {
  return { id: name, containerName: name, image: "", lab, name, role, state, labels };
}
