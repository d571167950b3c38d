/** A router of the user's own: a namespace that mhlab knows nothing of, with dhcpcd and radvd behind NICs, judged from its LAN. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { formatIp6 } from "../../../src/core/model/ip6.ts";
import { deriveLinkLocal } from "../../../src/core/model/settings/router-advertisement.ts";
import { newCell, type Cell } from "../clients/cell.ts";
import { hostLink, sh } from "../support/host-link.ts";
import { eventually, mhlab, PROJECT } from "../support/sandbox.ts";
import { labFolder, statusOf, succeed, useLabs } from "./fixture.ts";
import { deviceOf, judged, SCENARIOS, type ScenarioName } from "./judged.ts";

useLabs();

const LAB = "my-router";
const INTERNET = "2001:db8::1";
/** By provider: the NIC of the machine, the router's WAN on it, and the provider's prefix. */
const WANS = {
  alpha: { nic: "nic-alpha", wan: "wan0", prefix: "2001:db8:a::/48", table: 101 },
  beta: { nic: "nic-beta", wan: "wan1", prefix: "2001:db8:b::/48", table: 102 },
} as const;
const LAN = "nic-lan";
const HOSTS = ["home-host1", "home-host2"];

let router: Cell;
let file: string;

function writeLab(): string {
  const path = join(labFolder(), `${LAB}.yaml`);
  const lines = [
    `name: ${LAB}`,
    "internet: bundled",
    "providers:",
    ...Object.entries(WANS).map(
      ([name, { nic, prefix }]) =>
        `  - {name: ${name}, prefix: "${prefix}", subscriber: {interface: ${nic}}}`,
    ),
    "cpes:",
    `  - {name: home, device: true, lan: {interface: ${LAN}}, hosts: 2}`,
  ];
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

const DHCPCD = `nodev
duid ll
ipv6only
noipv6rs
script /bin/true
allowinterfaces wan0 wan1 lan0
${Object.values(WANS)
  .map(({ wan }, index) => `interface ${wan}\n  ipv6rs\n  ia_pd ${index + 1}/::/56 lan0/1/64`)
  .join("\n")}
`;

const RADVD = `interface lan0 {
  AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4;
  prefix ::/64 { AdvOnLink on; AdvAutonomous on; DeprecatePrefix on; };
};
`;

/** Sends each source by its own provider, or nowhere. */
const ROUTING = Object.entries(WANS)
  .map(
    ([name, { wan, prefix, table }]) => `
  ip -6 rule add priority 200 from ${prefix} lookup ${table}
  ip -6 route add default via ${formatIp6(deriveLinkLocal(name))} dev ${wan} table ${table} metric 1
  ip -6 route add unreachable default dev lo table ${table} metric 4096`,
  )
  .join("\n");

beforeAll(async () => {
  router = await newCell("home");
  const { name } = router.netns;
  await router.run(["ip", "link", "del", "lan0"]);
  const pairs = [...Object.values(WANS).map(({ nic, wan }) => [nic, wan]), [LAN, "lan0"]];
  for (const [nic = "", inside = ""] of pairs)
    await sh(`ip link add ${nic} type veth peer name ${inside} netns ${name}
      sysctl -qw net.ipv6.conf.${nic}.accept_ra=0`);
  await sh(`ip link set ${LAN} up`);
  await router.run([
    "sh",
    "-ec",
    `sysctl -qw net.ipv6.conf.all.ignore_routes_with_linkdown=1
     for link in wan0 wan1 lan0; do
       sysctl -qw net.ipv6.conf.$link.accept_ra=2 net.ipv6.conf.$link.ignore_routes_with_linkdown=1
       ip link set $link up
     done
     ip -6 rule add priority 100 lookup main suppress_prefixlength 0
     ${ROUTING}`,
  ]);
  file = writeLab();
  await succeed(["up", file]);
});

test("before it is switched on, up and status say what is missing on which side", async () => {
  const device = await deviceOf(LAB);
  expect(device).toMatchObject({
    name: "home",
    ready: false,
    lan: { place: LAN, routers: [], hosts: HOSTS },
  });
  expect(device.problems.map(({ code, provider }) => [code, provider])).toEqual([
    ["no-delegation", "alpha"],
    ["no-delegation", "beta"],
  ]);
  const shown = await mhlab(["status", LAB]);
  expect(shown.code).toBe(5);
  expect(shown.stdout).toContain("✗ no router advertises there");
});

test("once it runs, status has its delegations, what was heard, its LAN's router and its hosts' addresses", async () => {
  await router.write("/run/client/dhcpcd.conf", DHCPCD);
  await router.write("/run/client/radvd.conf", RADVD);
  await router.run(["mkdir", "-p", "/run/dhcpcd", "/var/lib/dhcpcd", "/run/radvd"]);
  await router.start(["dhcpcd", "-B", "-f", "/run/client/dhcpcd.conf"]);
  await router.start(["radvd", "-n", "-m", "stderr", "-C", "/run/client/radvd.conf", "-p", "/run/radvd/pid"]);
  await eventually(async () => expect(await deviceOf(LAB)).toMatchObject({ ready: true, problems: [] }), {
    timeoutMs: 60_000,
  });
  const { wans, lan } = await deviceOf(LAB);
  for (const [provider, { nic, wan }] of Object.entries(WANS)) {
    const { stdout } = await router.run(["cat", `/sys/class/net/${wan}/address`]);
    const seen = wans.find((one) => one.provider === provider);
    expect(seen).toMatchObject({
      place: nic,
      present: true,
      carrier: true,
      macs: [stdout.trim()],
      rejected: 0,
    });
    expect(seen?.sent).toEqual(expect.arrayContaining(["router-solicitation", "dhcpv6"]));
    expect(seen?.delegatedPrefixes).toHaveLength(1);
  }
  expect(lan?.routers).toEqual([{ address: expect.stringMatching(/^fe80:/) as string, hosts: HOSTS }]);
  await eventually(async () => expect(await statusOf(LAB)).toMatchObject({ healthy: true }));
  const status = await statusOf(LAB);
  for (const { addresses } of status.hosts)
    expect(addresses.map(({ provider }) => provider)).toEqual(expect.arrayContaining(["alpha", "beta"]));
  // Several hosts share the NIC, which stays where it is.
  expect((await hostLink(LAN))?.flags).toContain("UP");
  const graph = await mhlab(["graph", LAB, "--format", "dot"]);
  expect(graph.stdout).toContain('"bng:alpha" -- "cpe:home"');
});

test("sources that the provider has not delegated are rejected and counted for the WAN that they came from", async () => {
  const before = (await deviceOf(LAB)).wans.find(({ provider }) => provider === "beta")?.rejected ?? 0;
  await router.run(["ip", "addr", "add", "2001:db8:a:ffff::5/128", "dev", "lo", "nodad"]);
  await router.run(
    ["ping", "-c", "3", "-i", "0.2", "-W", "1", "-I", "2001:db8:a:ffff::5", "-m", "7", INTERNET],
    { check: false },
  );
  await router.run(["ip", "-6", "rule", "add", "priority", "50", "fwmark", "7", "lookup", "102"]);
  await router.run(
    ["ping", "-c", "3", "-i", "0.2", "-W", "1", "-I", "2001:db8:a:ffff::5", "-m", "7", INTERNET],
    { check: false },
  );
  await router.run(["ip", "-6", "rule", "del", "priority", "50"]);
  await router.run(["ip", "addr", "del", "2001:db8:a:ffff::5/128", "dev", "lo"]);
  await eventually(async () => {
    const after = (await deviceOf(LAB)).wans.find(({ provider }) => provider === "beta")?.rejected ?? 0;
    expect(after).toBeGreaterThanOrEqual(before + 3);
  });
});

/** What shipped scenarios find of this router, for better and for worse. */
const FOUND: Readonly<Record<ScenarioName, readonly string[]>> = {
  "load-share": passed("by-alpha-lives", "by-beta-lives", "alpha-is-used", "beta-is-used", "no-leaks"),
  "silent-upstream": passed("beta-stays", "alpha-outage", "no-leaks"),
  // Its kernel answers with another code than 5.
  "sadr-exit": [
    ...passed("alpha-by-alpha", "beta-by-beta", "nothing-of-alpha-by-beta", "nothing-of-beta-by-alpha"),
    "another-source-please failed",
  ],
  // dhcpcd and radvd do not deprecate the prefix of a WAN without carrier.
  "primary-backup-return": [...passed("alpha-returns", "beta-stays"), "alpha-leaves failed"],
};

function passed(...ids: readonly string[]): string[] {
  return ids.map((id) => `${id} passed`);
}

test.each(SCENARIOS)(
  "the shipped scenario %s judges it from its LAN",
  async (name) => {
    expect(await judged(name, LAB, file)).toEqual(expect.arrayContaining([...FOUND[name]]));
  },
  180_000,
);

test("a scenario that needs the router itself is refused with what can be used instead", async () => {
  const scenario = join(PROJECT, "examples/scenarios/cpe-crash-new-prefix.yaml");
  const result = await mhlab(["run", scenario, "--lab", file]);
  expect(result.code).toBe(2);
  expect(result.stderr).toContain("home is a router of your own, and mhlab has no access to it");
  expect(result.stderr).toContain("home-host1, home-host2");
});

test("the LAN's NIC is refused while the machine itself uses it, and to another lab", async () => {
  const other = join(labFolder(), "other.yaml");
  writeFileSync(
    other,
    `name: other\ninternet: bundled\nproviders:\n  - {name: gamma, prefix: 2001:db8:c::/48, subscriber: {interface: ${LAN}}}\n`,
  );
  const second = await mhlab(["up", other]);
  expect(second.code).not.toBe(0);
  expect(second.stderr).toContain(`${LAN} is not taken from the host: home-host`);
  await succeed(["down", LAB]);
  await sh(`ip addr add 192.0.2.9/24 dev ${LAN}`);
  const used = await mhlab(["up", file]);
  expect(used.code).not.toBe(0);
  expect(used.stderr).toContain(`${LAN} is not taken from the host: the host has 192.0.2.9/24 on it`);
});
