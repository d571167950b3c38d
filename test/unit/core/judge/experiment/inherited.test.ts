import { expect, test } from "vitest";
import { inheritedBy } from "../../../../../src/core/judge/experiment/inherited.ts";
import { NODES } from "../../../../../src/core/render/nodes/registry.ts";
import type {
  CpeStatus,
  HostStatus,
  ProviderStatus,
  WanStatus,
} from "../../../../../src/core/model/status/model.ts";

const silence = (name: string) => ({ name, state: "running", problem: { code: "x", message: "x" } }) as const;
const PREFIX = "2001:db8:a::/48";
const alpha = (more: Partial<ProviderStatus> = {}): ProviderStatus => ({
  ...NODES.bng.silent(silence("alpha")),
  prefix: PREFIX,
  prefixes: [{ prefix: PREFIX, state: "current", endsAt: null }],
  ...more,
});
const home = (more: Partial<WanStatus> = {}): CpeStatus => ({
  ...NODES.cpe.silent(silence("home")),
  wans: [
    {
      provider: "alpha",
      interface: "wan0",
      addresses: ["2001:db8:a::5"],
      delegatedPrefix: "2001:db8:a:8000::/56",
      formerPrefixes: [],
      ...more,
    } as unknown as WanStatus,
  ],
});
const pc = (...addresses: string[]): HostStatus => ({
  ...NODES.host.silent(silence("pc")),
  addresses: addresses.map((address) => ({
    address,
    provider: null,
    router: null,
    state: "preferred",
    rttMs: null,
    lossPct: null,
    preferredUntil: null,
    validUntil: null,
  })),
});
const all = (provider: ProviderStatus, cpe: CpeStatus, host: HostStatus) =>
  inheritedBy([
    { status: provider, cpe: "home" },
    { status: cpe, cpe: undefined },
    { status: host, cpe: "home" },
  ]).map(({ node, what }) => `${node}: ${what}`);

test("a lab that has just begun inherits nothing, whatever other addresses there are", () => {
  expect(all(alpha(), home(), pc("2001:db8:a:8001::9", "fd00::9"))).toEqual([]);
});

test("addresses and delegations of former prefixes, former leases and runtime overrides are named", () => {
  const delegations = [{ prefix: "2001:db8:c:8000::/56" }] as ProviderStatus["delegations"];
  const override = { settings: { RA_LIFETIME: "0" }, faults: [] };
  const former = [{ prefix: "2001:db8:a:8100::/56", usable: false, validUntil: "" }];
  expect(
    all(
      alpha({ delegations, override }),
      home({ addresses: ["2001:db8:a::5", "2001:db8:c::5"], formerPrefixes: former }),
      pc("2001:db8:a:8101::9", "2001:db8:c:8001::9"),
    ),
  ).toEqual([
    "alpha: runtime override: RA_LIFETIME=0",
    "alpha: leases of another prefix: 2001:db8:c:8000::/56",
    "home: wan0 (alpha): 2001:db8:c::5 of a former prefix",
    "home: wan0 (alpha): former delegations 2001:db8:a:8100::/56",
    "pc: addresses of a former prefix: 2001:db8:c:8001::9",
  ]);
});

test("a device of the user's is named with its leases, because nothing of it can be cleaned", () => {
  const subscriber = { ...alpha().subscriber, kind: "bridge" as const, place: "br0" };
  const delegations = [{ prefix: "2001:db8:a:8000::/56" }] as ProviderStatus["delegations"];
  const of = (status: ProviderStatus) => inheritedBy([{ status, cpe: undefined }]);
  const what = "the devices on br0 are not part of the lab, and keep their addresses, routes and leases";
  expect(of(alpha({ subscriber }))).toEqual([{ node: "alpha", what }]);
  expect(of(alpha({ subscriber, delegations }))).toEqual([
    { node: "alpha", what: `${what}; 1 lease: 2001:db8:a:8000::/56` },
  ]);
});
