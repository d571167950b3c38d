/**
 * What `mhlab status --json` prints and what the agents answer to `status`: one set of types for both sides.
 * The keys are a contract; more may be added. Absent measurements are null, times are seconds.
 */
import type { Direction, Way } from "../faults/fault.ts";
import type { Overlay } from "../intent/overlay.ts";
import type { PrefixState } from "../renumbering/phases.ts";
import type { LinkKindName } from "../links/registry.ts";
import type { SourceValidation } from "../settings/filter.ts";

/** Why something is not fine, for a person and for a script. */
export interface Problem {
  /** Stable kebab-case word, such as `no-handshake`. */
  code: string;
  message: string;
  /** The provider that it is about, where that is not the member itself. */
  provider?: string;
  /** Ids of the injected faults that explain it; it was asked for. */
  explainedBy?: string[];
}

export type ContainerState = "running" | "starting" | "degraded" | "restarting" | "stopped" | "missing";

export interface UplinkStatus {
  state: "up" | "waiting" | "stale" | "down";
  backend: "kernel" | "userspace" | null;
  interface: string;
  endpoint: string;
  publicKey: string | null;
  handshakeAgeS: number | null;
  /** When the last handshake was, UTC; null before the first. */
  handshakeAt: string | null;
  /** Since when nothing came from the far side; null before it first answered, and after its key changed. */
  answeredAgeS: number | null;
  /** When it last answered, UTC. */
  answeredAt: string | null;
  rxBytes: number;
  txBytes: number;
  /** Round trip through the tunnel to the probe target; null when there is none or it does not answer. */
  rttMs: number | null;
  /** Percent of the last 20 echoes to it that were lost; null before it first answered. */
  lossPct: number | null;
}

export interface SubscriberStatus {
  kind: LinkKindName;
  interface: string;
  /** What the user calls it: the card, bridge or interface that his lab file names. */
  place: string;
  /** `present` is false while the agent waits for the interface. */
  present: boolean;
  carrier: boolean;
  mac: string | null;
  /** Who was heard on the link within the last hour, latest first. */
  neighbours: Neighbour[];
}

/** Someone who was heard on a subscriber link. */
export interface Neighbour {
  mac: string;
  /** `local`: the address was made up (a virtual machine, a container, a privacy feature); `universal`: by a manufacturer. */
  administered: "universal" | "local";
  linkLocal: string | null;
  lastSeenS: number;
  /** The same as a time, UTC. */
  lastSeenAt: string;
  /** What it sent that tells what it is: a customer solicits and asks by DHCPv6, a router advertises. */
  sent: ("router-solicitation" | "router-advertisement" | "dhcpv6")[];
  /** Addresses of the provider's transfer network that it uses. */
  addresses: string[];
}

export interface Delegation {
  prefix: string;
  /** Link-local address of the CPE, the next hop; null until a message of the client was seen. */
  via: string | null;
  duid: string;
  iaid: number;
  preferredS: number;
  validS: number;
  expiresInS: number;
  /** The same as a time, UTC. */
  expiresAt: string;
  routed: boolean;
}

export interface AddressLease {
  address: string;
  duid: string;
  iaid: number;
  preferredS: number;
  validS: number;
  expiresInS: number;
  /** The same as a time, UTC. */
  expiresAt: string;
}

/** An address of leaked packets: of those from customers the source, of those to customers the destination. */
export interface LeakedAddress {
  direction: "up" | "down";
  address: string;
  packets: number;
  /** The provider of this lab whose prefix it is of; null: of none, or nobody asked all of them. */
  provider: string | null;
}

/** Packets at a provider's port that do not belong there, whatever source validation does with them. */
export interface LeakStatus {
  /** Since when they are counted, UTC; null while nothing counts them. A BNG that was started again has another time. */
  since: string | null;
  /** From customers, with a source that the provider has not delegated to who sent them. */
  up: number;
  /** To customers, for a destination that the provider does not have. */
  down: number;
  /** The busiest addresses. */
  addresses: LeakedAddress[];
}

export interface SourceValidationStatus {
  /** As configured. */
  wanted: SourceValidation;
  /** What the host's kernel and the container's rights allow of it; null until there was a subscriber interface. */
  effective: SourceValidation | null;
}

