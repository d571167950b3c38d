import * as fc from "fast-check";
import type {
  CpeStatus,
  HostAddress,
  HostStatus,
  InternetStatus,
  KeeperStatus,
  NodeStatus,
  Neighbour,
  Problem,
  ProviderStatus,
} from "../../../src/core/model/status/model.ts";
import { formatUtc } from "../../../src/core/model/utc.ts";

/** Few values, so that two statuses often agree in something. */
const few = fc.nat({ max: 3 });
const time = few.map((seconds) => formatUtc(1_790_000_000 + seconds));
const orNull = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one);
const word = (start: string): fc.Arbitrary<string> => few.map((number) => `${start}${number}`);

/** Problems may stand there twice, and in any order. */
const problems: fc.Arbitrary<Problem[]> = fc.array(fc.record({ code: word("code-"), message: word("m") }), {
  maxLength: 5,
});
const states = fc.constantFrom("running", "starting", "degraded" as const);
const head = { name: fc.constant("alpha"), state: states, ready: fc.boolean() };
const restarts = fc.dictionary(word("daemon-"), few, { maxKeys: 2 });
const lease = {
  duid: word("00:0"),
  iaid: few,
  mac: orNull(word("02:0")),
  preferredS: few,
  validS: few,
  expiresAt: time,
};

const neighbours: fc.Arbitrary<Neighbour[]> = fc.uniqueArray(
  fc.record({
    mac: word("02:00:00:00:00:0"),
    administered: fc.constantFrom("local", "universal" as const),
    linkLocal: orNull(word("fe80::")),
    lastSeenAt: time,
    sent: fc.subarray<Neighbour["sent"][number]>(["dhcpv6", "router-solicitation"]),
    addresses: fc.array(word("2001:db8:a::"), { maxLength: 2 }),
  }),
  { selector: ({ mac }) => mac },
);

const provider: fc.Arbitrary<ProviderStatus> = fc.record({
  role: fc.constant("bng" as const),
  ...head,
  uplink: fc.record({
    state: fc.constantFrom("up", "waiting" as const),
    backend: orNull(fc.constantFrom("kernel", "userspace" as const)),
    interface: fc.constant("wg-alpha"),
    endpoint: fc.constant("192.0.2.42:51820"),
    publicKey: orNull(word("key")),
    handshakeAt: orNull(time),
    answeredAt: orNull(time),
    rxBytes: few,
    txBytes: few,
    rttMs: orNull(few),
    lossPct: orNull(few),
  }),
  subscriber: fc.record({
    kind: fc.constantFrom("claim", "veth" as const),
    interface: word("eth"),
    place: word("eth"),
    present: fc.boolean(),
    carrier: fc.boolean(),
    mac: orNull(word("02:0")),
    neighbours,
  }),
  flooded: fc.record({
    packets: few,
    senders: fc.array(fc.record({ mac: word("02:0"), packets: few }), { maxLength: 2 }),
  }),
  dropped: fc.record({ wrapped: few, unassigned: few, unsent: few, foreign: few }),
  advertisement: fc.record({
    sentAt: orNull(time),
    fields: fc.array(fc.record({ name: word("field "), value: word("v") }), { maxLength: 2 }),
    before: orNull(fc.array(fc.record({ name: word("field "), value: word("v") }), { maxLength: 2 })),
  }),
  linkLocal: word("fe80::"),
  prefix: word("2001:db8:a::/4"),
  prefixes: fc.uniqueArray(
    fc.record({
      prefix: word("2001:db8:a::/4"),
      state: fc.constantFrom("current", "deprecated", "withdrawn" as const),
      endsAt: orNull(time),
    }),
    { selector: ({ prefix }) => prefix },
  ),
  transfer: word("2001:db8:a::/6"),
  pool: orNull(word("2001:db8:a:8000::/4")),
  capacity: fc.record({ delegations: few, addresses: few }),
  dhcp: fc.record({ delegationLength: orNull(few), renewS: few, rebindS: few }),
  delegations: fc.uniqueArray(
    fc.record({
      prefix: word("2001:db8:a:800"),
      via: orNull(word("fe80::")),
      ...lease,
      routed: fc.boolean(),
    }),
    { selector: ({ prefix }) => prefix },
  ),
  addresses: fc.uniqueArray(fc.record({ address: word("2001:db8:a::"), ...lease }), {
    selector: ({ address }) => address,
  }),
  restarts,
  faults: fc.uniqueArray(
    fc.record({
      id: word("alpha-"),
      kind: fc.constant("ra-stop"),
      since: time,
      endsAt: orNull(time),
      keepaliveS: orNull(few),
      direction: fc.constantFrom("up", "both" as const),
      options: fc.dictionary(word("option-"), word("value"), { maxKeys: 2 }),
      hits: fc.record({ up: few, down: few }),
    }),
    { selector: ({ id }) => id },
  ),
  settings: fc.dictionary(word("SETTING_"), word("value"), { maxKeys: 2 }),
  override: fc.record({
    settings: fc.dictionary(word("SETTING_"), word("value"), { maxKeys: 2 }),
    faults: fc.constant([]),
  }),
  sourceValidation: orNull(
    fc.record({ wanted: fc.constant("reject" as const), effective: orNull(fc.constant("reject" as const)) }),
  ),
  leaks: fc.record({
    since: orNull(fc.constant("2026-11-24T23:46:41Z")),
    up: few,
    down: few,
    addresses: fc.array(
      fc.record({
        direction: fc.constantFrom("up" as const, "down" as const),
        address: word("2001:db8::"),
        packets: few,
        provider: orNull(word("beta")),
      }),
      { maxLength: 2 },
    ),
  }),
  problems,
});

