/** Leases of all providers, of prefixes and of addresses alike, as rows. Pure. */
import type { LabStatus, ProviderStatus } from "../../core/status/model.ts";

export interface LeaseRow {
  readonly key: string;
  readonly provider: string;
  readonly kind: "prefix" | "address";
  readonly what: string;
  readonly duid: string;
  readonly iaid: number;
  readonly mac: string | null;
  readonly via: string | null;
  /** Of a prefix: whether the kernel has the route. */
  readonly routed: boolean | null;
  readonly leftS: number;
  readonly preferredS: number;
  readonly validS: number;
  readonly t1S: number | null;
  readonly t2S: number | null;
  /** All of it that a person may look for. */
  readonly text: string;
}

export function leaseRows({ providers }: Pick<LabStatus, "providers">): LeaseRow[] {
  return providers.flatMap((provider) => [
    ...provider.delegations.map((lease) =>
      row(provider, lease, { kind: "prefix", what: lease.prefix, via: lease.via, routed: lease.routed }),
    ),
    ...provider.addresses.map((lease) =>
      row(provider, lease, { kind: "address", what: lease.address, via: null, routed: null }),
    ),
  ]);
}

type Lease = ProviderStatus["delegations"][number] | ProviderStatus["addresses"][number];

function row(
  { name, subscriber, settings }: ProviderStatus,
  lease: Lease,
  own: Pick<LeaseRow, "kind" | "what" | "via" | "routed">,
): LeaseRow {
  const { duid, iaid, expiresInS, preferredS, validS } = lease;
  const mac = macOf(subscriber.neighbours, own.via) ?? macInDuid(duid);
  return {
    key: `${name} ${own.what}`,
    provider: name,
    ...own,
    duid,
    iaid,
    mac,
    leftS: expiresInS,
    preferredS,
    validS,
    t1S: secondsOf(settings["RENEW_TIMER"]),
    t2S: secondsOf(settings["REBIND_TIMER"]),
    text: [name, own.kind, own.what, duid, iaid, mac, own.via].join(" "),
  };
}

function macOf(neighbours: ProviderStatus["subscriber"]["neighbours"], via: string | null): string | null {
  return neighbours.find(({ linkLocal }) => via !== null && linkLocal === via)?.mac ?? null;
}

/** A DUID-LLT or DUID-LL of Ethernet ends with the MAC address that its client had when it was made (RFC 8415, 11). */
function macInDuid(duid: string): string | null {
  const bytes = duid.split(":");
  const [type, hardware] = [bytes.slice(0, 2).join(""), bytes.slice(2, 4).join("")];
  const length = { "0001": 14, "0003": 10 }[type];
  return hardware === "0001" && bytes.length === length ? bytes.slice(-6).join(":") : null;
}

function secondsOf(text: string | undefined): number | null {
  const number = Number(text);
  return text === undefined || !Number.isFinite(number) ? null : number;
}

export const ORDERS = {
  "ends first": (one, other) => one.leftS - other.leftS,
  provider: (one, other) => compare(one.provider, other.provider) || compare(one.what, other.what),
  client: (one, other) => compare(one.duid, other.duid) || compare(one.what, other.what),
} as const satisfies Record<string, (one: LeaseRow, other: LeaseRow) => number>;
export type Order = keyof typeof ORDERS;

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
