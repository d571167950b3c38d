import type { FaultKind } from "./names.ts";

/** A way of packets: `up` is from the customers to the internet. */
export type Way = "up" | "down";
export const DIRECTIONS = ["up", "down", "both"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** The ways that a direction means. */
export function waysOf(direction: Direction): readonly Way[] {
  return direction === "both" ? ["up", "down"] : [direction];
}

/** A delegation that a fault took out of the DHCPv6 server's database, with what is needed to route it and to give it back. */
export interface HeldLease {
  readonly prefix: string;
  /** Next hop and MAC of the customer. */
  readonly via: string;
  readonly mac: string;
  readonly duid: string;
  readonly iaid: number;
  readonly preferredS: number;
  readonly validS: number;
  /** When it ends, UTC. */
  readonly expiresAt: string;
}

/** A fault that is in force, as the member's overlay keeps it. */
export interface Fault {
  /** `<provider>-<number>`: nobody else of the lab has it. */
  readonly id: string;
  readonly kind: FaultKind;
  readonly direction: Direction;
  /** Every option in its canonical form; those that have no default and were not given are left out. */
  readonly options: Readonly<Record<string, string>>;
  /** When it began and when it ends, UTC (RFC 3339 with milliseconds); without an end it lasts until it is healed. */
  readonly since: string;
  readonly endsAt?: string;
  /** It ends when nobody asked to keep it alive for so long, in milliseconds; left out, nobody has to. */
  readonly keepaliveMs?: number;
  /** What it took away, to give it back. */
  readonly held?: readonly HeldLease[];
}

/** Why a fault ended; `abandoned`: whoever injected it kept it alive no more. */
export type FaultEnd = "time" | "healed" | "reset" | "done" | "abandoned";

/** What is told of a fault in the words in which it was asked for. */
interface FaultInWords {
  readonly id: string;
  readonly kind: string;
  readonly direction: string;
  readonly options: Readonly<Record<string, string>>;
}

/** A fault for people: `alpha-1 (upstream-blackhole up from=2001:db8:a:8000::/56)`. */
export function describeFault(fault: FaultInWords): string {
  return `${fault.id} (${askedWords(fault)})`;
}

/** A fault in the words in which it was injected: `alpha-1 upstream-blackhole up from=2001:db8:a:8000::/56`. */
export function faultWords(fault: FaultInWords): string {
  return `${fault.id} ${askedWords(fault)}`;
}

function askedWords({ kind, direction, options }: FaultInWords): string {
  return [kind, direction, optionWords(options)].filter((word) => word !== "").join(" ");
}

/** Options as words; of a long value, such as a trace, its beginning. */
export function optionWords(options: FaultInWords["options"]): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}=${shortOption(value)}`)
    .join(" ");
}

const LONGEST_OPTION = 40;

function shortOption(value: string): string {
  return value.length <= LONGEST_OPTION ? value : `${value.slice(0, LONGEST_OPTION - 1)}…`;
}
