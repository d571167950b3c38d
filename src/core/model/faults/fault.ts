/** A fault as it is stored, sent and shown. */

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

/** A fault that is in force, as the node's runtime override keeps it. */
export interface FaultOf<Kind extends string> {
  /** `<provider>-<number>`: unique in the lab. */
  readonly id: string;
  readonly kind: Kind;
  readonly direction: Direction;
  /** Every option in its canonical form; those that have no default and were not given are left out. */
  readonly options: Readonly<Record<string, string>>;
  /** When it began and when it ends, UTC (RFC 3339 with milliseconds); without an end it lasts until it is cleared. */
  readonly since: string;
  readonly endsAt?: string;
  /** It ends when nobody asked to keep it alive for so long, in milliseconds; left out, nobody has to. */
  readonly keepaliveMs?: number;
  /** What it took away, to give it back. */
  readonly held?: readonly HeldLease[];
}

/** Why a fault ended; `abandoned`: whoever injected it kept it alive no more. */
export type FaultEnd = "time" | "cleared" | "reset" | "done" | "abandoned";

type Shown = Pick<FaultOf<string>, "id" | "kind" | "options"> & { readonly direction: string };

/** Describes a fault: `alpha-1 (upstream-blackhole up from=2001:db8:a:8000::/56)`. */
export function describeFault(fault: Shown): string {
  return `${fault.id} (${requestWords(fault)})`;
}

/** Writes a fault as it was injected: `alpha-1 upstream-blackhole up from=2001:db8:a:8000::/56`. */
export function faultWords(fault: Shown): string {
  return `${fault.id} ${requestWords(fault)}`;
}

function requestWords({ kind, direction, options }: Shown): string {
  return [kind, direction, optionWords(options)].filter((word) => word !== "").join(" ");
}

const LONGEST_OPTION = 40;

/** Writes options as `name=value` words; a long value, such as a trace, is cut. */
export function optionWords(options: Shown["options"]): string {
  return Object.entries(options)
    .map(([name, value]) => {
      const short = value.length <= LONGEST_OPTION ? value : `${value.slice(0, LONGEST_OPTION - 1)}…`;
      return `${name}=${short}`;
    })
    .join(" ");
}