const cpe: fc.Arbitrary<CpeStatus> = fc.record({
  role: fc.constant("cpe" as const),
  ...head,
  wans: fc.uniqueArray(
    fc.record({
      provider: word("isp-"),
      interface: word("wan"),
      present: fc.boolean(),
      carrier: fc.boolean(),
      defaultRouter: orNull(word("fe80::")),
      addresses: fc.array(word("2001:db8:a::"), { maxLength: 2 }),
      delegatedPrefix: orNull(word("2001:db8:a:800")),
      formerPrefixes: fc.array(
        fc.record({ prefix: word("2001:db8:a:800"), usable: fc.boolean(), validUntil: time }),
        { maxLength: 2 },
      ),
      validUntil: orNull(time),
      preferredUntil: orNull(time),
      reach: fc.constantFrom("yes" as const, "no-answer" as const, "not-measured" as const),
      rttMs: orNull(few),
      lossPct: orNull(few),
    }),
    { selector: (wan) => wan.provider },
  ),
  lan: fc.record({
    interface: fc.constant("lan"),
    addresses: fc.array(word("2001:db8:a::"), { maxLength: 2 }),
    hosts: fc.array(word("home-host"), { maxLength: 2 }),
  }),
  restarts,
  problems,
});

const source = {
  address: word("2001:db8:a::"),
  provider: orNull(word("isp-")),
  router: orNull(word("fe80::")),
};
const hostAddress: fc.Arbitrary<HostAddress> = fc.record({
  ...source,
  state: fc.constantFrom("preferred", "deprecated", "tentative" as const),
  preferredUntil: orNull(time),
  validUntil: orNull(time),
  rttMs: orNull(few),
  lossPct: orNull(few),
});
const routers = fc.array(
  fc.record({
    address: word("fe80::"),
    provider: orNull(word("isp-")),
    preference: fc.constantFrom("high", "low" as const),
  }),
  { maxLength: 2 },
);
const host: fc.Arbitrary<HostStatus> = fc.record({
  role: fc.constant("host" as const),
  ...head,
  interface: fc.constant("eth0"),
  place: fc.constantFrom("cpe", "lan" as const),
  addresses: fc.uniqueArray(hostAddress, { selector: ({ address }) => address }),
  defaultRouters: routers,
  problems,
});

const internet: fc.Arbitrary<InternetStatus> = fc.record({
  role: fc.constant("internet" as const),
  ...head,
  address: word("2001:db8::"),
  peers: fc.uniqueArray(
    fc.record({
      provider: word("isp-"),
      interface: word("wg-"),
      backend: orNull(fc.constant("kernel" as const)),
      listenPort: few,
      prefixes: fc.array(word("2001:db8:a::/4"), { maxLength: 2 }),
      handshakeAt: orNull(time),
      rxBytes: few,
      txBytes: few,
    }),
    { selector: (peer) => peer.provider },
  ),
  services: fc.array(
    fc.record({
      provider: word("isp-"),
      resolver: orNull(word("2001:db8::")),
      dns64: orNull(word("64:ff9b::")),
      nat64: orNull(word("64:ff9b::")),
      pvd: orNull(word("https://")),
    }),
    { maxLength: 2 },
  ),
  certificateAuthority: orNull(word("-----BEGIN")),
  restarts,
  problems,
});

const keeper: fc.Arbitrary<KeeperStatus> = fc.record({
  role: fc.constant("keeper" as const),
  ...head,
  lent: fc.uniqueArray(fc.record({ provider: word("isp-"), interface: word("eth"), left: fc.boolean() }), {
    selector: (one) => `${one.provider} ${one.interface}`,
  }),
});

/** Statuses of every role, whatever they may say. */
export const ANY_STATUS = { bng: provider, cpe, host, internet, keeper } satisfies Record<
  NodeStatus["role"],
  fc.Arbitrary<NodeStatus>
>;
