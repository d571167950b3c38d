/**
 * What a scenario asks for, and what a run of it recorded: the types that the language, the runner, the judge, the formats
 * and the report share. Times are seconds since the run's t=0 unless a name says otherwise.
 */
import type { RenumberOrder } from "../renumbering/order.ts";
import type { MachineFacts } from "./machine-facts.ts";
import type { PortLeaks, Probing, Unheard } from "./observed.ts";
import type { Sending } from "./sending.ts";
import type { Span } from "./spans.ts";

/** A scenario, read and checked. */
export interface Scenario {
  readonly name: string;
  /** For people: what is tried, and by which source. */
  readonly title: string | null;
  /** The RFC and section, or paper, that it is about. */
  readonly source: string | null;
  /** The lab file as it was written, relative to the scenario. */
  readonly lab: string;
  readonly seed: number;
  readonly probes: ProbePlan;
  readonly flows: readonly FlowPlan[];
  readonly captures: readonly CapturePlan[];
  readonly steps: readonly Step[];
  readonly expect: readonly Expectation[];
  /** Runs on after the last step, so that what follows from it is seen. */
  readonly settleS: number;
}

/** What every host and CPE sends from each of its source addresses, from t=0 to the end. */
export interface ProbePlan {
  readonly everyMs: number;
  readonly targets: readonly string[];
  /** Names of hosts and CPEs; null: all. */
  readonly from: readonly string[] | null;
}

/** A connection that lives through the experiment; does it survive? */
export interface FlowPlan {
  readonly id: string;
  readonly kind: "tcp" | "udp" | "mptcp" | "dns";
  readonly from: string;
  readonly target: string;
  /** A provider or an address; null: what the kernel chooses. */
  readonly source: string | null;
  readonly everyMs: number;
}

/** Packets of one interface of a member, kept as a file. */
export interface CapturePlan {
  readonly member: string;
  readonly interface: string | null;
  readonly filter: string | null;
}

/** What every step begins with. */
export interface StepBase {
  /** Its name in results, or `steps[3]`. */
  readonly id: string;
  /** When it starts; null: once the step before it is done. */
  readonly atS: number | null;
}

/** One thing that is done. */
export type Step = StepBase & Deed;

export type Deed =
  | {
      readonly do: "fault";
      readonly kind: string;
      readonly provider: string;
      readonly options: Readonly<Record<string, string>>;
    }
  /** `which`: the id of a fault step, a provider, or `all`. */
  | { readonly do: "heal"; readonly which: string }
  | { readonly do: "renumber"; readonly provider: string; readonly order: RenumberOrder }
  | { readonly do: "restart"; readonly member: string; readonly how: "restart" | "kill" | "stop" | "start" }
  | {
      readonly do: "run";
      readonly argv: readonly string[];
      readonly member: string;
      /** Where its standard output goes in the folder of the run; null: only its exit code counts. */
      readonly save: string | null;
      readonly limitS: number;
    }
  /** `to` in the member, `from` beside the scenario; `out` the other way round, into the folder of the run. */
  | {
      readonly do: "copy";
      readonly member: string;
      readonly from: string;
      readonly to: string;
      readonly way: "in" | "out";
    }
  | { readonly do: "wait"; readonly until: Condition; readonly withinS: number }
  | { readonly do: "mark"; readonly text: string };

/** Something that is true of a lab at a moment, or not. */
export type Condition =
  /** The CPE has a prefix of the provider. */
  | { readonly is: "delegated"; readonly provider: string; readonly at: string }
  /** An address of the provider at a host or CPE. `absent`: it has none. */
  | {
      readonly is: "address";
      readonly provider: string;
      readonly at: string;
      readonly state: "preferred" | "deprecated" | "absent";
    }
  /** Whether the provider's router (or, behind a CPE, the CPE) is a default router there. */
  | {
      readonly is: "router";
      readonly router: string;
      readonly at: string;
      readonly state: "present" | "absent";
    }
  /** A prefix of a provider as `status` tells it, or at a CPE or host. */
  | {
      readonly is: "prefix";
      readonly prefix: string;
      readonly at: string;
      readonly state: "current" | "deprecated" | "withdrawn" | "absent";
    }
  /** Probes from that source are answered; `source`: a provider or an address, null: of any. */
  | {
      readonly is: "reaches";
      readonly target: string;
      readonly from: string;
      readonly source: string | null;
      /** `false`: they are not answered. */
      readonly met: boolean;
    }
  | {
      readonly is: "resolves";
      readonly name: string;
      readonly from: string;
      /** Null: any answer. */
      readonly gives: string | null;
      readonly met: boolean;
    };

