import { expect, test } from "vitest";
import { labContainersOf } from "../../../../../src/core/render/plan/labels.ts";
import { NODES } from "../../../../../src/core/render/nodes/registry.ts";
import { assembleStatus, type Answer } from "../../../../../src/core/judge/health/assemble.ts";
import type { HostStatus } from "../../../../../src/core/model/status/model.ts";
import { lab, running, SHARED_LAN, specs, TWO_ISPS } from "../../../support/planned-lab.ts";

const two = lab(TWO_ISPS);

/** Answers of a lab in which all is well, by node. */
function answers(
  change: (answer: Answer) => Answer | undefined = (answer) => answer,
  of: typeof two = two,
): Answer[] {
  return labContainersOf(running(specs(of))).flatMap((container) => {
    const silence = { name: container.name, state: "running", problem: { code: "x", message: "x" } } as const;
    const blank = {
      bng: NODES.bng.silent(silence),
      cpe: NODES.cpe.silent(silence),
      host: NODES.host.silent(silence),
      internet: NODES.internet.silent(silence),
      keeper: NODES.internet.silent(silence),
    }[container.role];
    const value = { ...blank, ready: true, problems: [] };
    const answer = change({ container, reply: { kind: "answer", value } });
    return answer === undefined ? [] : [answer];
  });
}

test("answers become one status, hosts under their CPE", () => {
  const status = assembleStatus("two-isps", answers());
  expect(status.healthy).toBe(true);
  expect(status.providers.map(({ name, subscriber }) => [name, subscriber.kind])).toEqual([
    ["alpha", "cpe"],
    ["beta", "cpe"],
  ]);
  expect(status.cpes.map(({ name, hosts }) => [name, hosts.map((host) => host.name)])).toEqual([
    ["home", ["home-host1"]],
  ]);
  expect(status.internet?.name).toBe("internet");
});

test("a stopped container and a silent agent keep their place", () => {
  const status = assembleStatus(
    "two-isps",
    answers(({ container, ...rest }) => {
      if (container.name === "alpha") return { container: { ...container, state: "exited" } };
      return container.name === "beta"
        ? { container, reply: { kind: "failure", failure: { error: "busy", code: "failed", exitCode: 1 } } }
        : { container, ...rest };
    }),
  );
  expect(status.providers.map(({ name, state, problems }) => [name, state, problems[0]?.code])).toEqual([
    ["alpha", "stopped", "stopped"],
    ["beta", "degraded", "agent-silent"],
  ]);
  expect(status.healthy).toBe(false);
});

test.each([
  ["paused", "paused", "unpauses"],
  ["exited", "stopped", "starts"],
  ["created", "stopped", "recreates"],
  ["dead", "stopped", "recreates"],
])("a container that is %s is stopped, with what `up` does", (state, code, does) => {
  const status = assembleStatus(
    "two-isps",
    answers((answer) => ({ container: { ...answer.container, state } })),
  );
  expect(status.providers[0]).toMatchObject({
    state: "stopped",
    problems: [{ code, message: `its container is ${state}; \`mhlab up\` ${does} it` }],
  });
});

test("an agent of another protocol is named so, and what mends it", () => {
  const status = assembleStatus(
    "two-isps",
    answers(({ container, reply }) =>
      container.name === "alpha"
        ? { container, reply: { kind: "foreign" } }
        : { container, ...(reply && { reply }) },
    ),
  );
  const [alpha] = status.providers;
  expect(alpha?.problems).toEqual([
    { code: "other-protocol", message: "its image speaks another protocol; `mhlab up` renews it" },
  ]);
});

test("nodes that others know of, but that are gone, are missing", () => {
  const gone = answers((answer) =>
    ["alpha", "home-host1"].includes(answer.container.name) ? undefined : answer,
  );
  const expected = { providers: ["alpha", "beta"], cpes: [{ name: "home", hosts: ["home-host1"] }] };
  const status = assembleStatus("two-isps", gone, expected);
  expect(status.providers.map(({ name, state }) => [name, state])).toEqual([
    ["alpha", "missing"],
    ["beta", "running"],
  ]);
  expect(assembleStatus("two-isps", gone).cpes[0]?.hosts[0]?.state).toBe("missing");
});

