import * as fc from "fast-check";
import type { BngConfig } from "../../../src/core/bng/config.ts";
import { formatIp6, prefixOf, subnet, subnetCount, type Prefix6 } from "../../../src/core/ip6.ts";
import { SOURCE_VALIDATION } from "../../../src/core/settings/filter.ts";
import { WELL_KNOWN_NAT64 } from "../../../src/core/values/announced.ts";
import { RA_PREFERENCE } from "../../../src/core/settings/router-advertisement.ts";

const seconds = fc.integer({ min: 1, max: 0xffff_fffe });
const interfaceName = fc.stringMatching(/^[A-Za-z0-9_.-]{1,15}$/).filter((text) => !/^\.\.?$/.test(text));
const ip6 = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const anyPrefix = fc
  .tuple(ip6, fc.integer({ min: 0, max: 128 }))
  .map(([bits, length]) => prefixOf(bits, length));

interface Delegation {
  prefix: Prefix6;
  pool: Prefix6 | undefined;
  delegatedLength: number;
}

/** A prefix with a pool beside its first /64, and a length that fits. */
const delegation: fc.Arbitrary<Delegation> = fc
  .record({
    bits: ip6,
    length: fc.integer({ min: 32, max: 64 }),
    pool: fc.nat(),
    index: fc.bigInt({ min: 0n, max: 1n << 64n }),
    delegated: fc.nat(),
  })
  .map(({ bits, length, pool: poolSeed, index, delegated }) => {
    const prefix = prefixOf(bits, length);
    if (length === 64) return { prefix, pool: undefined, delegatedLength: 56 };
    const poolLength = length + 1 + (poolSeed % (64 - length));
    const pool = subnet(prefix, poolLength, 1n + (index % (subnetCount(prefix, poolLength) - 1n)));
    const shortest = Math.max(48, poolLength);
    return { prefix, pool, delegatedLength: shortest + (delegated % (65 - shortest)) };
  });