/** What has to be so; a condition in a window of time, or a figure of the whole run. */
export interface Expectation {
  readonly id: string;
  readonly claim: Claim;
  /** Why it is expected: RFC and section. */
  readonly because: string | null;
  /** Why it is expected to fail, as xfail of pytest; null: it is expected to pass. */
  readonly expectedFailure: string | null;
}

export interface Bounds {
  readonly atLeast: number | null;
  readonly atMost: number | null;
}

export type Claim =
  /** It is true for all of `while` (after `within` of grace at its beginning), or becomes true `within` seconds of `after` and stays until something else is done: a step, or the end of a fault. */
  | {
      readonly claim: "condition";
      readonly condition: Condition;
      readonly while: readonly [number, number] | null;
      readonly afterS: number | null;
      /** The step whose beginning `after` is; `afterS` is then when it was planned, null where that is not known. */
      readonly afterStep?: string | null;
      readonly withinS: number;
    }
  /** Packets at a provider's port with a source that it did not delegate to who sent them, or for a destination that it does not have. */
  | { readonly claim: "leaks"; readonly count: Bounds }
  /** Seconds of the longest outage of one source. */
  | {
      readonly claim: "outage";
      readonly from: string;
      readonly source: string | null;
      readonly target: string | null;
      readonly while: readonly [number, number] | null;
      readonly seconds: Bounds;
    }
  /** Seconds from a step until the host reaches the target from any source that a new connection may use. */
  | {
      readonly claim: "failover";
      readonly from: string;
      readonly target: string | null;
      readonly step: string;
      readonly seconds: Bounds;
    }
  /** Probes lost, in percent. */
  | {
      readonly claim: "loss";
      readonly from: string;
      readonly source: string | null;
      readonly target: string | null;
      readonly while: readonly [number, number] | null;
      readonly percent: Bounds;
    }
  /** Packets of a tcpdump expression on an interface. */
  | {
      readonly claim: "wire";
      readonly member: string;
      readonly interface: string | null;
      readonly filter: string;
      readonly while: readonly [number, number] | null;
      readonly count: Bounds;
    }
  /** A flow: `survives` its whole life, and its longest stall. */
  | {
      readonly claim: "flow";
      readonly flow: string;
      readonly survives: boolean | null;
      readonly stallS: Bounds | null;
    }
  /** Bit/s that a `run` step of iperf3 saved as JSON, or that all its figures are read from. */
  | { readonly claim: "throughput"; readonly file: string; readonly bitsPerS: Bounds }
  /** What a `run` step ended with. */
  | { readonly claim: "exit"; readonly step: string; readonly code: number };

/** One probe. */
export interface ProbeSample {
  /** Host or CPE that sent it. */
  readonly member: string;
  readonly source: string;
  readonly target: string;
  readonly seq: number;
  /** When it left, in nanoseconds since t=0. */
  readonly sentNs: number;
  /** How long after it was due that was: the sender ran late, or the packet waited in a queue of its kernel. */
  readonly waitedNs?: number | null;
  /** Null unless an answer came. */
  readonly receivedNs: number | null;
  readonly outcome: "answered" | "no-answer" | "not-sent";
  /** Why it was not sent, as errno has it (`ENETUNREACH`), or which ICMPv6 error came. */
  readonly reason: string | null;
  /** By whose tunnel the far side got it; null when it did not, or cannot tell. */
  readonly arrivedBy: string | null;
  /** When the far side got it: it counted also where the answer was lost. */
  readonly arrivedNs: number | null;
}

/** One message of a flow, or what happened to its connection. */
export interface FlowSample {
  readonly flow: string;
  readonly atNs: number;
  readonly event:
    | "connected"
    | "answered"
    | "lost"
    | "broken"
    | "refused"
    | "unsupported"
    | "closed"
    | "sender-gone";
  readonly rttNs: number | null;
  readonly detail: string | null;
}