test("a host on a shared LAN stands for itself, with what it says of its addresses and routers", () => {
  const onLan: Pick<HostStatus, "interface" | "place" | "addresses" | "defaultRouters"> = {
    interface: "eth0",
    place: "lan",
    addresses: [
      {
        address: "2001:db8:a::5",
        provider: "alpha",
        router: "fe80::a",
        state: "preferred",
        preferredUntil: null,
        validUntil: null,
        rttMs: null,
        lossPct: null,
      },
    ],
    defaultRouters: [{ address: "fe80::a", provider: "alpha", preference: "medium" }],
  };
  const said = answers(({ container, reply }) => {
    if (reply?.kind !== "answer" || reply.value.role !== "host")
      return { container, ...(reply && { reply }) };
    return { container, reply: { kind: "answer", value: { ...reply.value, ...onLan } } };
  }, lab(SHARED_LAN));
  const status = assembleStatus("shared-lan", said);
  expect(status.hosts).toEqual([
    { role: "host", name: "pc", state: "running", ready: true, lan: "street", ...onLan, problems: [] },
  ]);
  expect(status.cpes).toEqual([]);
  expect(status.healthy).toBe(true);

  const expected = { providers: ["alpha", "beta"], cpes: [], hosts: [{ name: "pc", lan: "street" }] };
  const gone = assembleStatus(
    "shared-lan",
    said.filter(({ container }) => container.name !== "pc"),
    expected,
  );
  expect(gone.hosts).toMatchObject([{ name: "pc", lan: "street", state: "missing", addresses: [] }]);
  expect(gone.healthy).toBe(false);
});

const DEVICE = `name: desk
internet: bundled
providers:
  - {name: alpha, prefix: "2001:db8:a::/48", subscriber: {interface: enp2s0}}
  - {name: beta, prefix: "2001:db8:b::/48", subscriber: {interface: enp3s0}}
cpes:
  - {name: fritz, device: true, lan: {interface: enp4s0}, hosts: 2}
`;

/** The device of a lab in which alpha delegated a prefix, and beta heard only a router solicitation. */
function deviceIn(sent: ("router-solicitation" | "dhcpv6")[]) {
  const seen = answers(({ container, reply }) => {
    if (reply?.kind !== "answer" || reply.value.role !== "bng") return { container, ...(reply && { reply }) };
    const { value } = reply;
    const lease = { duid: "", iaid: 1, mac: null, preferredS: 1, validS: 1, expiresAt: "" };
    const neighbour = {
      mac: "02:00:00:00:00:01",
      administered: "local" as const,
      linkLocal: null,
      lastSeenAt: "",
      sent,
      addresses: [],
    };
    const delegations =
      value.name === "alpha" ? [{ prefix: "2001:db8:a:8000::/56", via: null, routed: true, ...lease }] : [];
    const subscriber = { ...value.subscriber, present: true, carrier: true, neighbours: [neighbour] };
    return {
      container,
      reply: {
        kind: "answer",
        value: { ...value, state: "running", pool: "2001:db8:a:8000::/49", delegations, subscriber },
      },
    };
  }, lab(DEVICE));
  const status = assembleStatus("desk", seen);
  return { status, device: status.devices?.[0] };
}

test("a router of the user's own is seen from both sides, and lacks what a provider has not delegated", () => {
  const { status, device } = deviceIn(["router-solicitation"]);
  expect(status.hosts.map(({ name }) => name)).toEqual(["fritz-host1", "fritz-host2"]);
  expect(device).toMatchObject({
    name: "fritz",
    ready: false,
    lan: { place: "enp4s0", hosts: ["fritz-host1", "fritz-host2"] },
    problems: [
      {
        code: "no-delegation",
        provider: "beta",
        message: "beta delegated it no prefix: it sent a router solicitation, and no DHCPv6",
      },
    ],
  });
  expect(status.healthy).toBe(false);
  expect(deviceIn(["dhcpv6"]).device?.problems[0]?.message).toContain("asks by DHCPv6 and takes none");
});

test("a node whose engine does not answer is unknown, with what the internet knows of it; others are missing", () => {
  const engine = { host: "ssh://pi2", problem: "it has not answered for 5 s" };
  const engines = [
    { ...engine, name: "pi1", reachable: true, problem: null },
    { ...engine, name: "pi2", reachable: false },
  ];
  const peer = NODES.internet.silent({ name: "x", state: "running", problem: { code: "x", message: "x" } });
  const said = answers(({ container, reply }) => {
    if (container.role === "bng") return undefined;
    if (container.role !== "internet") return { container, reply: reply ?? { kind: "foreign" } };
    const peers = ["alpha", "beta"].map((provider) => ({
      provider,
      interface: provider,
      backend: null,
      listenPort: 1,
      prefixes: [],
      handshakeAt: "2026-12-03T00:00:00Z",
      rxBytes: 0,
      txBytes: 0,
    }));
    return { container, reply: { kind: "answer", value: { ...peer, state: "running", peers } } };
  });
  const expected = {
    providers: ["alpha", "beta"],
    cpes: [],
    engineOf: { alpha: "pi1", beta: "pi2" },
  };
  const status = assembleStatus("two-isps", said, expected, engines);
  expect(status.providers.map(({ name, state, uplink }) => [name, state, uplink.handshakeAt])).toEqual([
    ["alpha", "missing", null],
    ["beta", "unknown", "2026-12-03T00:00:00Z"],
  ]);
  expect(status.providers[1]?.problems[0]?.message).toBe(
    "its engine pi2 does not answer; the internet had its last handshake at 2026-12-03T00:00:00Z",
  );
  expect([status.healthy, status.engines]).toEqual([false, engines]);
  expect(assembleStatus("two-isps", answers(), undefined, engines).healthy).toBe(false);
});
