/** The answers of agents, read by the kind of each of their keys. */
import { DIRECTIONS, type Fault, type HeldLease } from "../faults/fault.ts";
import { FAULT_KINDS } from "../faults/names.ts";
import type { Role } from "../members/role.ts";
import { PREFIX_STATES, type PrefixPhase } from "../renumbering/phases.ts";
import type * as model from "./model.ts";
import {
  flag,
  list,
  number,
  object,
  oneOf,
  openWord,
  optional,
  orNull,
  record,
  Refused,
  text,
  type Shape,
} from "../values/shape.ts";

const state = oneOf<model.ContainerState>(
  "degraded",
  "running",
  "starting",
  "restarting",
  "stopped",
  "missing",
);
const backend = orNull(oneOf("kernel", "userspace"));
const validation = oneOf("reject", "reject-routed", "drop", "off");
const problems = list(
  object<model.Problem>({
    code: text,
    message: text,
    provider: optional(text) as Shape<string>,
    explainedBy: optional(list(text)) as Shape<string[]>,
  }),
);
const restarts = record(number);
const settings = record(text);

const neighbour = object<model.Neighbour>({
  mac: text,
  administered: oneOf("universal", "local"),
  linkLocal: orNull(text),
  lastSeenS: number,
  lastSeenAt: text,
  sent: list(oneOf("router-solicitation", "router-advertisement", "dhcpv6")),
  addresses: list(text),
});

const lifetime = {
  duid: text,
  iaid: number,
  preferredS: number,
  validS: number,
  expiresInS: number,
  expiresAt: text,
};

const fault = {
  id: text,
  kind: openWord(...FAULT_KINDS),
  direction: oneOf(...DIRECTIONS),
  options: record(text),
  since: text,
};

const heldLease = object<HeldLease>({
  prefix: text,
  via: text,
  mac: text,
  duid: text,
  iaid: number,
  preferredS: number,
  validS: number,
  expiresAt: text,
});

const raField = object<model.RaField>({ name: text, value: text });

const provider = object<model.ProviderStatus>({
  role: oneOf("bng"),
  name: text,
  state,
  ready: flag,
  uplink: object<model.UplinkStatus>({
    state: oneOf("down", "up", "waiting", "stale"),
    backend,
    interface: text,
    endpoint: text,
    publicKey: orNull(text),
    handshakeAgeS: orNull(number),
    handshakeAt: orNull(text),
    answeredAgeS: orNull(number),
    answeredAt: orNull(text),
    rxBytes: number,
    txBytes: number,
    rttMs: orNull(number),
    lossPct: orNull(number),
  }),
  subscriber: object<model.SubscriberStatus>({
    kind: oneOf("claim", "vlan", "macvlan", "veth", "bridge", "lan", "cpe"),
    interface: text,
    place: text,
    present: flag,
    carrier: flag,
    mac: orNull(text),
    neighbours: list(neighbour),
  }),
  advertisement: object<model.AdvertisementStatus>({
    sentAt: orNull(text),
    fields: list(raField),
    before: orNull(list(raField)),
  }),
  linkLocal: text,
  prefix: text,
  prefixes: list(
    object<model.ProviderPrefix>({
      prefix: text,
      state: oneOf(...PREFIX_STATES),
      endsInS: orNull(number),
      endsAt: orNull(text),
    }),
  ),
  transfer: text,
  pool: orNull(text),
  capacity: object<model.ProviderStatus["capacity"]>({ delegations: number, addresses: number }),
  delegations: list(object<model.Delegation>({ prefix: text, via: orNull(text), ...lifetime, routed: flag })),
  addresses: list(object<model.AddressLease>({ address: text, ...lifetime })),
  restarts,
  faults: list(
    object<model.FaultStatus>({
      ...fault,
      endsAt: orNull(text),
      remainingS: orNull(number),
      keepaliveS: orNull(number),
      hits: object<model.FaultStatus["hits"]>({ up: number, down: number }),
    }),
  ),
  settings,
  overlay: object<model.ProviderStatus["overlay"]>({
    settings,
    faults: list(
      object<Fault>({
        ...fault,
        endsAt: optional(text) as Shape<string>,
        keepaliveMs: optional(number) as Shape<number>,
        held: optional(list(heldLease)) as Shape<readonly HeldLease[]>,
      }),
    ) as Shape<readonly Fault[]>,
    prefixes: optional(
      list(
        object<PrefixPhase>({
          prefix: text,
          state: oneOf(...PREFIX_STATES),
          endsAt: optional(text) as Shape<string>,
        }),
      ),
    ) as Shape<PrefixPhase[]>,
  }),
  sourceValidation: orNull(
    object<model.SourceValidationStatus>({ wanted: validation, effective: orNull(validation) }),
  ),
  leaks: object<model.LeakStatus>({
    since: orNull(text),
    up: number,
    down: number,
    addresses: list(
      object<model.LeakedAddress>({
        direction: oneOf("up", "down"),
        address: text,
        packets: number,
        provider: orNull(text),
      }),
    ),
  }),
  flooded: object<model.ProviderStatus["flooded"]>({
    packets: number,
    senders: list(object<model.ProviderStatus["flooded"]["senders"][number]>({ mac: text, packets: number })),
  }),
  dropped: object<model.ProviderStatus["dropped"]>({
    wrapped: number,
    unassigned: number,
    unsent: number,
    foreign: number,
  }),
  problems,
});

