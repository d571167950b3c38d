/**
 * What a run recorded, as run.json holds it: one schema from which types, reader and writer come. What was asked for (steps and
 * expectations) is added above, in `core/judge/scenario/record.ts`. Times are seconds since t=0 unless a name says otherwise.
 */
import * as z from "zod";
import type { LoadMetric } from "./load-metrics.ts";

const text = z.string();
const number = z.number();
const textOrNull = text.nullable();
const numberOrNull = number.nullable();
const texts = z.record(text, text);

/** A list that nobody changes. */
export function listOf<T extends z.ZodType>(of: T): z.ZodReadonly<z.ZodArray<T>> {
  return z.array(of).readonly();
}

/** What is of one of several kinds, told by a key. */
export function oneOfKinds<T>(key: string, kinds: readonly z.ZodObject[]): z.ZodType<T> {
  return z.discriminatedUnion(key, kinds as never);
}

/** From and up to, without the end; in seconds. */
export const spanShape = z.tuple([number, number]).readonly();

/** What a figure may be at least and at most; null: without a limit. */
export const boundsShape = z.object({ atLeast: numberOrNull, atMost: numberOrNull });
export type Bounds = z.infer<typeof boundsShape>;

/** What every host and CPE sends from each of its source addresses, from t=0 to the end. */
export const probePlan = z.object({
  everyMs: number.positive(),
  targets: listOf(text),
  /** Names of hosts and CPEs; null: all. */
  from: listOf(text).nullable(),
});
export type ProbePlan = z.infer<typeof probePlan>;

/** A connection that lives through the experiment. */
export const flowPlan = z.object({
  id: text,
  kind: z.enum(["tcp", "udp", "mptcp", "dns"]),
  from: text,
  target: text,
  /** A provider or an address; null: what the kernel chooses. */
  source: textOrNull,
  everyMs: number.positive(),
});
export type FlowPlan = z.infer<typeof flowPlan>;

/** Packets of one interface of a node, kept as a file. */
export const capturePlan = z.object({ node: text, interface: textOrNull, filter: textOrNull });
export type CapturePlan = z.infer<typeof capturePlan>;

export const stepResult = z.object({
  id: text,
  /** The step in words, as the user could type it. */
  text,
  action: z.enum(["fault", "heal", "renumber", "restart", "load", "run", "copy", "wait", "mark"]),
  plannedS: numberOrNull,
  startedS: number,
  endedS: numberOrNull,
  outcome: z.enum(["done", "failed", "unsupported", "not-reached"]),
  /** What happened, or why not. */
  detail: textOrNull,
  exitCode: numberOrNull,
  /** Of an injected fault. */
  faultId: textOrNull,
  /** Whom it is about. */
  node: textOrNull,
});
export type StepResult = z.infer<typeof stepResult>;

/** What lasted: a fault, a renumbering. */
export const band = z.object({
  id: text,
  kind: z.enum(["fault", "renumbering", "restart", "mark"]),
  label: text,
  node: text,
  fromS: number,
  toS: numberOrNull,
  /** Packets or messages that a fault changed or dropped; left out where its kind counts none, or nobody could tell. */
  hits: number.optional(),
});
export type Band = z.infer<typeof band>;

/** A time in which probes of one source to one target were not answered. */
const outage = z.object({
  node: text,
  source: text,
  target: text,
  /** When the first was sent that was not answered, and the first after it that was. */
  fromS: number,
  /** Null: until the end. */
  toS: numberOrNull,
  lost: number,
});
export type Outage = z.infer<typeof outage>;

const verdict = z.object({
  id: text,
  /** The expectation in words. */
  text,
  because: textOrNull,
  result: z.enum(["passed", "failed", "expected-failure", "unexpected-pass", "unsupported", "inconclusive"]),
  /** What was measured, in words with its unit. */
  measured: text,
  /** The same as a number, where it is one. */
  value: numberOrNull,
  unit: textOrNull,
  /** Where the evidence is: moments of the run. */
  evidence: listOf(z.object({ atS: number, text })),
});
export type Verdict = z.infer<typeof verdict>;

/** How busy the engine's host was during a run. The greatest values are null when there were too few samples. */
const load = z.object({
  everyS: number,
  samples: number,
  /** The greatest load average of one minute, as `uptime` shows it. */
  mostLoad1: numberOrNull,
  /** The greatest share of time between two samples in which the processors worked, from 0 to 1. */
  mostBusy: numberOrNull,
});
export type LoadFacts = z.infer<typeof load>;

/** With what it ran. */
const machine = z.object({
  mhlab: text,
  /** The commit that this mhlab was built from, with `-dirty` when files differed from it; null when the build could not tell. */
  commit: textOrNull,
  kernel: text,
  engine: text,
  /** The processor's own name for itself, its cores, and the memory of the engine's host. Null where the host does not say. */
  hardware: z.object({ cpu: textOrNull, cores: numberOrNull, memoryBytes: numberOrNull }),
  load,
  /** Reference and id of each node's image. */
  images: texts,
  /** Versions of the daemons and programs in each image, by its reference and by package. */
  packages: z.record(text, texts),
  sysctls: texts,
  /** `tc -s qdisc` of each node at the end. */
  queues: texts,
  /** The engine's clock minus that of the CLI, in milliseconds, and how far that can be wrong. */
  clock: z.object({ offsetMs: number, uncertaintyMs: number }),
});
export type MachineFacts = z.infer<typeof machine>;

