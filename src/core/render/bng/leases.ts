import { formatPrefix6, parseIp6, parsePrefix6 } from "../../model/ip6.ts";
import type { AddressLease, Delegation } from "../../model/status/model.ts";
import { formatUtc } from "../../model/utc.ts";

/** One lease as Kea prints it, with what the hook put into its user context: by whom and from where it was asked for. */
export interface KeaLease {
  type: "IA_NA" | "IA_PD" | "IA_TA";
  state: number;
  "ip-address": string;
  "prefix-len"?: number;
  "valid-lft": number;
  "preferred-lft": number;
  cltt: number;
  duid: string;
  iaid: number;
  "user-context"?: unknown;
}

/** Whose packets a lease is for: his link-local address, and the MAC that both are bound to. */
export interface Customer {
  readonly via: string;
  readonly mac: string;
}

/** A lease in force. */
export interface Lease {
  readonly kind: "address" | "prefix";
  /** Canonical; an address is a /128. */
  readonly prefix: string;
  readonly duid: string;
  readonly iaid: number;
  readonly preferredS: number;
  readonly validS: number;
  /** When the client was last heard, and when the lease ends, in seconds since 1970. */
  readonly heardAtS: number;
  readonly endsAtS: number;
  /** Undefined while no message of the client was seen that tells it. */
  readonly customer: Customer | undefined;
}

/** Reads a lease of Kea, of a prefix that was read from it already; undefined when it is not in force. Kea keeps declined ones for a while. */
export function readLease(lease: KeaLease, prefix: string = leasePrefix(lease)): Lease | undefined {
  if (lease.state !== 0 || lease.type === "IA_TA") return undefined;
  return {
    kind: lease.type === "IA_PD" ? "prefix" : "address",
    prefix,
    duid: lease.duid,
    iaid: lease.iaid,
    preferredS: lease["preferred-lft"],
    validS: lease["valid-lft"],
    heardAtS: lease.cltt,
    endsAtS: lease.cltt + lease["valid-lft"],
    customer: readCustomer(lease["user-context"]),
  };
}

/** What a lease is of, as canonical text: the key of leases and routes. */
export function leasePrefix(lease: KeaLease): string {
  const length = lease.type === "IA_PD" ? lease["prefix-len"] : 128;
  return canonicalPrefix(`${lease["ip-address"]}/${length ?? 128}`);
}

/** One spelling for each prefix, whoever wrote it. */
export function canonicalPrefix(text: string): string {
  const prefix = parsePrefix6(text.includes("/") ? text : `${text}/128`);
  return prefix === undefined ? text : formatPrefix6(prefix);
}

function readCustomer(context: unknown): Customer | undefined {
  const { via, mac } = (context as { mhlab?: { via?: unknown; mac?: unknown } } | undefined)?.mhlab ?? {};
  if (typeof via !== "string" || typeof mac !== "string") return undefined;
  return isLinkLocal(via) && /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) ? { via, mac } : undefined;
}

/** Whether a text is an address in fe80::/10 (RFC 4291), as a next hop on a link is. */
function isLinkLocal(text: string): boolean {
  const address = parseIp6(text);
  return address !== undefined && address >> 118n === 0xfe80n >> 6n;
}

/** Delegations for the status, with what the kernel really routes: the next hop by prefix. */
export function describeDelegations(
  leases: readonly Lease[],
  routes: ReadonlyMap<string, string>,
  nowS: number,
): Delegation[] {
  const delegations: Delegation[] = [];
  for (const lease of leases) {
    if (lease.kind !== "prefix" || lease.endsAtS <= nowS) continue;
    const { prefix, customer } = lease;
    const via = customer?.via ?? null;
    // A route may have more than its next hop.
    const routed = via !== null && routes.get(prefix)?.split(" ", 1)[0] === via;
    delegations.push({ prefix, via, ...lifetimesOf(lease), routed });
  }
  return delegations;
}

/** IA_NA leases for the status. */
export function describeAddresses(leases: readonly Lease[], nowS: number): AddressLease[] {
  const addresses: AddressLease[] = [];
  for (const lease of leases) {
    if (lease.kind !== "address" || lease.endsAtS <= nowS) continue;
    addresses.push({ address: lease.prefix.slice(0, -"/128".length), ...lifetimesOf(lease) });
  }
  return addresses;
}

function lifetimesOf(lease: Lease): Omit<AddressLease, "address"> {
  const { duid, iaid, preferredS, validS, endsAtS, customer } = lease;
  return { duid, iaid, mac: customer?.mac ?? null, preferredS, validS, expiresAt: formatUtc(endsAtS) };
}