/** What is known of a member from a moment on: `state` null: it went. */
export interface Fact {
  readonly atS: number;
  readonly member: string;
  readonly kind: "address" | "router" | "delegation" | "prefix" | "ready";
  /** The address, the router's address, the prefix. */
  readonly subject: string;
  readonly provider: string | null;
  readonly state: string | null;
}

/** What a node held at t=0 of before the run, such as the leases of a router of the user's. */
export interface Inherited {
  readonly member: string;
  readonly what: string;
}

export interface StepResult {
  readonly id: string;
  /** The step in words, as the user could type it. */
  readonly text: string;
  readonly deed: Deed["do"];
  readonly plannedS: number | null;
  readonly startedS: number;
  readonly endedS: number | null;
  readonly outcome: "done" | "failed" | "unsupported" | "not-reached";
  /** What happened, or why not. */
  readonly detail: string | null;
  readonly exitCode: number | null;
  /** Of an injected fault. */
  readonly faultId: string | null;
  /** Whom it is about. */
  readonly member: string | null;
}

/** What lasted: a fault, a renumbering. */
export interface Band {
  readonly id: string;
  readonly kind: "fault" | "renumbering" | "restart" | "mark";
  readonly label: string;
  readonly member: string;
  readonly fromS: number;
  readonly toS: number | null;
  /** Packets or messages that a fault changed or dropped; left out where its kind counts none, or nobody could tell. */
  readonly hits?: number | undefined;
}

/** A time in which probes of one source to one target were not answered. */
export interface Outage {
  readonly member: string;
  readonly source: string;
  readonly target: string;
  /** When the first was sent that was not answered, and the first after it that was. */
  readonly fromS: number;
  /** Null: until the end. */
  readonly toS: number | null;
  readonly lost: number;
}

export interface Verdict {
  readonly id: string;
  /** The expectation in words. */
  readonly text: string;
  readonly because: string | null;
  readonly result:
    | "passed"
    | "failed"
    | "expected-failure"
    | "unexpected-pass"
    | "unsupported"
    | "inconclusive";
  /** What was measured, in words with its unit. */
  readonly measured: string;
  /** The same as a number, where it is one. */
  readonly value: number | null;
  readonly unit: string | null;
  /** Where the evidence is: moments of the run. */
  readonly evidence: readonly { readonly atS: number; readonly text: string }[];
}

/** A packet count of a wire claim. */
export interface WireCount {
  readonly expectation: string;
  /** When each packet passed. */
  readonly atS: readonly number[];
  /** When nobody captured, because the interface or its member was gone; left out: never. */
  readonly missing?: readonly Span[];
}

/** All of one run. Its folder holds the same, by the formats of core/evidence. */
export interface RunRecord {
  readonly format: 1;
  readonly scenario: Scenario;
  readonly scenarioText: string;
  readonly labText: string;
  readonly lab: string;
  /** Under which licence the data are, as an SPDX identifier; null: none is stated. */
  readonly licence: string | null;
  /** Values of the matrix that this run is of. */
  readonly variables: Readonly<Record<string, string>>;
  /** UTC, RFC 3339 with microseconds: t=0. */
  readonly startedAt: string;
  /** Nanoseconds since 1970 of t=0, decimal. */
  readonly startedNs: string;
  readonly durationS: number;
  /** Ctrl-C, or an end before the last step. */
  readonly partial: boolean;
  readonly machine: MachineFacts;
  /** What was there of before at t=0, and may have a part in what the run shows. */
  readonly inherited: readonly Inherited[];
  /** Names of providers, hosts and CPEs, in the order of the lab. */
  readonly providers: readonly string[];
  readonly members: readonly string[];
  readonly steps: readonly StepResult[];
  readonly bands: readonly Band[];
  readonly facts: readonly Fact[];
  readonly unheard: readonly Unheard[];
  readonly probes: readonly ProbeSample[];
  readonly flows: readonly FlowSample[];
  readonly wires: readonly WireCount[];
  /** Packets that leaked at the port of each provider, whatever its source validation did with them. */
  readonly leaks: Readonly<Record<string, PortLeaks>>;
  /** What senders left out or could not take; a sender that was killed before its end tells nothing. */
  readonly sending?: readonly Sending[];
  /** Bit/s that the saved files of iperf3 tell, by file. */
  readonly throughputs?: Readonly<Record<string, number>>;
  readonly outages: readonly Outage[];
  readonly probing: readonly Probing[];
  readonly verdicts: readonly Verdict[];
}
