/** What the probe program says, line by line; what came over a network is read as such. */
import { wireguardInterface } from "../names.ts";
import { readFailure, type AgentFailure } from "./failure.ts";

/** What came of one probe. Times are nanoseconds since 1970 by the clock of the engine's machine. */
export interface ToldProbe {
  readonly source: string;
  readonly target: string;
  /** Counts the probes of this pair since its program began. */
  readonly seq: number;
  /** When it left; where the kernel did not say, when the socket took it. */
  readonly sentNs: bigint;
  /** How long after it was due that was. */
  readonly waitedNs: number;
  readonly receivedNs: bigint | null;
  readonly outcome: "answered" | "no-answer" | "not-sent";
  /** An errno, the ICMPv6 error that came, or null. */
  readonly reason: string | null;
  /** As its reflection tells; null without one. */
  readonly arrivedBy: string | null;
  readonly arrivedNs: bigint | null;
}

/** A probe that came in at the far side. */
export interface ToldArrival {
  readonly source: string;
  /** Of the program that sent it (RFC 8972 3). */
  readonly session: number;
  readonly seq: number;
  readonly arrivedNs: bigint;
  /** The provider by whose tunnel. */
  readonly arrivedBy: string | null;
}

/** What a flow did, or what was done to it. */
export interface ToldFlow {
  readonly event: FlowEvent;
  /** When; of `lost` when the message was sent. */
  readonly atNs: bigint;
  readonly rttNs: number | null;
  readonly detail: string | null;
}

/** What a sender counts until it ends. */
export interface SendingCounts {
  /** Probes that it left out because it did not run in time. */
  readonly skipped: number;
  /** Answers for which its sockets had no room. */
  readonly dropped: number;
}

const FLOW_EVENTS = ["connected", "answered", "lost", "broken", "refused", "unsupported", "closed"] as const;
export type FlowEvent = (typeof FLOW_EVENTS)[number];

/** A line of `probe`, `arrivals` or `flow`. */
export type ProbeLine =
  /** It works from now on; `session` names this run of the program. */
  | { readonly kind: "began"; readonly session: number }
  | { readonly kind: "probe"; readonly probe: ToldProbe }
  | { readonly kind: "arrival"; readonly arrival: ToldArrival }
  | { readonly kind: "flow"; readonly flow: ToldFlow }
  /** Something is missing in what was told, and what. */
  | { readonly kind: "gap"; readonly text: string; readonly sending?: SendingCounts }
  /** Nothing that matters: a mark, an end without losses, a line of a later version. */
  | { readonly kind: "nothing" }
  | { readonly kind: "failure"; readonly failure: AgentFailure }
  /** It is not the agent that speaks. */
  | { readonly kind: "noise"; readonly line: string };

/** ICMPv6 errors by type and code (RFC 4443 3). */
const ICMP6_ERRORS: Readonly<Record<string, string>> = {
  "1/0": "no route",
  "1/1": "administratively prohibited",
  "1/2": "beyond scope of source",
  "1/3": "address unreachable",
  "1/4": "port unreachable",
  "1/5": "source address failed ingress/egress policy",
  "1/6": "reject route",
  "2/0": "packet too big",
  "3/0": "hop limit exceeded",
  "4/0": "erroneous header field",
  "4/1": "unrecognized next header",
  "4/2": "unrecognized option",
};

/** Reads a line. Never throws. */
export function parseProbeLine(line: string): ProbeLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: "noise", line };
  }
  if (Array.isArray(value)) return readEntry(value as unknown[]) ?? { kind: "noise", line };
  if (typeof value !== "object" || value === null) return { kind: "noise", line };
  return readEvent(value);
}

function readEvent(value: object): ProbeLine {
  const failure = readFailure(value);
  if (failure !== undefined) return { kind: "failure", failure };
  const said = value as Readonly<Record<string, unknown>>;
  switch (said["event"]) {
    case "began":
      return { kind: "began", session: count(said["session"]) };
    case "cut":
      return { kind: "gap", text: "was not read in time, so it was cut off" };
    case "restarted":
      return { kind: "gap", text: "had to start its program again" };
    case "limit":
      return { kind: "gap", text: `does not probe more than ${count(said["pairs"])} pairs of addresses` };
    case "mark":
    case "ended":
      return gapOf(said);
    default:
      return { kind: "nothing" };
  }
}

function gapOf(said: Readonly<Record<string, unknown>>): ProbeLine {
  const [dropped, refused, skipped] = ["dropped", "refused", "skipped"].map((name) => count(said[name]));
  const parts = [
    [dropped, "packets had no room in its buffers"],
    [refused, "probes of one customer were too many for the reflector"],
    [skipped, "rounds were left out because it did not run in time"],
  ].filter(([number]) => number !== 0);
  if (parts.length === 0) return { kind: "nothing" };
  const told = parts.map((words) => words.join(" ")).join(", ");
  return { kind: "gap", text: told, sending: { skipped: skipped ?? 0, dropped: dropped ?? 0 } };
}

function readEntry([kind, ...values]: unknown[]): ProbeLine | undefined {
  if (kind === "arrived") return readArrival(values);
  if (kind === "answered" && values.length > 5) return readProbe("answered", values);
  if (kind === "no-answer" || kind === "not-sent") return readProbe(kind, values);
  const event = FLOW_EVENTS.find((one) => one === kind);
  const [at, rtt, detail] = values;
  const atNs = time(at);
  if (event === undefined || atNs === undefined) return undefined;
  return {
    kind: "flow",
    flow: { event, atNs, rttNs: Number.isSafeInteger(rtt) ? (rtt as number) : null, detail: text(detail) },
  };
}

function readProbe(outcome: ToldProbe["outcome"], values: readonly unknown[]): ProbeLine | undefined {
  const [source, target, seq, sent, waited, last, arrived, tunnel] = values;
  const sentNs = time(sent);
  if (typeof source !== "string" || typeof target !== "string" || sentNs === undefined) return undefined;
  const head = { source, target, seq: count(seq), sentNs, waitedNs: count(waited), outcome };
  if (outcome !== "answered") {
    const reason = text(last);
    const known = reason === null ? null : (ICMP6_ERRORS[reason] ?? reason);
    return {
      kind: "probe",
      probe: { ...head, receivedNs: null, reason: known, arrivedBy: null, arrivedNs: null },
    };
  }
  const receivedNs = time(last);
  if (receivedNs === undefined) return undefined;
  const reflected = { arrivedBy: providerOf(tunnel), arrivedNs: time(arrived) ?? null };
  return { kind: "probe", probe: { ...head, receivedNs, reason: null, ...reflected } };
}

function readArrival([source, session, seq, arrived, tunnel]: readonly unknown[]): ProbeLine | undefined {
  const arrivedNs = time(arrived);
  if (typeof source !== "string" || arrivedNs === undefined) return undefined;
  const arrival = { source, session: count(session), seq: count(seq), arrivedNs };
  return { kind: "arrival", arrival: { ...arrival, arrivedBy: providerOf(tunnel) } };
}

/** The tunnels of the bundled internet are named after the providers. */
function providerOf(tunnel: unknown): string | null {
  const beginning = wireguardInterface("");
  return typeof tunnel === "string" && tunnel.startsWith(beginning) ? tunnel.slice(beginning.length) : null;
}

/** Numbers of this size are told as text. */
function time(value: unknown): bigint | undefined {
  return typeof value === "string" && /^\d{1,19}$/.test(value) ? BigInt(value) : undefined;
}

function count(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : 0;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value.slice(0, 200) : null;
}