const wan = object<model.WanStatus>({
  provider: text,
  interface: text,
  present: flag,
  carrier: flag,
  defaultRouter: orNull(text),
  addresses: list(text),
  delegatedPrefix: orNull(text),
  formerPrefixes: list(object<model.FormerPrefix>({ prefix: text, usable: flag, validUntil: text })),
  validS: orNull(number),
  preferredS: orNull(number),
  validUntil: orNull(text),
  preferredUntil: orNull(text),
  reachable: flag,
  reach: oneOf<model.Reach>("no-answer", "yes", "not-measured"),
  rttMs: orNull(number),
  lossPct: orNull(number),
});

const source = { address: text, provider: orNull(text), router: orNull(text) };
const defaultRouters = list(
  object<model.HostDefaultRouter>({
    address: text,
    provider: orNull(text),
    preference: oneOf("medium", "high", "low"),
  }),
);

/** How a host on a shared LAN sends. */
export const lanView = object<model.LanView>({
  addresses: list(object<model.SourceAddress>(source)),
  defaultRouters,
});

const host = object<model.HostStatus>({
  role: oneOf("host"),
  name: text,
  state,
  ready: flag,
  addresses: list(text),
  addressDetails: list(
    object<model.HostAddress>({
      ...source,
      state: oneOf("tentative", "preferred", "deprecated"),
      preferredS: orNull(number),
      validS: orNull(number),
      preferredUntil: orNull(text),
      validUntil: orNull(text),
      rttMs: optional(orNull(number)) as Shape<number | null>,
      lossPct: optional(orNull(number)) as Shape<number | null>,
    }),
  ),
  defaultRouter: orNull(text),
  defaultRouters,
  onLan: optional(lanView) as Shape<model.LanView>,
  problems,
});

const cpe = object<model.CpeStatus>({
  role: oneOf("cpe"),
  name: text,
  state,
  ready: flag,
  software: optional(text) as Shape<string>,
  wans: list(wan),
  lan: object<model.CpeStatus["lan"]>({
    interface: text,
    addresses: list(text),
    hosts: optional(list(text)) as Shape<string[]>,
  }),
  restarts,
  problems,
});

const internet = object<model.InternetStatus>({
  role: oneOf("internet"),
  name: text,
  state,
  ready: flag,
  address: text,
  peers: list(
    object<model.InternetPeerStatus>({
      provider: text,
      interface: text,
      backend,
      listenPort: number,
      prefixes: list(text),
      handshakeAgeS: orNull(number),
      handshakeAt: orNull(text),
      rxBytes: number,
      txBytes: number,
    }),
  ),
  services: list(
    object<model.InternetServiceStatus>({
      provider: text,
      resolver: orNull(text),
      dns64: orNull(text),
      nat64: orNull(text),
      pvd: orNull(text),
    }),
  ),
  certificateAuthority: orNull(text),
  restarts,
  problems,
});

const keeper = object<model.KeeperStatus>({
  role: oneOf("keeper"),
  name: text,
  state,
  ready: flag,
  lent: list(object<model.KeeperStatus["lent"][number]>({ provider: text, interface: text, left: flag })),
});

/** What a status of each role is made of. */
export const SHAPES = {
  bng: provider,
  internet,
  cpe,
  host,
  keeper,
} as const satisfies { readonly [R in Role]: Shape<model.StatusOf[R]> };

/**
 * An agent's status, with the blank for each key that its version does not tell. Undefined when a value is of another kind:
 * what reads a status may rely on its type, whoever sent it.
 */
export function statusOfKind(role: Role, value: unknown): model.MemberStatus | undefined {
  try {
    return SHAPES[role](value);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}
