/** Hosts on links of the machine: behind a router that the lab does not have, several on one network card. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { LabStatus } from "../../../src/core/model/status/model.ts";
import { hostLink, sh } from "../support/host-link.ts";
import { docker, eventually, inLabHost, mhlab, newNetns, type TestNetns } from "../support/sandbox.ts";
import { containersOf, labFolder, statusOf, succeed, useLabs } from "./fixture.ts";

useLabs();

const LAB = "desk";
const PREFIX = "2001:db8:a:7";
/** What is behind each card: a switch with a router that advertises a prefix of the provider's. */
let router: TestNetns;

type Host = LabStatus["hosts"][number];
const hostOf = async (name: string): Promise<Host> => {
  const found = (await statusOf(LAB)).hosts.find((host) => host.name === name);
  if (found === undefined) throw new Error(`no host ${name}`);
  return found;
};

function writeDesk(hosts: readonly string[]): string {
  const file = join(labFolder(), `${LAB}.yaml`);
  const lines = [
    `name: ${LAB}`,
    "internet: bundled",
    "providers:",
    "  - name: alpha",
    "    prefix: 2001:db8:a::/48",
    "    subscriber: {veth: to-router}",
    "hosts:",
    ...hosts.map((host) => `  - ${host}`),
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

const HOSTS = [
  "{name: laptop, lan: {interface: nic-laptop}}",
  "{name: phone, lan: {macvlan: nic-shared}}",
  "{name: tablet, lan: {macvlan: nic-shared}}",
];

beforeAll(async () => {
  router = await newNetns("router");
  await sh(`for nic in nic-laptop nic-shared; do
      ip link add $nic type veth peer name lan-$nic
      ip link set lan-$nic netns ${router.name}
    done
    ip link set nic-shared up
    sysctl -qw net.ipv6.conf.nic-shared.accept_ra=0`);
  await router.run([
    "sh",
    "-c",
    `sysctl -qw net.ipv6.conf.all.forwarding=1
    ip link add lan0 type bridge
    for nic in nic-laptop nic-shared; do ip link set lan-$nic master lan0 up; done
    ip link set lan0 up
    ip addr add ${PREFIX}::1/64 dev lan0 nodad`,
  ]);
  await succeed(["up", writeDesk(HOSTS)]);
});

test("without a router on its link a host is told about, and up does not fail for it", async () => {
  const laptop = await hostOf("laptop");
  expect(laptop).toMatchObject({ ready: false, interface: "nic-laptop", lan: "nic-laptop" });
  expect(laptop.problems.map(({ code }) => code)).toEqual(["no-router"]);
  // The card is in the host, not in the machine.
  expect(await hostLink("nic-laptop")).toBeUndefined();
});

test("hosts on a card and on macvlans of one card take addresses of the router there, and know whose they are", async () => {
  const advertise = [
    "import socket,struct,time",
    "s=socket.socket(socket.AF_INET6,socket.SOCK_RAW,58)",
    "i=socket.if_nametoindex('lan0')",
    "s.setsockopt(41,socket.IPV6_MULTICAST_IF,i);s.setsockopt(41,socket.IPV6_MULTICAST_HOPS,255)",
    `p=struct.pack('!BBBBIII',3,4,64,0xc0,3600,1800,0)+socket.inet_pton(socket.AF_INET6,'${PREFIX}::')`,
    "while True:",
    "  s.sendto(struct.pack('!BBHBBHII',134,0,0,64,0,1800,0,0)+p,('ff02::1',0,0,i));time.sleep(1)",
  ].join("\n");
  await router.start(["python3", "-c", advertise]);
  await eventually(
    async () => {
      for (const name of ["laptop", "phone", "tablet"])
        expect(await hostOf(name)).toMatchObject({
          ready: true,
          addresses: [
            {
              address: expect.stringContaining(`${PREFIX}:`) as string,
              provider: "alpha",
              state: "preferred",
            },
          ],
        });
    },
    { timeoutMs: 30_000 },
  );
  // The machine itself keeps out, as it was told to.
  expect((await hostLink("nic-shared"))?.addr_info.map(({ scope }) => scope)).not.toContain("global");
  const ping = async (name: string): Promise<void> => {
    const result = await mhlab(["exec", name, "--", "ping", "-c", "1", "-W", "2", `${PREFIX}::1`]);
    expect(result).toMatchObject({ code: 0 });
  };
  for (const name of ["laptop", "phone", "tablet"]) await ping(name);
  // Two on one card hear each other, too.
  const tablet = (await hostOf("tablet")).addresses[0]?.address ?? "";
  const between = await mhlab(["exec", "phone", "--", "ping", "-c", "1", "-W", "2", tablet]);
  expect(between).toMatchObject({ code: 0 });
});

test("packets of a host on a card are captured by the name of its port", async () => {
  const file = join(labFolder(), "laptop.pcapng");
  await succeed(["capture", "laptop", "--duration", "3s", "-w", file]);
  const read = await inLabHost(["tcpdump", "-nr", file]);
  expect(read.stdout).toContain("router advertisement");
});

test("the card of a killed host is what it was, and its host takes it again", async () => {
  const id = (await containersOf(LAB))["laptop"] ?? "";
  const mac = await inLabHost([
    "ip",
    "netns",
    "exec",
    router.name,
    "ip",
    "-j",
    "link",
    "show",
    "lan-nic-laptop",
  ]);
  expect(mac.code).toBe(0);
  await succeed(["stop", "laptop"]);
  await eventually(async () => expect((await hostLink("nic-laptop"))?.ifalias ?? "").toBe(""));
  await succeed(["start", "laptop"]);
  await eventually(async () => expect(await hostOf("laptop")).toMatchObject({ ready: true }), {
    timeoutMs: 30_000,
  });
  await docker.getContainer(id).kill();
  // A pair of the test's dies with the namespace that it is in, where a real card would come home.
  await eventually(async () => expect((await hostOf("laptop")).ready).toBe(false));
});

test("a card that the machine uses is refused by up, and a card is not given to two of a lab", async () => {
  await sh(
    "ip link add nic-used type veth peer name nic-used-far; ip link set nic-used up; ip addr add 192.0.2.9/24 dev nic-used",
  );
  const used = await mhlab(["up", writeDesk([...HOSTS, "{name: pc, lan: {interface: nic-used}}"])]);
  expect(used.code).not.toBe(0);
  expect(used.stderr).toContain("nic-used is not taken from the host: the host has 192.0.2.9/24 on it");
  await sh("ip link del nic-used");
  const twice = await mhlab(["up", writeDesk([...HOSTS, "{name: pc, lan: {interface: nic-shared}}"])]);
  expect(twice.stderr).toContain("nic-shared");
  expect(twice.code).toBe(2);
  // Another lab finds it gone.
  const other = join(labFolder(), "other.yaml");
  writeFileSync(
    other,
    "name: other\ninternet: bundled\nproviders:\n  - {name: beta, prefix: 2001:db8:b::/48, subscriber: {veth: to-beta}}\nhosts:\n  - {name: pc, lan: {interface: nic-shared}}\n",
  );
  const second = await mhlab(["up", other]);
  expect(second.stderr).toContain("nic-shared");
  expect(second.code).not.toBe(0);
});
