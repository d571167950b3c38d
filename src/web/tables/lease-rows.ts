/** Leases of all providers, of prefixes and of addresses alike, as rows. Pure. */
import type { LabStatus, ProviderStatus } from "../../core/model/status/model.ts";

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
  /** UTC. */
  readonly expiresAt: string;
  readonly preferredS: number;
  readonly validS: number;
  readonly renewS: number;
  readonly rebindS: number;
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
  { name, dhcp }: ProviderStatus,
  lease: Lease,
  own: Pick<LeaseRow, "kind" | "what" | "via" | "routed">,
): LeaseRow {
  const { duid, iaid, mac, expiresAt, preferredS, validS } = lease;
  return {
    key: `${name} ${own.what}`,
    provider: name,
    ...own,
    duid,
    iaid,
    mac,
    expiresAt,
    preferredS,
    validS,
    renewS: dhcp.renewS,
    rebindS: dhcp.rebindS,
    text: [name, own.kind, own.what, duid, iaid, mac, own.via].join(" "),
  };
}

export const ORDERS = {
  "ends first": (one, other) => compare(one.expiresAt, other.expiresAt),
  provider: (one, other) => compare(one.provider, other.provider) || compare(one.what, other.what),
  client: (one, other) => compare(one.duid, other.duid) || compare(one.what, other.what),
} as const satisfies Record<string, (one: LeaseRow, other: LeaseRow) => number>;
export type Order = keyof typeof ORDERS;

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
