import { expect, test } from "vitest";
import { NODES } from "../../../../src/core/render/nodes/registry.ts";
import type {
  CpeStatus,
  HostAddress,
  HostStatus,
  InternetStatus,
  LabStatus,
  ProviderStatus,
} from "../../../../src/core/model/status/model.ts";
import { renderNextSteps } from "../../../../src/cli/views/next-steps.ts";
import { renderStatus } from "../../../../src/cli/views/status.ts";

const silence = { name: "", state: "running", problem: { code: "", message: "" } } as const;

function provider(name: string, prefix: string): ProviderStatus {
  const blank = NODES.bng.silent({ ...silence, name });
  return {
    ...blank,
    ready: true,
    prefix: `${prefix}::/48`,
    uplink: {
      ...blank.uplink,
      state: "up",
      backend: "kernel",
      handshakeAt: "2026-11-24T12:04:52Z",
      rttMs: 12.14,
    },
    subscriber: { ...blank.subscriber, kind: "cpe", interface: "sub0", present: true, carrier: true },
    delegations: [
      {
        prefix: `${prefix}:8000::/56`,
        via: "fe80::6d:dff:feb8:d8b5",
        duid: "00",
        iaid: 1,
        mac: null,
        preferredS: 1800,
        validS: 14400,
        expiresAt: "2026-11-24T16:00:00Z",
        routed: true,
      },
    ],
    problems: [],
  };
}

const address = (text: string, whose: string, state: HostAddress["state"]): HostAddress => ({
  address: text,
  provider: whose,
  router: "fe80::1",
  state,
  preferredUntil: "2026-11-24T12:25:00Z",
  validUntil: "2026-11-24T13:23:20Z",
  rttMs: null,
  lossPct: null,
});
const host: HostStatus = {
  ...NODES.host.silent({ ...silence, name: "home-host1" }),
  ready: true,
  addresses: [
    address("2001:db8:a:8001::8", "alpha", "preferred"),
    address("2001:db8:b:8001::8", "beta", "preferred"),
    address("2001:db8:b:9001::8", "beta", "deprecated"),
  ],
  problems: [],
};
const wan = (name: string, prefix: string): CpeStatus["wans"][number] => ({
  provider: name,
  interface: "wan0",
  present: true,
  carrier: true,
  defaultRouter: "fe80::1",
  addresses: [],
  delegatedPrefix: `${prefix}:8000::/56`,
  formerPrefixes: [],
  validUntil: "2026-11-24T16:00:00Z",
  preferredUntil: "2026-11-24T13:00:00Z",
  reach: "yes",
  rttMs: 0.42,
  lossPct: null,
});
const cpe = {
  ...NODES.cpe.silent({ ...silence, name: "home" }),
  ready: true,
  wans: [wan("alpha", "2001:db8:a"), wan("beta", "2001:db8:b")],
  problems: [],
  hosts: [host],
};
const healthy: LabStatus = {
  lab: "two-isps",
  healthy: true,
  providers: [provider("alpha", "2001:db8:a"), provider("beta", "2001:db8:b")],
  cpes: [cpe],
  hosts: [],
};
const nowMs = Date.parse("2026-11-24T12:05:00Z");
const plain = { colour: false, columns: undefined, nowMs };

test("a healthy lab", () => {
  expect(renderStatus(healthy, plain)).toMatchSnapshot();
});

test("a narrow terminal gets fewer details, and every column stays in its place", () => {
  expect(renderStatus(healthy, { colour: false, columns: 80, nowMs })).toMatchSnapshot("80 columns");
  expect(renderStatus(healthy, { colour: false, columns: 50, nowMs })).toMatchSnapshot("50 columns");
});

test("a host's addresses come in the order of its providers, whichever the kernel names first", () => {
  const turned = { ...host, addresses: host.addresses.toReversed() };
  const status = { ...healthy, cpes: [{ ...cpe, hosts: [turned] }] };
  expect(renderStatus(status, plain)).toBe(renderStatus(healthy, plain));
});