/** What a node held at t=0 of before the run, such as the leases of a router of the user's. */
const inherited = z.object({ node: text, what: text });
export type Inherited = z.infer<typeof inherited>;

/** A time in which the agent of a node was not heard: what is recorded of its state is not known to hold then. */
const unheard = z.object({
  node: text,
  fromS: number,
  /** Null: to the end of the run. */
  toS: numberOrNull,
});
export type Unheard = z.infer<typeof unheard>;

/** A packet count of a wire expectation. */
const wireCount = z.object({
  expectation: text,
  /** When each packet passed. */
  atS: listOf(number),
  /** When nobody captured, because the interface or its node was gone; left out: never. */
  missing: listOf(spanShape).optional(),
});
export type WireCount = z.infer<typeof wireCount>;

/** The leaks at one provider's port during a run. */
const portLeaks = z.object({
  /** From customers, with a source that the provider has not delegated to who sent them. */
  up: number,
  /** To customers, for a destination that the provider does not have. */
  down: number,
  /** Their addresses, the busiest first, as far as the BNG remembers them. */
  addresses: listOf(
    z.object({ direction: z.enum(["up", "down"]), address: text, packets: number, provider: textOrNull }),
  ),
  /** Times of which the BNG's count is not known: it was started again, or did not answer. */
  gaps: listOf(spanShape),
});
export type PortLeaks = z.infer<typeof portLeaks>;

/** What a sender of probes left out until its end. */
const sending = z.object({
  node: text,
  /** Probes that were due and not sent, because the program did not run in time. */
  skipped: number,
  /** Answers for which its sockets had no room. */
  dropped: number,
});
export type Sending = z.infer<typeof sending>;

/** Which probes of a host or CPE to a target were due. A gap is a time in which none was sent, whatever the reason. */
const probing = z.object({
  node: text,
  target: text,
  everyMs: number,
  /** Moments at which a probe was due, whatever its source. */
  due: number,
  /** Those at which one was sent, or could not be sent. */
  sent: number,
  gaps: listOf(spanShape),
});
export type Probing = z.infer<typeof probing>;

/** All of a record but its scenario and its tables. */
export const observedShape = z.object({
  format: z.literal(1),
  scenarioText: text,
  labText: text,
  lab: text,
  /** Under which licence the data are, as an SPDX identifier; null: none is stated. */
  licence: textOrNull,
  /** Values of the matrix that this run is of. */
  variables: texts,
  /** UTC, RFC 3339 with microseconds: t=0. */
  startedAt: text,
  /** Nanoseconds since 1970 of t=0, decimal. */
  startedNs: text.regex(/^\d{1,20}$/),
  durationS: number.nonnegative(),
  /** Ctrl-C, or an end before the last step. */
  partial: z.boolean(),
  machine,
  /** What was there of before at t=0, and may have a part in what the run shows. */
  inherited: listOf(inherited),
  /** Names of providers, hosts and CPEs, in the order of the lab. */
  providers: listOf(text),
  nodes: listOf(text),
  steps: listOf(stepResult),
  bands: listOf(band),
  unheard: listOf(unheard),
  wires: listOf(wireCount),
  /** Packets that leaked at the port of each provider, whatever its source validation did with them. */
  leaks: z.record(text, portLeaks),
  /** What senders left out or could not take; a sender that was killed before its end tells nothing. */
  sending: listOf(sending).optional(),
  outages: listOf(outage),
  probing: listOf(probing),
  verdicts: listOf(verdict),
});

/** One probe. */
export interface ProbeSample {
  /** Host or CPE that sent it. */
  readonly node: string;
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
  /** By whose tunnel the bundled internet got it; null when it did not, or cannot tell. */
  readonly arrivedBy: string | null;
  /** When it got it: it counted also where the answer was lost. */
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

/** One value that the tool of a load measured. */
export interface LoadSample {
  /** The id of the step. */
  readonly load: string;
  /** When what was measured began. */
  readonly atNs: number;
  /** How long that lasted; 0: a moment. */
  readonly lastsNs: number;
  readonly metric: LoadMetric;
  /** In the unit of its metric. */
  readonly value: number;
  /** The address or stream that it is about; null: all of the load. */
  readonly about: string | null;
}

/** What is known of a node from a moment on: `state` null: it went. */
export interface Fact {
  readonly atS: number;
  readonly node: string;
  readonly kind: "address" | "router" | "delegation" | "prefix" | "ready";
  /** The address, the router's address, the prefix. */
  readonly subject: string;
  readonly provider: string | null;
  readonly state: string | null;
}

/** What is in tables of its own, not in run.json. */
export interface Tables {
  readonly probes: readonly ProbeSample[];
  readonly flows: readonly FlowSample[];
  readonly loads: readonly LoadSample[];
  readonly facts: readonly Fact[];
}

/** All of a record but its scenario and its tables. */
export type Run = z.infer<typeof observedShape>;

/** What was sent, and what was observed of it. */
export type Observed = Omit<Run, "verdicts"> &
  Tables & { readonly scenario: { readonly probes: ProbePlan; readonly flows: readonly FlowPlan[] } };