/** A fault that is injected into a provider. */
export interface FaultStatus {
  id: string;
  /** A word of the catalogue; of an agent of a later version perhaps another one. */
  kind: string;
  since: string;
  /** When it ends by itself, UTC; null when it lasts until it is healed. */
  endsAt: string | null;
  /** Seconds until then. */
  remainingS: number | null;
  /** Seconds after which it ends when its injector does not ask to keep it alive; null when nobody has to. */
  keepaliveS: number | null;
  direction: Direction;
  options: Record<string, string>;
  /** Packets that it met, by their way, since it began or the BNG was last started. */
  hits: Record<Way, number>;
}

/** One prefix of a provider: the current one, or while it is renumbered a former one. */
export interface ProviderPrefix {
  prefix: string;
  state: PrefixState;
  /** Seconds until it goes; null: it stays as it is. */
  endsInS: number | null;
  /** The same as a time, UTC. */
  endsAt: string | null;
}

/** A field of a router advertisement, in words. */
export interface RaField {
  name: string;
  value: string;
}

/** The router advertisement that a provider sent last. */
export interface AdvertisementStatus {
  /** When that was, UTC; null before the first. */
  sentAt: string | null;
  fields: RaField[];
  /** What it said when it last said something else; null when it never did. */
  before: RaField[] | null;
}

export interface ProviderStatus {
  role: "bng";
  name: string;
  state: ContainerState;
  /** All that `up` waits for is there: a handshake, an RA sent, Kea serving. */
  ready: boolean;
  uplink: UplinkStatus;
  subscriber: SubscriberStatus;
  advertisement: AdvertisementStatus;
  linkLocal: string;
  /** The current one; empty when it was withdrawn and none came in its place. */
  prefix: string;
  /** All that it has, the current one first. */
  prefixes: ProviderPrefix[];
  transfer: string;
  pool: string | null;
  /** How many prefixes and how many addresses it can lease at once. */
  capacity: { delegations: number; addresses: number };
  delegations: Delegation[];
  addresses: AddressLease[];
  /** How often each daemon had to be started again. */
  restarts: Record<string, number>;
  faults: FaultStatus[];
  /** Settings that can change while it runs, as they are in force, by environment variable; unset ones are left out. */
  settings: Record<string, string>;
  /** What stands above the lab file's settings until it is taken away. */
  overlay: Overlay;
  /** What happens to packets with a wrong source; null when nobody answers who knows. */
  sourceValidation: SourceValidationStatus | null;
  leaks: LeakStatus;
  /** Neighbour discovery and DHCPv6 that went beyond the limits on the subscriber port. */
  flooded: { packets: number; senders: { mac: string; packets: number }[] };
  /** Packets that the BNG drops below the limits, too. */
  dropped: { wrapped: number; unassigned: number; unsent: number; foreign: number };
  problems: Problem[];
}

/** A prefix that a CPE was delegated once, and has hosts forget. */
export interface FormerPrefix {
  prefix: string;
  /** Whether its provider still lets packets with its sources pass, as far as the CPE was told. */
  usable: boolean;
  /** UTC. */
  validUntil: string;
}

export interface WanStatus {
  provider: string;
  interface: string;
  present: boolean;
  carrier: boolean;
  defaultRouter: string | null;
  addresses: string[];
  delegatedPrefix: string | null;
  /** Beside it: what hosts still have, and are told to use for nothing new. */
  formerPrefixes: FormerPrefix[];
  validS: number | null;
  preferredS: number | null;
  /** The same as times, UTC. */
  validUntil: string | null;
  preferredUntil: string | null;
  /** The probe target answers a ping whose source is an address of this WAN's delegated prefix. */
  reachable: boolean;
  /** The same with its third answer: nobody named a target (`probe` of the provider's tunnel). */
  reach: Reach;
  rttMs: number | null;
  /** Percent of the last 20 echoes that were lost; null before the first answer. */
  lossPct: number | null;
}

/** Whether a target answers; `not-measured`: there is none to ask. */
export type Reach = "yes" | "no-answer" | "not-measured";

/** What a host says of itself, behind a CPE or on a LAN that providers share. */
export interface HostStatus {
  role: "host";
  name: string;
  state: ContainerState;
  /** It has a router and, of each provider that it can have one of, a preferred address. */
  ready: boolean;
  /** Those that new connections may use. */
  addresses: string[];
  addressDetails: HostAddress[];
  defaultRouter: string | null;
  /** The preferred first: by it leaves what has no source yet. */
  defaultRouters: HostDefaultRouter[];
  /** On a shared LAN: what the same is with several routers. */
  onLan?: LanView;
  problems: Problem[];
}

