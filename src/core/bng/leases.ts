import { parsePrefix6, formatPrefix6 } from "../ip6.ts";
import type { AddressLease, Delegation } from "../status/model.ts";
import { formatUtc } from "../utc.ts";

/** One lease as Kea's `lease6-get-all` prints it. */
export interface KeaLease {
  type: "IA_NA" | "IA_PD" | "IA_TA";
  state: number;
  "ip-address": string;
  "prefix-len": number;
  "valid-lft": number;
  "preferred-lft": number;
  cltt: number;
  duid: string;
  iaid: number;
}

/** A prefix and the link-local address of the CPE that holds it. */
export interface PdRoute {
  readonly prefix: string;
  readonly via: string;
}

/** Whether a lease is in force; Kea keeps released and expired ones for affinity. */
export function isActive(lease: KeaLease, nowS: number): boolean {
  return lease.state === 0 && lease.cltt + lease["valid-lft"] > nowS;
}

/** A delegation's prefix as canonical text, the key of next hops and routes. */
export function leasePrefix(lease: KeaLease): string {
  return canonicalPrefix(`${lease["ip-address"]}/${lease["prefix-len"]}`);
}

/** One spelling for each prefix, whoever wrote it. */
export function canonicalPrefix(text: string): string {
  const prefix = parsePrefix6(text.includes("/") ? text : `${text}/128`);
  return prefix === undefined ? text : formatPrefix6(prefix);
}

/** The routes that active delegations need; those without a known next hop wait for the client's next message. */
export function desiredRoutes(
  leases: readonly KeaLease[],
  nextHops: ReadonlyMap<string, string>,
  nowS: number,
): PdRoute[] {
  return leases
    .filter((lease) => lease.type === "IA_PD" && isActive(lease, nowS))
    .flatMap((lease) => {
      const prefix = leasePrefix(lease);
      const via = nextHops.get(prefix);
      return via === undefined ? [] : [{ prefix, via }];
    });
}

/** What must change so that the kernel's routes equal the desired ones. */
export function diffRoutes(
  desired: readonly PdRoute[],
  actual: readonly PdRoute[],
): { replace: PdRoute[]; remove: PdRoute[] } {
  const have = new Map(actual.map((route) => [route.prefix, route.via]));
  const want = new Map(desired.map((route) => [route.prefix, route.via]));
  return {
    replace: [...want]
      .filter(([prefix, via]) => have.get(prefix) !== via)
      .map(([prefix, via]) => ({ prefix, via })),
    remove: actual.filter((route) => !want.has(route.prefix)),
  };
}

/** Delegations for the status, with what the kernel really routes. */
export function describeDelegations(
  leases: readonly KeaLease[],
  nextHops: ReadonlyMap<string, string>,
  routes: readonly PdRoute[],
  nowS: number,
): Delegation[] {
  const routed = new Map(routes.map((route) => [route.prefix, route.via]));
  return leases
    .filter((lease) => lease.type === "IA_PD" && isActive(lease, nowS))
    .map((lease) => {
      const prefix = leasePrefix(lease);
      const via = nextHops.get(prefix) ?? null;
      return { prefix, via, ...lifetimesOf(lease, nowS), routed: via !== null && routed.get(prefix) === via };
    });
}

/** IA_NA leases for the status. */
export function describeAddresses(leases: readonly KeaLease[], nowS: number): AddressLease[] {
  return leases
    .filter((lease) => lease.type === "IA_NA" && isActive(lease, nowS))
    .map((lease) => ({ address: lease["ip-address"], ...lifetimesOf(lease, nowS) }));
}

function lifetimesOf(lease: KeaLease, nowS: number): Omit<AddressLease, "address"> {
  const expiresS = lease.cltt + lease["valid-lft"];
  return {
    duid: lease.duid,
    iaid: lease.iaid,
    preferredS: lease["preferred-lft"],
    validS: lease["valid-lft"],
    expiresInS: Math.max(0, Math.round(expiresS - nowS)),
    expiresAt: formatUtc(expiresS),
  };
}
