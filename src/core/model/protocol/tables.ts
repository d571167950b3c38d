import type { Role } from "../role.ts";
import type {
  AdvertisementStatus,
  AddressLease,
  CpeStatus,
  Delegation,
  FaultStatus,
  HostAddress,
  HostStatus,
  InternetPeerStatus,
  InternetStatus,
  KeeperStatus,
  Neighbour,
  Problem,
  ProviderPrefix,
  ProviderStatus,
  SubscriberStatus,
  UplinkStatus,
  WanStatus,
} from "../status/model.ts";
import { byLastSeen } from "../status/neighbours.ts";
import { counter, list, object, plain, state, type Part } from "./parts.ts";

const problems = list<Problem>("problem", ({ code, message }) => `${code} ${message}`);

const bng = {
  role: plain("provider"),
  name: plain("provider"),
  state,
  ready: state,
  uplink: object<UplinkStatus>("uplink", {
    handshakeAt: counter,
    answeredAt: counter,
    rxBytes: counter,
    txBytes: counter,
    rttMs: counter,
    lossPct: counter,
  }),
  subscriber: object<SubscriberStatus>("subscriber", {
    neighbours: list<Neighbour>("neighbour", ({ mac }) => mac, { lastSeenAt: counter }, byLastSeen),
  }),
  advertisement: object<AdvertisementStatus>("advertisement", { sentAt: counter }),
  linkLocal: plain("provider"),
  prefix: plain("provider"),
  prefixes: list<ProviderPrefix>("prefix", ({ prefix }) => prefix),
  transfer: plain("provider"),
  pool: plain("provider"),
  capacity: plain("provider"),
  dhcp: plain("provider"),
  delegations: list<Delegation>("delegation", ({ prefix }) => prefix),
  addresses: list<AddressLease>("address", ({ address }) => address),
  restarts: plain("provider"),
  faults: list<FaultStatus>("fault", ({ id }) => id, { hits: counter }),
  settings: plain("provider"),
  override: plain("provider"),
  sourceValidation: plain("provider"),
  leaks: counter,
  flooded: counter,
  dropped: counter,
  problems,
} satisfies Record<keyof ProviderStatus, Part>;

const cpe = {
  role: plain("cpe"),
  name: plain("cpe"),
  state,
  ready: state,
  software: plain("cpe"),
  wans: list<WanStatus>("wan", ({ provider }) => provider, {
    rttMs: counter,
    lossPct: counter,
  }),
  lan: plain("cpe"),
  restarts: plain("cpe"),
  problems,
} satisfies Record<keyof CpeStatus, Part>;

const host = {
  role: plain("host"),
  name: plain("host"),
  state,
  ready: state,
  place: plain("host"),
  addresses: list<HostAddress>("hostAddress", ({ address }) => address, {
    rttMs: counter,
    lossPct: counter,
  }),
  defaultRouters: plain("host"),
  problems,
} satisfies Record<keyof HostStatus, Part>;

const internet = {
  role: plain("internet"),
  name: plain("internet"),
  state,
  ready: state,
  address: plain("internet"),
  peers: list<InternetPeerStatus>("peer", ({ provider }) => provider, {
    handshakeAt: counter,
    rxBytes: counter,
    txBytes: counter,
  }),
  services: plain("internet"),
  certificateAuthority: plain("internet"),
  restarts: plain("internet"),
  problems,
} satisfies Record<keyof InternetStatus, Part>;

const keeper = {
  role: plain("keeper"),
  name: plain("keeper"),
  state,
  ready: state,
  lent: list<KeeperStatus["lent"][number]>("lent", (one) => `${one.provider} ${one.interface}`),
} satisfies Record<keyof KeeperStatus, Part>;

/** How each part of a status is told, by role: what differs between two statuses and what rebuilds one both read it. */
const TABLES = { bng, cpe, host, internet, keeper } satisfies Record<Role, Record<string, Part>>;

/** The table of a role, with the keys as they come; a role of a newer version has none. */
export function tableOf(role: string): readonly (readonly [string, Part])[] {
  return ENTRIES.get(role) ?? [];
}

const ENTRIES: ReadonlyMap<string, readonly (readonly [string, Part])[]> = new Map(
  Object.entries(TABLES).map(([role, table]) => [role, Object.entries(table)]),
);
