import type { ExpectedNodes } from "../../render/nodes/node.ts";
import type { Role } from "../../model/role.ts";
import type { NodeEvent } from "../../model/protocol/event.ts";
import type { EngineStatus } from "../../model/status/model.ts";
import type { PastHistory, Values } from "./history.ts";
import type { Level } from "./sentence.ts";

/** A node as the engine sees its container. */
export interface LiveNode {
  readonly name: string;
  readonly role: Role;
  /** Docker's word: created, running, paused, restarting, exited, dead, removing; or `unknown`, when its engine does not answer. */
  readonly state: string;
  /** Those that a lab's status is assembled by. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A line of the log of events. */
export interface LogEntry {
  /** UTC, RFC 3339: by the agent's clock, of what no agent tells by ours. */
  readonly at: string;
  /** Whose it is; empty for what is nobody's. */
  readonly node: string;
  /** What it is about: a key of the status, or the kind of event as in docs/protocol.md; `gone`, `nodes`, `action` and `mark` besides. */
  readonly event: string;
  readonly level: Level;
  readonly text: string;
}

/** Something that lasts, across all plots: a fault, a renumbering; a mark begins and ends at once. */
export interface Span {
  readonly id: string;
  readonly kind: "fault" | "renumbering" | "mark";
  readonly label: string;
  /** Whose it is; empty for a mark. */
  readonly node: string;
  /** Seconds since 1970. */
  readonly fromS: number;
  /** Null while it lasts. */
  readonly toS: number | null;
}

/** What a page is told, each as one server-sent event. Kinds and keys may be added. */
export type LiveMessage =
  /** The first: everything before it is void. */
  | {
      readonly type: "lab";
      readonly lab: string;
      readonly expected: ExpectedNodes | null;
      /** How the user calls mhlab, for command lines. */
      readonly self: string;
      readonly version: string;
    }
  /** What happened before somebody looked. */
  | {
      readonly type: "past";
      readonly log: readonly LogEntry[];
      readonly spans: readonly Span[];
      readonly history: PastHistory;
    }
  /** All containers of the lab, in the place of those that were told. */
  | {
      readonly type: "nodes";
      readonly nodes: readonly LiveNode[];
      /** The engines that the lab names; left out where it names none. */
      readonly engines?: readonly EngineStatus[];
    }
  /** What a node told: a line of `mhlab events --json`. */
  | { readonly type: "event"; readonly event: NodeEvent }
  /** Its agent is not heard any more; what was known of it counts no longer. */
  | { readonly type: "gone"; readonly node: string; readonly sinceS: number; readonly reason: string }
  /** Nothing new, but it is heard again. */
  | { readonly type: "back"; readonly node: string }
  | { readonly type: "log"; readonly entry: LogEntry }
  /** A new span, or an old one with its end. */
  | { readonly type: "span"; readonly span: Span }
  | { readonly type: "sample"; readonly atS: number; readonly values: Values }
  /** Why nothing is heard of the engine; null when it is heard again. */
  | { readonly type: "trouble"; readonly text: string | null };
