/** Labs as messages tell them, for what no small lab has: many providers, thousands of leases, hostile texts. */
import type { LiveNode, LiveMessage } from "../../../src/core/judge/live/message.ts";
import { PROTOCOL } from "../../../src/core/model/protocol/answer.ts";
import { NODES } from "../../../src/core/render/nodes/registry.ts";
import { PlanLabel } from "../../../src/core/render/nodes/spec.ts";
import type {
  CpeStatus,
  Delegation,
  HostStatus,
  NodeStatus,
  ProviderStatus,
} from "../../../src/core/model/status/model.ts";
import { formatUtc } from "../../../src/core/model/utc.ts";

const silence = (name: string) => ({ name, state: "running", problem: { code: "x", message: "x" } }) as const;

const nowS = (): number => Date.now() / 1000;

export function lease(number: number, more: Partial<Delegation> = {}): Delegation {
  const hex = number.toString(16).padStart(4, "0");
  const leftS = 200 + ((number * 37) % 14_000);
  return {
    prefix: `2001:db8:a:${hex}::/64`,
    via: `fe80::1:${hex}`,
    duid: `00:03:00:01:02:00:00:00:${hex.slice(0, 2)}:${hex.slice(2)}`,
    iaid: number,
    mac: `02:00:00:00:${hex.slice(0, 2)}:${hex.slice(2)}`,
    preferredS: 7200,
    validS: 14_400,
    expiresAt: formatUtc(nowS() + leftS),
    routed: number % 50 !== 7,
    ...more,
  };
}

const ADVERTISEMENT: ProviderStatus["advertisement"] = {
  sentAt: formatUtc(Date.now() / 1000 - 12),
  fields: [
    { name: "Router lifetime", value: "1800 s" },
    { name: "MTU", value: "9000" },
    { name: "Prefix 2001:db8:a::/64", value: "on-link, autonomous, preferred 1800 s, valid 14400 s" },
    { name: "DNS server", value: "2001:db8::1" },
  ],
  before: [
    { name: "Router lifetime", value: "1800 s" },
    { name: "MTU", value: "1420" },
    { name: "Prefix 2001:db8:a::/64", value: "on-link, autonomous, preferred 1800 s, valid 14400 s" },
    { name: "DNS server", value: "2001:db8::1" },
  ],
};

export function provider(name: string, more: Partial<ProviderStatus> = {}): ProviderStatus {
  const blank = NODES.bng.silent(silence(name));
  return {
    ...blank,
    ready: true,
    prefix: "2001:db8:a::/48",
    transfer: "2001:db8:a::/64",
    pool: "2001:db8:a:8000::/49",
    linkLocal: "fe80::1",
    capacity: { delegations: 128, addresses: 65_536 },
    uplink: {
      ...blank.uplink,
      state: "up",
      backend: "userspace",
      endpoint: "192.0.2.42:51820",
      rttMs: 0.42,
      lossPct: 0,
      handshakeAt: formatUtc(nowS() - 30),
    },
    subscriber: {
      ...blank.subscriber,
      kind: "cpe",
      interface: "sub0",
      place: "home",
      present: true,
      carrier: true,
    },
    advertisement: ADVERTISEMENT,
    settings: {
      "router-advertisement.lifetime": "30m",
      "router-advertisement.preference": "medium",
      "delegation.preferred": "2h",
      "delegation.valid": "4h",
    },
    problems: [],
    ...more,
  };
}

export function cpe(name: string, providers: readonly string[]): CpeStatus {
  return {
    ...NODES.cpe.silent(silence(name)),
    ready: true,
    wans: providers.map((one, index) => ({
      provider: one,
      interface: `wan${index}`,
      present: true,
      carrier: true,
      defaultRouter: "fe80::1",
      addresses: [],
      delegatedPrefix: `2001:db8:${index.toString(16)}:8000::/56`,
      formerPrefixes: [],
      validUntil: formatUtc(nowS() + 14_000),
      preferredUntil: formatUtc(nowS() + 7000),
      reach: "yes",
      rttMs: 0.5,
      lossPct: 0,
    })),
    lan: { interface: "lan", addresses: ["2001:db8:a:8001::1/64"], hosts: [`${name}-host1`] },
    problems: [],
  };
}

export function host(name: string): HostStatus {
  return {
    ...NODES.host.silent(silence(name)),
    ready: true,
    addresses: [
      {
        address: "2001:db8:a:8001::8",
        provider: "alpha",
        router: "fe80::1",
        state: "preferred",
        preferredUntil: formatUtc(nowS() + 7000),
        validUntil: formatUtc(nowS() + 14_000),
        rttMs: null,
        lossPct: null,
      },
    ],
    problems: [],
  };
}

/** The messages with which a page begins. */
export function begin(lab: string, nodes: readonly NodeStatus[]): LiveMessage[] {
  const containers = nodes.map(({ name, role }): LiveNode => ({
    name,
    role,
    state: "running",
    labels: role === "host" ? { [PlanLabel.cpe]: "home" } : role === "bng" ? { [PlanLabel.cpe]: "home" } : {},
  }));
  const at = formatUtc(nowS(), 6);
  return [
    {
      type: "lab",
      lab,
      expected: null,
      self: "mhlab",
      version: "1",
    },
    { type: "nodes", nodes: containers },
    ...nodes.map((status): LiveMessage => {
      const stamp = { seq: 0, monotonicS: 0, at, node: status.name, role: status.role };
      const snapshot = { event: "snapshot", epoch: "1", status: { protocol: PROTOCOL, ...status } } as const;
      return { type: "event", event: { ...stamp, ...snapshot } };
    }),
  ];
}

/** A second of values for each provider. */
export function sample(atS: number, providers: readonly string[]): LiveMessage {
  const values = providers.flatMap((name, index) => [
    [`rtt/${name}`, 1 + index + Math.sin(atS / 9 + index)],
    [`loss/${name}`, 0],
    [`down/${name}`, 40_000 * (1 + index + Math.sin(atS / 30))],
    [`up/${name}`, 9000 * (1 + index + Math.cos(atS / 20))],
    [`handshake/${name}`, atS % 120],
  ]);
  return { type: "sample", atS, values: Object.fromEntries(values) as Record<string, number> };
}
