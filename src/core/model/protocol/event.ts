import type { FaultEnd } from "../faults/fault.ts";
import type { Role } from "../role.ts";
import type {
  AddressLease,
  AdvertisementStatus,
  ContainerState,
  Delegation,
  FaultStatus,
  HostAddress,
  InternetPeerStatus,
  KeeperStatus,
  NodeStatus,
  Neighbour,
  Problem,
  ProviderPrefix,
  SubscriberStatus,
  UplinkStatus,
  WanStatus,
} from "../status/model.ts";
import { parseObject, readStatus, type StatusLine } from "./answer.ts";
import { readFailure, type AgentFailure } from "./failure.ts";

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

/** An entry of a list that came, is not what it was, or went. */
export type ListChange<Name extends string, Entry> = {
  readonly event: Name;
  readonly change: "added" | "changed" | "removed";
  /** Its place in the list from now on; left out for what went, and in lists with an order of their own. */
  readonly index?: number;
} & { readonly [K in Name]: Entry };

/** A change of a status. Each carries, under its own name, just what changed. Kinds may be added. */
export type Change = ChangeBody & {
  /** More changes follow that were seen at the same look: only with the last one the status is one that ever was. */
  readonly more?: true;
};
type ChangeBody =
  | { readonly event: "state"; readonly state: ContainerState; readonly ready: boolean }
  | { readonly event: "uplink"; readonly uplink: UplinkStatus }
  | { readonly event: "subscriber"; readonly subscriber: Omit<SubscriberStatus, "neighbours"> }
  | { readonly event: "advertisement"; readonly advertisement: AdvertisementStatus }
  | ListChange<"neighbour", Neighbour>
  | ListChange<"prefix", ProviderPrefix>
  | ListChange<"delegation", Delegation>
  | ListChange<"address", AddressLease>
  | ListChange<"fault", FaultStatus>
  | ListChange<"hostAddress", HostAddress>
  | ListChange<"problem", Problem>
  | ListChange<"wan", WanStatus>
  | ListChange<"peer", InternetPeerStatus>
  | ListChange<"lent", KeeperStatus["lent"][number]>
  /** Whatever else of a node's status changed, by key; `absent` names keys that are not there any more. */
  | (
      | PlainChange<"provider">
      | PlainChange<"cpe">
      | PlainChange<"host">
      | PlainChange<"internet">
      | PlainChange<"keeper">
    )
  /** Traffic, ages and round trips, as they are now: in the shape of the status, lists by the key of their entries. */
  | { readonly event: "counters"; readonly counters: Readonly<Record<string, unknown>> };

type PlainChange<Name extends string> = { readonly event: Name; readonly absent?: readonly string[] } & {
  readonly [K in Name]: Readonly<Record<string, unknown>>;
};

/** What happened to a fault, whoever looks at the status meanwhile; `fault` is as it was then. */
export type FaultEvent =
  | { readonly event: "fault-began"; readonly fault: FaultStatus }
  | { readonly event: "fault-ended"; readonly fault: FaultStatus; readonly reason: FaultEnd };

/** What an agent's journal numbers. */
export type Recorded =
  | Change
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

/** What a line of a stream means. */
export type Heard =
  | {
      readonly kind: "event";
      readonly event: Stamp &
        (Recorded | Exclude<Personal, { event: "snapshot" }> | { readonly event: "gone" });
    }
  | {
      readonly kind: "snapshot";
      readonly event: Stamp & { readonly event: "snapshot"; readonly epoch: string };
      readonly status: NodeStatus;
    }
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
  if (event !== "snapshot") return { kind: "event", event: value as unknown as Stamp & Recorded };
  const status = readStatus(value["status"]);
  return status === undefined
    ? { kind: "foreign", node: named }
    : { kind: "snapshot", event: value as unknown as Stamp & { event: "snapshot"; epoch: string }, status };
}

/** The beginning of every line that an agent of this protocol writes into a stream. */
export const STAMP_START = '{"seq":';