test("a provider that is renumbered is told with what goes, and its CPE with what hosts still have", () => {
  const [alpha, beta] = [provider("alpha", "2001:db8:c"), provider("beta", "2001:db8:b")];
  const former = {
    prefix: "2001:db8:a::/48",
    state: "deprecated",
    endsAt: "2026-11-24T12:05:00Z",
  } as const;
  const formerPrefixes = [
    { prefix: "2001:db8:a:8000::/56", usable: true, validUntil: "2026-11-24T12:05:00Z" },
    { prefix: "2001:db8:d:8000::/56", usable: false, validUntil: "2026-11-24T14:00:00Z" },
  ];
  const text = renderStatus(
    {
      ...healthy,
      providers: [{ ...alpha, prefixes: [...alpha.prefixes, former] }, beta],
      cpes: [
        { ...cpe, wans: [{ ...wan("alpha", "2001:db8:c"), formerPrefixes }, wan("beta", "2001:db8:b")] },
      ],
    },
    { ...plain, nowMs: Date.parse("2026-11-24T12:00:00Z") },
  );
  expect(text).toContain("  alpha: 2001:db8:a::/48 is deprecated, and goes in 5 min\n");
  expect(text.match(/^.*for its hosts.*$/gm)).toEqual([
    "  alpha: 2001:db8:a:8000::/56 is deprecated for its hosts, still passes, for 5 min more",
    "  alpha: 2001:db8:d:8000::/56 is deprecated for its hosts, does not pass, for 2 h more",
  ]);
});

test("a provider that is renumbered says so, at its name and above all", () => {
  const [alpha, beta] = [provider("alpha", "2001:db8:c"), provider("beta", "2001:db8:b")];
  const override = { ...alpha.override, prefixes: [] };
  const text = renderStatus({ ...healthy, providers: [{ ...alpha, override }, beta] }, plain);
  expect(text).toMatch(/^two-isps  healthy \(1 provider renumbered\)/);
  expect(text).toMatch(/^  alpha +◐ renumbered /m);
});

test("a CPE that goes on with a lease that its provider has forgotten is named", () => {
  const told = { ...provider("alpha", "2001:db8:a"), delegations: [] };
  const text = renderStatus({ ...healthy, providers: [told] }, plain);
  expect(text).toMatch(/^  alpha +not renewed yet +home$/m);
  expect(text).not.toContain("nobody");
});

test("a withdrawn prefix is the reason why nobody has a delegation", () => {
  const alpha = provider("alpha", "2001:db8:a");
  const withdrawn = { prefix: "2001:db8:a::/48", state: "withdrawn", endsAt: "" } as const;
  const told = { ...alpha, prefix: "", prefixes: [withdrawn], delegations: [] };
  const text = renderStatus({ ...healthy, providers: [told] }, plain);
  expect(text).toMatch(/^  alpha +none: its prefix is withdrawn$/m);
  expect(text).not.toContain("nobody");
});

test("a CPE whose problems a fault explains is degraded as expected; one with another problem is not", () => {
  const unreachable = { code: "unreachable", message: "no answer", explainedBy: ["alpha-1"] };
  const other = { code: "daemon-down", message: "dhcpcd ended" };
  const shown = (problems: CpeStatus["problems"]): string =>
    renderStatus({ ...healthy, cpes: [{ ...cpe, ready: false, state: "degraded", problems }] }, plain);
  expect(shown([unreachable])).toContain("CPE home  ◐ degraded (expected)");
  expect(shown([unreachable])).toContain("✗ home  no answer (expected: alpha-1)");
  expect(shown([unreachable, other])).toContain("CPE home  ○ degraded\n");
});

test("the addresses of a CPE's WANs stand below them, sorted", () => {
  const alpha = { ...wan("alpha", "2001:db8:a"), addresses: ["2001:db8:a::9", "2001:db8:a::1:0"] };
  const text = renderStatus({ ...healthy, cpes: [{ ...cpe, wans: [alpha] }] }, plain);
  expect(text).toMatch(/^  PROVIDER   WAN ADDRESSES\n  alpha      2001:db8:a::1:0, 2001:db8:a::9$/m);
  const more = { ...alpha, addresses: [...alpha.addresses, "2001:db8:aa::9"] };
  const three = renderStatus({ ...healthy, cpes: [{ ...cpe, wans: [more] }] }, plain);
  expect(three).toMatch(/^  alpha      2001:db8:a::1:0, 2001:db8:a::9\n {13}2001:db8:aa::9$/m);
});

test("a kernel that allows less than was configured is told, what works as configured is not", () => {
  const [alpha, beta] = [provider("alpha", "2001:db8:a"), provider("beta", "2001:db8:b")];
  const text = renderStatus(
    {
      ...healthy,
      providers: [
        { ...alpha, sourceValidation: { wanted: "reject", effective: "reject-routed" } },
        { ...beta, sourceValidation: { wanted: "reject", effective: "reject" } },
      ],
    },
    plain,
  );
  expect(text.match(/^.*source validation.*$/gm)).toEqual([
    "  alpha: source validation works as reject-routed, its log tells why reject is not possible",
  ]);
});