/** Any configuration that an environment can state. */
export const bngConfig: fc.Arbitrary<BngConfig> = fc
  .record({
    name: fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/),
    delegation,
    times: fc.tuple(seconds, seconds, seconds, seconds),
    wireguard: fc.record({
      privateKey: fc.constant({ file: "/etc/mhlab/keys/private.key" }),
      presharedKeyFile: fc.option(fc.constant("/etc/mhlab/keys/preshared.key"), { nil: undefined }),
      peer: fc
        .uint8Array({ minLength: 32, maxLength: 32 })
        .map((bytes) => Buffer.from(bytes).toString("base64")),
      address: ip6,
      addressLength: fc.integer({ min: 0, max: 128 }),
      endpoint: fc.record({
        host: fc.oneof(fc.ipV4(), ip6.map(formatIp6), fc.domain()),
        port: fc.integer({ min: 1, max: 65_535 }),
      }),
      mtu: fc.integer({ min: 1280, max: 9000 }),
      keepaliveS: fc.integer({ min: 0, max: 65_535 }),
      clampMss: fc.boolean(),
    }),
    ra: fc.record({
      managed: fc.boolean(),
      other: fc.boolean(),
      preference: fc.constantFrom(...RA_PREFERENCE),
      lifetimeS: fc.integer({ min: 0, max: 9000 }),
      intervalS: fc.integer({ min: 4, max: 1800 }),
      mtu: fc.option(fc.integer({ min: 1280, max: 65_535 }), { nil: undefined }),
      solicited: fc.constantFrom("unicast" as const, "multicast" as const),
      onLink: fc.boolean(),
      autonomous: fc.boolean(),
      pdPreferred: fc.boolean(),
    }),
    advertised: fc.record({
      dnsLifetimeS: optional(fc.nat(9000)),
      pref64: optional(fc.constantFrom(WELL_KNOWN_NAT64, prefixOf(0x2001_0db8n << 96n, 64))),
      pref64LifetimeS: optional(fc.nat(65_528)),
      routes: fc.array(
        fc.record(
          {
            prefix: anyPrefix,
            preference: fc.constantFrom(...RA_PREFERENCE),
            lifetimeS: fc.nat(9000),
          },
          { requiredKeys: ["prefix"] },
        ),
        { maxLength: 3 },
      ),
      // Whose prefixes these are is checked against the provider's.
      prefixes: fc.constant([]),
    }),
    pvd: fc.record({
      name: optional(fc.domain()),
      http: fc.boolean(),
      delay: fc.nat(15),
      sequence: fc.integer({ min: 1, max: 65_535 }),
    }),
    captivePortal: optional(fc.webUrl({ validSchemes: ["https"] })),
    reservations: fc.constant([]),
    solMaxRtS: fc.integer({ min: 60, max: 86_400 }),
    infMaxRtS: optional(fc.integer({ min: 60, max: 86_400 })),
    line: fc.record({
      delayMs: fc.integer({ min: 0, max: 10_000 }),
      jitterMs: fc.integer({ min: 0, max: 10_000 }),
      loss: fc.integer({ min: 0, max: 10_000 }).map((parts) => parts / 10_000),
      down: fc.option(
        fc.integer({ min: 8, max: 100_000_000 }).map((kbit) => kbit * 1000),
        { nil: undefined },
      ),
      up: fc.option(
        fc.integer({ min: 8, max: 100_000_000 }).map((kbit) => kbit * 1000),
        { nil: undefined },
      ),
    }),
    dns: fc.array(ip6.map(formatIp6), { maxLength: 3 }),
    dnsSearch: fc.array(fc.domain(), { maxLength: 3 }),
    subscriber: fc.record(
      {
        interface: interfaceName,
        force: fc.constant(true as const),
        link: fc.oneof(
          fc.constant({ kind: "claim" as const }),
          fc.record({
            kind: fc.constant("vlan" as const),
            parent: interfaceName,
            id: fc.integer({ min: 1, max: 4094 }),
          }),
          fc.record({
            kind: fc.constant("vlan" as const),
            parent: interfaceName,
            id: fc.integer({ min: 1, max: 4094 }),
            outer: fc.integer({ min: 1, max: 4094 }),
          }),
          fc.record({ kind: fc.constant("macvlan" as const), parent: interfaceName }),
          fc.record({ kind: fc.constant("veth" as const), peer: interfaceName }),
          fc.record({
            kind: fc.constant("veth" as const),
            peer: interfaceName,
            into: fc.record({
              kind: fc.constantFrom("container" as const, "netns" as const),
              name: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,20}$/),
            }),
          }),
          fc.record({ kind: fc.constant("bridge" as const), bridge: interfaceName }),
          fc.record({
            kind: fc.constant("lan" as const),
            bridge: interfaceName,
            owner: fc.stringMatching(/^[a-z0-9-]{1,30}$/),
          }),
        ),
      },
      { requiredKeys: ["interface", "link"] },
    ),
    linkLocal: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map((host) => (0xfe80n << 112n) | host),
    sourceValidation: fc.constantFrom(...SOURCE_VALIDATION),
    capture: fc.boolean(),
    perCustomer: fc.integer({ min: 1, max: 32_768 }),
    probe: fc.option(ip6, { nil: undefined }),
  })
  .map(({ name, delegation: { prefix, pool, delegatedLength }, times, wireguard, ...rest }) => {
    const [renewS = 1, rebindS = 1, validS = 1] = times.slice(0, 3).sort((one, other) => one - other);
    return {
      ...rest,
      name,
      prefix,
      pool,
      delegatedLength,
      exclude: undefined,
      transfer: subnet(prefix, 64, 0n),
      lifetimes: { renewS, rebindS, validS, preferredS: Math.min(times[3], validS) },
      wireguard: { ...wireguard, interface: `wg-${name}` },
    };
  });
