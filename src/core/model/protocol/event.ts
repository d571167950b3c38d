import type { FaultEnd } from "../faults/fault.ts";
import type { Role } from "../role.ts";
import type { FaultStatus } from "../status/model.ts";
import { parseObject, PROTOCOL, readStatus, type StatusLine } from "./answer.ts";
import { readFailure, type AgentFailure } from "./failure.ts";
import type { Patch } from "./patch.ts";

/** What every event begins with. */
export interface Stamp {
  /** Counts the events of one life of an agent. A line for one follower only repeats the number of the last event. */
  readonly seq: number;
  /** Seconds of a clock that never jumps, from an arbitrary beginning: differences within one life mean something. */
  readonly monotonicS: number;
  /** UTC, RFC 3339 with microseconds. */
  readonly at: string;
  readonly node: string;
  readonly role: Role;
}

/** What made the status another one, as one look at it found. */
export interface Patched {
  readonly event: "patch";
  readonly patch: Patch;
}

/** What happened to a fault, whoever looks at the status meanwhile; `fault` is as it was then. */
export type FaultEvent =
  | { readonly event: "fault-began"; readonly fault: FaultStatus }
  | { readonly event: "fault-ended"; readonly fault: FaultStatus; readonly reason: FaultEnd };

/** What an agent's journal numbers. */
export type Recorded =
  | Patched
  | FaultEvent
  | { readonly event: "log"; readonly level: "info" | "warn" | "error"; readonly message: string };

/** What is said to one follower only. */
export type Personal =
  /** Everything, to start from. */
  | { readonly event: "snapshot"; readonly epoch: string; readonly status: StatusLine }
  /** The events after the place that was asked for follow. */
  | { readonly event: "resumed"; readonly epoch: string; readonly protocol: number }
  /** Nothing else to say for a while: every few seconds, so that a silence means something. */
  | { readonly event: "alive" }
  /** The last line for one who does not read: `resume` is the request that goes on after what was said. */
  | { readonly event: "cut"; readonly resume: string };

/** A line of `events`. */
export type EventLine = Stamp & (Recorded | Personal);
/** A line of `all events`; `gone` when a node's agent stops or is lost. */
export type AllEventLine =
  | EventLine
  | (Stamp & { readonly event: "gone" })
  | (Partial<Stamp> & { readonly event: "cut"; readonly resume: string });

/** A line about one node. */
export type NodeLine = EventLine | (Stamp & { readonly event: "gone" });
/** What a node told, with the life of its agent: a line of `mhlab events --json`. */
export type NodeEvent = NodeLine & { readonly epoch: string };

/** What a line of a stream means. */
export type Heard =
  | { readonly kind: "event"; readonly event: NodeLine }
  | { readonly kind: "cut" }
  | { readonly kind: "failure"; readonly failure: AgentFailure }
  /** An event of another protocol, of that node if it says so. */
  | { readonly kind: "foreign"; readonly node: string | undefined }
  /** It is not the agent that speaks. */
  | { readonly kind: "noise"; readonly line: string };

/** Reads a line of `events` or `all events`. */
export function parseEvent(line: string): Heard {
  const value = parseObject(line) as Record<string, unknown> | undefined;
  if (value === undefined) return { kind: "noise", line };
  const failure = readFailure(value);
  if (failure !== undefined) return { kind: "failure", failure };
  if (value["event"] === "cut") return { kind: "cut" };
  const { seq, at, node, event } = value;
  const named = typeof node === "string" ? node : undefined;
  if (named === undefined || typeof seq !== "number" || typeof at !== "string" || typeof event !== "string")
    return { kind: "foreign", node: named };
  if (event !== "snapshot") return { kind: "event", event: value as unknown as NodeLine };
  const status = readStatus(value["status"]);
  if (status === undefined) return { kind: "foreign", node: named };
  const told = { ...value, status: { protocol: PROTOCOL, ...status } };
  return { kind: "event", event: told as unknown as NodeLine };
}

/** The beginning of every line that an agent of this protocol writes into a stream. */
export const STAMP_START = '{"seq":';