/** How a host sends on a LAN of several routers (RFC 8028). */
export interface LanView {
  /** Those that new connections may use. */
  addresses: SourceAddress[];
  defaultRouters: HostDefaultRouter[];
}

/** An address of a host, and the way of what has it as source. */
export interface SourceAddress {
  address: string;
  /** Whose prefix it is from; null when that is none of the lab's. */
  provider: string | null;
  /** Link-local address of the router that its packets go to; null when that router is gone and they are refused. */
  router: string | null;
}

/** The same with what may be done with it (RFC 4862): a deprecated one serves old connections only, a tentative one none yet. */
export interface HostAddress extends SourceAddress {
  state: "preferred" | "deprecated" | "tentative";
  /** Null: for ever. */
  preferredS: number | null;
  validS: number | null;
  /** The same as times, UTC. */
  preferredUntil: string | null;
  validUntil: string | null;
  /**
   * Round trip to the probe target from this address, measured while somebody follows; null when it does not answer, or when
   * nobody looks. An agent of an earlier version does not measure.
   */
  rttMs?: number | null;
  /** Percent of the last 20 echoes from it that were lost; null while none counts. */
  lossPct?: number | null;
}

export interface HostDefaultRouter {
  address: string;
  /** Null when it is none of a provider's, as a CPE. */
  provider: string | null;
  preference: "high" | "medium" | "low";
}

/** A host on a LAN that providers share, in a lab's status. */
export interface LanHostStatus extends LanView {
  role: "host";
  name: string;
  state: ContainerState;
  ready: boolean;
  lan: string;
  addressDetails: HostAddress[];
  problems: Problem[];
}

export interface CpeStatus {
  role: "cpe";
  name: string;
  state: ContainerState;
  /** Every WAN has a delegated prefix and reaches its target, where it has one. */
  ready: boolean;
  /** Software that is not mhlab's own; left out for that. */
  software?: string;
  wans: WanStatus[];
  /** `hosts` are those that it has a port for; an agent of an earlier version does not tell. */
  lan: { interface: string; addresses: string[]; hosts?: string[] };
  restarts: Record<string, number>;
  problems: Problem[];
}

export interface InternetPeerStatus {
  provider: string;
  interface: string;
  backend: "kernel" | "userspace" | null;
  listenPort: number;
  /** What is routed into the tunnel, and the only sources that are taken from it. */
  prefixes: string[];
  handshakeAgeS: number | null;
  /** When the last handshake was, UTC; null before the first. */
  handshakeAt: string | null;
  rxBytes: number;
  txBytes: number;
}

export interface InternetStatus {
  role: "internet";
  name: string;
  state: ContainerState;
  ready: boolean;
  address: string;
  peers: InternetPeerStatus[];
  services: InternetServiceStatus[];
  certificateAuthority: string | null;
  restarts: Record<string, number>;
  problems: Problem[];
}

/** What the bundled internet does for one provider. */
export interface InternetServiceStatus {
  provider: string;
  /** The address of its own resolver. */
  resolver: string | null;
  dns64: string | null;
  nat64: string | null;
  /** Where its provisioning domain tells of itself. */
  pvd: string | null;
}

/** What a keeper answers; no part of a lab's status. */
export interface KeeperStatus {
  role: "keeper";
  name: string;
  state: ContainerState;
  ready: boolean;
  /** The interfaces that it brings home, and whether each is in the host's namespace and still marked as lent. */
  lent: { provider: string; interface: string; left: boolean }[];
}

/** What the agent of each role answers to `status`. */
export interface StatusOf {
  internet: InternetStatus;
  bng: ProviderStatus;
  cpe: CpeStatus;
  host: HostStatus;
  keeper: KeeperStatus;
}

/** What an agent answers to `status`; `role` tells which one it is. */
export type MemberStatus = StatusOf[keyof StatusOf];

export interface LabStatus {
  lab: string;
  healthy: boolean;
  /** All that is not as it should be was asked for, by faults that are injected; left out when that is not so. */
  asked?: boolean;
  providers: ProviderStatus[];
  cpes: (CpeStatus & { hosts: HostStatus[] })[];
  /** Hosts on LANs that providers share. */
  hosts: LanHostStatus[];
  internet?: InternetStatus;
}
