/** `mhlab doctor`, and what `up` and `down` do on the host by containers of one moment: all on the real engine. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Finding } from "../../src/core/model/host/finding.ts";
import { globalsOf, hostLink, sh } from "./support/host-link.ts";
import { docker, eventually, inLabHost, mhlab, newNetns, useSandbox } from "./support/sandbox.ts";

useSandbox();

const folder = mkdtempSync(join(tmpdir(), "mhlab-doctor-"));
afterAll(() => rmSync(folder, { recursive: true }));

function labFile(name: string, providers: Record<string, string>): string {
  const file = join(folder, `${name}.yaml`);
  const entries = Object.entries(providers).map(
    ([provider, subscriber], index) =>
      `  - {name: ${provider}, prefix: "2001:db8:${(0xa + index).toString(16)}::/48", subscriber: ${subscriber}}`,
  );
  writeFileSync(file, `name: ${name}\ninternet: bundled\nproviders:\n${entries.join("\n")}\n`);
  return file;
}

async function doctor(
  ...args: string[]
): Promise<{ code: number; healthy: boolean; of: (id: string) => Finding | undefined }> {
  const { code, stdout, stderr } = await mhlab(["doctor", "--json", ...args]);
  const answer = JSON.parse(stdout || `{"error": ${JSON.stringify(stderr)}}`) as {
    healthy: boolean;
    findings: Finding[];
  };
  return { code, healthy: answer.healthy, of: (id) => answer.findings.find((one) => one.id === id) };
}

beforeAll(async () => void (await mhlab(["image", "build"])));

test("a sound host is told what this kernel lacks, with the command that mends it", async () => {
  const { code, healthy, of } = await doctor();
  expect({ code, healthy }).toEqual({ code: 0, healthy: true });
  expect(of("engine")?.level).toBe("ok");
  expect(of("birth-namespace")?.level).toBe("ok");
  expect(of("capabilities")?.level).toBe("ok");
  expect(of("ipv6")?.level).toBe("ok");
  for (const name of ["veth", "bridge", "macvlan", "tun"]) expect(of(`kernel-${name}`)?.level).toBe("ok");
  const withoutVlan =
    (
      await inLabHost(
        [
          "sh",
          "-c",
          "ip link add v0 type veth peer name v1; ip link add link v0 name v2 type vlan id 5; code=$?; ip link del v0; exit $code",
        ],
        { check: false },
      )
    ).code !== 0;
  expect(of("kernel-vlan")).toMatchObject(
    withoutVlan ? { level: "warn", mend: "sudo modprobe 8021q" } : { level: "ok" },
  );
});

test("what a lab needs and the host refuses blocks with exit code 3; what is wrong with IPv6 and bridges is seen", async () => {
  await sh(`ip link add doc0 type veth peer name doc1; ip addr add 192.0.2.5/24 dev doc0
    nft add table ip6 docker-like; nft add chain ip6 docker-like FORWARD '{ type filter hook forward priority 0; policy drop; }'
    sysctl -qw net.ipv6.conf.default.disable_ipv6=1`);
  try {
    const file = labFile("doc", {
      alpha: "{interface: doc0}",
      beta: "{bridge: doc-br}",
      gamma: "{macvlan: doc1}",
    });
    const { code, healthy, of } = await doctor(file);
    expect({ code, healthy }).toEqual({ code: 3, healthy: false });
    expect(of("link-alpha")).toMatchObject({ level: "block" });
    expect(of("link-alpha")?.message).toContain("the host has 192.0.2.5/24 on it");
    expect(of("link-beta")).toMatchObject({
      level: "warn",
      mend: expect.stringContaining("type bridge") as string,
    });
    expect(of("link-gamma")).toMatchObject({ level: "warn", mend: "sudo ip link set doc1 up" });
    expect(of("bridge-filter")?.message).toContain("ip6 docker-like FORWARD drops");
    expect(of("ipv6")).toMatchObject({
      level: "warn",
      mend: "sudo sysctl -w net.ipv6.conf.default.disable_ipv6=0",
    });
  } finally {
    await sh(
      "sysctl -qw net.ipv6.conf.default.disable_ipv6=0; nft delete table ip6 docker-like; ip link del doc0",
    );
  }
});

test("a bridge that would make the host a customer of its own lab is named by up and doctor, and their command mends it", async () => {
  await sh("ip link add doc-ra type bridge; ip link set doc-ra up");
  const file = labFile("ears", { alpha: "{bridge: doc-ra}" });
  const routes = async (): Promise<string> =>
    (await inLabHost(["ip", "-6", "route", "show", "default", "dev", "doc-ra"])).stdout;
  const advertisements = async (): Promise<number> => {
    const { stdout } = await inLabHost(["cat", "/proc/net/dev_snmp6/doc-ra"]);
    return Number(/^Icmp6InRouterAdvertisements\s+(\d+)/m.exec(stdout)?.[1]);
  };
  const setting = "sudo sysctl -w net/ipv6/conf/doc-ra/accept_ra=0";
  try {
    expect((await doctor(file)).of("host-ra-doc-ra")).toMatchObject({ level: "warn", mend: setting });
    const { code, stderr } = await mhlab(["up", file]);
    expect(code).toBe(0);
    expect(stderr).toContain(
      `the host will take addresses and default routes from the emulated providers by doc-ra; this stops it: ${setting}`,
    );
    await eventually(async () => expect(await routes()).toContain("proto ra"));

    const taken = (await doctor(file)).of("host-ra-doc-ra");
    expect(taken?.message).toContain("the host has taken");
    await sh((taken?.mend ?? "false").replaceAll("sudo ", ""));
    expect((await doctor(file)).of("host-ra-doc-ra")).toBeUndefined();
    expect(globalsOf(await hostLink("doc-ra"))).toEqual([]);
    const heard = await advertisements();
    await docker.getContainer("mhlab-ears-alpha").restart({ t: 3 });
    await eventually(async () => expect(await advertisements()).toBeGreaterThan(heard));
    expect({ routes: await routes(), addresses: globalsOf(await hostLink("doc-ra")) }).toEqual({
      routes: "",
      addresses: [],
    });
  } finally {
    await mhlab(["down", file]);
    await sh("ip link del doc-ra");
  }
});

test("--path measures what the path to a far side takes, and names the tunnel's MTU", async () => {
  const router = await newNetns("router");
  const far = await newNetns("far");
  await sh(`ip link add path0 type veth peer name r0 netns ${router.name}
    ip addr add 2001:db8:f0::1/64 dev path0 nodad; ip link set path0 up; ip -6 route add 2001:db8:f1::/64 via 2001:db8:f0::2`);
  await inLabHost([
    "ip",
    "link",
    "add",
    "r1",
    "mtu",
    "1400",
    "netns",
    router.name,
    "type",
    "veth",
    "peer",
    "name",
    "f0",
    "mtu",
    "1400",
    "netns",
    far.name,
  ]);
  await router.run([
    "sh",
    "-c",
    // A router solicits from its link-local address, which must not be tentative.
    `sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.conf.r0.accept_dad=0 net.ipv6.conf.r1.accept_dad=0
    ip link set r0 up; ip link set r1 up
    ip addr add 2001:db8:f0::2/64 dev r0 nodad; ip addr add 2001:db8:f1::1/64 dev r1 nodad`,
  ]);
  await far.run([
    "sh",
    "-c",
    "ip link set f0 up; ip addr add 2001:db8:f1::2/64 dev f0 nodad; ip -6 route add default via 2001:db8:f1::1",
  ]);
  const { of } = await doctor("--path", "[2001:db8:f1::2]:51820");
  expect(of("path")).toMatchObject({
    level: "warn",
    message:
      "the path to 2001:db8:f1::2 takes 1400 bytes; less WireGuard's 80 over IPv6, the tunnel takes 1320",
    mend: "in the lab file: wireguard: {mtu: 1320}",
  });
  expect((await doctor("--path", "127.0.0.1:51820")).of("path")).toMatchObject({ level: "ok" });
  expect((await doctor("--path", "2001:db8:f1::99")).of("path")?.message).toContain("does not answer pings");
  await sh("ip link del path0");
});

test("up refuses an interface that the host needs before anything starts, takes it with --force, and down brings it home", async () => {
  await sh(
    "ip link add nic-lab type veth peer name nic-far; ip link set nic-far up; ip link set nic-lab mtu 1450 up; ip addr add 192.0.2.5/24 dev nic-lab",
  );
  const file = labFile("nics", { alpha: "{interface: nic-lab}" });
  const refused = await mhlab(["up", file]);
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain(
    "error MHLAB_NIC_REFUSED  nic-lab is not taken from the host: the host has 192.0.2.5/24 on it",
  );
  expect(await docker.listContainers({ all: true, filters: { label: ["io.mhlab.lab=nics"] } })).toEqual([]);
  expect(globalsOf(await hostLink("nic-lab"))).toEqual(["192.0.2.5"]);

  expect((await mhlab(["up", file, "--force"])).code).toBe(0);
  expect(await hostLink("nic-lab")).toBeUndefined();
  const again = await mhlab(["up", file, "--dry-run", "--json"]);
  expect(JSON.parse(again.stdout)).toMatchObject({ steps: [] });
  expect((await doctor(file)).of("link-alpha")).toMatchObject({
    level: "ok",
    message: "nic-lab is with the BNG alpha",
  });

  expect((await mhlab(["down", file])).code).toBe(0);
  const home = await hostLink("nic-lab");
  expect(home).toMatchObject({ mtu: 1450, flags: expect.arrayContaining(["UP"]) as string[] });
  expect(home).not.toHaveProperty("ifalias");
  expect(globalsOf(home)).toEqual(["192.0.2.5"]);
  await sh("ip link del nic-lab");
});

test("up of a VLAN on a kernel without 802.1Q says what doctor says, and starts nothing", async () => {
  const file = labFile("vlans", { alpha: "{vlan: {parent: doc9, id: 101}}", beta: "{macvlan: doc9}" });
  const said = (await doctor(file)).of("kernel-vlan");
  const { code, stderr } = await mhlab(["up", file, "--timeout", "5"]);
  const found = await docker.listContainers({ all: true, filters: { label: ["io.mhlab.lab=vlans"] } });
  await mhlab(["down", file]);
  const refused = stderr.includes(`error MHLAB_HOST_LACKS  ${said?.message}\nhint: ${said?.mend}`);
  // A kernel with 802.1Q refuses nothing, and both wait for the interface.
  const blocks = said?.level === "block";
  expect({ code, refused, started: found.length > 0 }).toEqual(
    blocks ? { code: 3, refused: true, started: false } : { code: 0, refused: false, started: true },
  );
});

test("what a killed BNG left on the host, down puts right: the interface and the LAN", async () => {
  await sh("ip link add nic-kill type veth peer name kill-far; ip link set kill-far up");
  const file = labFile("killed", { alpha: "{interface: nic-kill}", beta: "{lan: street}" });
  expect((await mhlab(["up", file])).code).toBe(0);
  // The keeper would put the interface right before.
  for (const name of ["keeper", "alpha", "beta"]) {
    await docker.getContainer(`mhlab-killed-${name}`).update({ RestartPolicy: { Name: "no" } });
    await docker.getContainer(`mhlab-killed-${name}`).kill();
  }
  expect(await hostLink("mh-street")).toMatchObject({ ifalias: "mhlab:lan:killed" });
  // The kernel brings a physical interface home, bare and down; this one died with the namespace, so it is played again.
  await eventually(async () => expect(await hostLink("nic-kill")).toBeUndefined());
  await sh(
    "ip link add nic-kill type veth peer name kill-far; ip link set nic-kill alias 'mhlab:nic:alpha;mtu=1444;up=1;addr=192.0.2.8/24'",
  );
  expect((await doctor()).of("left-nic-kill")?.message).toBe("nic-kill is as the killed BNG alpha left it");
  expect((await mhlab(["down", file])).code).toBe(0);
  const home = await hostLink("nic-kill");
  expect(home).toMatchObject({ mtu: 1444 });
  expect(home).not.toHaveProperty("ifalias");
  expect(globalsOf(home)).toEqual(["192.0.2.8"]);
  expect(await hostLink("mh-street")).toBeUndefined();
  await sh("ip link del nic-kill");
});