test("a degraded lab says what is wrong in words", () => {
  const [alpha, beta] = [provider("alpha", "2001:db8:a"), provider("beta", "2001:db8:b")];
  const stopped = NODES.bng.silent({
    name: "gamma",
    state: "stopped",
    problem: { code: "stopped", message: "its container is exited" },
  });
  const status: LabStatus = {
    lab: "two-isps",
    healthy: false,
    providers: [
      { ...alpha, delegations: alpha.delegations.map((one) => ({ ...one, routed: false, via: null })) },
      {
        ...beta,
        state: "degraded",
        uplink: { ...beta.uplink, state: "stale", rttMs: null, handshakeAt: "2026-11-24T12:01:40Z" },
        delegations: [],
        problems: [{ code: "stale-tunnel", message: "the far side does not answer any more\u001b[31m" }],
      },
      stopped,
    ],
    cpes: [
      {
        ...cpe,
        ready: false,
        wans: cpe.wans.map((one) => ({ ...one, reach: "no-answer" as const, rttMs: null })),
      },
    ],
    hosts: [],
  };
  const text = renderStatus(status, plain);
  expect(text).toMatchSnapshot();
  expect(text).not.toContain("\u001b");
});

test("hosts on a LAN are shown with the way of each address, and their providers are not asked for a delegation", () => {
  const [alpha, beta] = [provider("alpha", "2001:db8:a"), provider("beta", "2001:db8:b")];
  const onLan = (one: ProviderStatus): ProviderStatus => ({
    ...one,
    subscriber: { ...one.subscriber, kind: "lan" },
    delegations: [],
  });
  const pc: LabStatus["hosts"][number] = {
    role: "host",
    name: "pc",
    state: "running",
    ready: true,
    interface: "eth0",
    place: "lan",
    lan: "street",
    addresses: [
      { ...address("2001:db8:a::5", "alpha", "preferred"), router: "fe80::a" },
      { ...address("2001:db8:b::5", "beta", "preferred"), router: null },
    ],
    defaultRouters: [{ address: "fe80::a", provider: "alpha", preference: "medium" }],
    problems: [],
  };
  const status: LabStatus = {
    ...healthy,
    providers: [onLan(alpha), onLan(beta)],
    cpes: [],
    hosts: [pc, { ...pc, name: "tv", state: "missing", ready: false, addresses: [] }],
  };
  expect(renderStatus(status, plain)).toMatchSnapshot();
  const internet: InternetStatus = {
    role: "internet",
    name: "internet",
    state: "running",
    ready: true,
    address: "2001:db8::1",
    peers: [],
    services: [],
    certificateAuthority: null,
    restarts: {},
    problems: [],
  };
  expect(renderNextSteps({ ...status, internet }, { ...plain, self: "mhlab", several: false })).toContain(
    "mhlab exec pc -- ping",
  );
  // With a real far side nobody knows what would answer.
  expect(renderNextSteps(status, { ...plain, self: "mhlab", several: false })).not.toContain("ping");
});

test("next steps name the lab where several run", () => {
  const text = renderNextSteps(healthy, { ...plain, self: "mhlab", several: true });
  expect(text).toContain(`mhlab logs --lab ${healthy.lab} `);
});

test("next steps are commands that can be typed", () => {
  expect(renderNextSteps(healthy, { ...plain, self: "mhlab --sandbox", several: false })).toMatchSnapshot();
});

test("how full a pool is stands below from three quarters on, and that it is full in another colour", () => {
  const alpha = provider("alpha", "2001:db8:a");
  const told = (delegated: number, capacity: number): string => {
    const [one] = alpha.delegations;
    const delegations = Array.from({ length: delegated }, (_, index) => ({
      ...one,
      prefix: `2001:db8:a:8${index}00::/56`,
    })) as typeof alpha.delegations;
    const full = { ...alpha, delegations, capacity: { delegations: capacity, addresses: 16_384 } };
    return renderStatus({ ...healthy, providers: [full] }, { colour: false });
  };
  expect(told(5, 8)).not.toContain("prefixes are delegated");
  expect(told(6, 8)).toContain("alpha: 6 of 8 prefixes are delegated\n");
  expect(told(8, 8)).toContain("alpha: all 8 prefixes are delegated; a further customer gets none\n");
  // Of one customer, and of an agent that does not tell it.
  for (const capacity of [1, 0]) expect(told(1, capacity)).not.toContain("prefixes are delegated");
});
