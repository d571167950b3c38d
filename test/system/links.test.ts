import { join } from "node:path";
import { tmpdir } from "node:os";
import { mkdtempSync, writeFileSync } from "node:fs";
/** Every way that a CPE can be attached, on the kernel's own links; what this kernel lacks (802.1Q) is in test/vm. */
import { expect, test } from "vitest";
import { LEAST_PRIVILEGE } from "./support/bng.ts";
import { dhcp6Client } from "./support/dhcp6.ts";
import { hostLink, sh, type HostLink } from "./support/host-link.ts";
import { docker, eventually, inLabHost, newNetns } from "./support/sandbox.ts";
import { FIRST, cpeWithWire, prefixesOf, prepareWan, seven, start, stop, useBng } from "./bng/fixture.ts";

useBng();

test("an interface comes home with its name, MTU, state, addresses and alias when the container stops", async () => {
  await cpeWithWire("nic-home");
  await sh(`ip link set nic-home mtu 1400 alias 'port 7' up
    ip addr add 192.0.2.7/24 dev nic-home; ip addr add 2001:db8:77::7/64 dev nic-home nodad
    ip route add 198.51.100.0/24 via 192.0.2.1 dev nic-home`);
  const bng = await start(LEAST_PRIVILEGE, seven(""), {
    "subscriber.interface": "nic-home",
    "subscriber.force": "true",
  });
  await bng.until("ready", (status) => status.ready);
  expect(await hostLink("nic-home")).toBeUndefined();
  const inside = JSON.parse(await bng.exec(["ip", "-j", "addr", "show", "dev", "nic-home"])) as HostLink[];
  expect(inside[0]?.addr_info.map(({ local }) => local)).not.toContain("192.0.2.7");
  await docker.getContainer(bng.name).stop({ t: 3 });
  const home = await hostLink("nic-home");
  expect(home).toMatchObject({ mtu: 1400, ifalias: "port 7" });
  expect(home?.flags).toContain("UP");
  const addresses = home?.addr_info.filter(({ scope }) => scope === "global").map(({ local }) => local);
  expect(addresses).toEqual(["192.0.2.7", "2001:db8:77::7"]);
  expect((await inLabHost(["ip", "route", "show", "dev", "nic-home"])).stdout).toContain(
    "198.51.100.0/24 via 192.0.2.1",
  );
  await stop(bng);
  await sh("ip link del nic-home");
});

test("an interface that a killed BNG left bare is taken again without force, and comes home as it first was", async () => {
  await cpeWithWire("nic-left");
  // What the kernel does with a physical one when its namespace dies: home, down, bare; a veth would be gone.
  await sh(
    "ip link set nic-left alias 'mhlab:nic:hand;mtu=1450;up=1;addr=192.0.2.9/24;alias=blue' mtu 1300 down",
  );
  await sh("ip addr add 203.0.113.9/24 dev nic-left");
  const bng = await start(LEAST_PRIVILEGE, seven("nic-left"));
  await bng.until("ready", (status) => status.ready);
  await docker.getContainer(bng.name).stop({ t: 3 });
  const home = await hostLink("nic-left");
  expect(home).toMatchObject({ mtu: 1450, ifalias: "blue" });
  expect(home?.flags).toContain("UP");
  expect(home?.addr_info.map(({ local }) => local)).toContain("192.0.2.9");
  expect(home?.addr_info.map(({ local }) => local)).not.toContain("203.0.113.9");
  await stop(bng);
  await sh("ip link del nic-left");
});

test("a keeper by hand makes an interface what it was, from the alias alone", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "mhlab-keeper-")), "keeper.yaml");
  writeFileSync(file, "lent: [isp1/nic-absent/claim, isp2/nic-kept/claim]\n");
  const keeper = await docker.createContainer({
    Image: "mhlab-test/bng",
    Cmd: ["keeper"],
    HostConfig: {
      NetworkMode: "none",
      Binds: ["/proc/1/ns/net:/var/run/netns/host", `${file}:/etc/mhlab/keeper.yaml:ro`],
      CapDrop: ["ALL"],
      CapAdd: ["NET_ADMIN", "SYS_ADMIN"],
    },
  });
  try {
    await keeper.start();
    await cpeWithWire("nic-kept");
    await sh("ip link set nic-kept alias 'mhlab:nic:isp2;mtu=1450;up=1;addr=192.0.2.9/24;alias=blue'");
    await eventually(async () => {
      const home = await hostLink("nic-kept");
      expect(home).toMatchObject({ mtu: 1450, ifalias: "blue" });
      expect(home?.flags).toContain("UP");
      expect(home?.addr_info.map(({ local }) => local)).toContain("192.0.2.9");
    });
  } finally {
    await keeper.remove({ force: true });
    await sh("ip link del nic-kept");
  }
});

test("an interface that the host needs is refused, for each reason and in words", async () => {
  await cpeWithWire("nic-needed");
  await sh(`ip link set nic-needed up; ip addr add 192.0.2.5/24 dev nic-needed
    ip route add default via 192.0.2.1 dev nic-needed`);
  const bng = await start(LEAST_PRIVILEGE, seven("nic-needed"));
  const refused = await bng.until("it is refused", ({ problems }) =>
    problems.some(({ code }) => code === "nic-refused"),
  );
  expect(refused.subscriber.present).toBe(false);
  expect(refused.problems.find(({ code }) => code === "nic-refused")?.message).toBe(
    "nic-needed is not taken from the host: it carries the host's default route, and the host has 192.0.2.5/24 on it; --force takes it anyway",
  );
  expect(await hostLink("nic-needed")).toMatchObject({ ifname: "nic-needed" });
  // As soon as the host has no use for it, it is taken.
  await sh("ip addr flush dev nic-needed");
  await bng.until("it is taken", (status) => status.subscriber.present && status.ready);
  await stop(bng);
});

test("an interface that vanishes and comes back is claimed again, and serves again", async () => {
  const cpe = await cpeWithWire("nic-usb");
  const bng = await start(LEAST_PRIVILEGE, seven("nic-usb"));
  const before = await bng.until("ready", (status) => status.ready);
  await cpe.run(["ip", "link", "del", "wan0"]);
  await bng.until(
    "it is missed",
    ({ subscriber, problems }) =>
      !subscriber.present && problems.some(({ code }) => code === "no-subscriber"),
  );
  await inLabHost([
    "ip",
    "link",
    "add",
    "nic-usb",
    "type",
    "veth",
    "peer",
    "name",
    "wan0",
    "netns",
    cpe.name,
  ]);
  await prepareWan(cpe);
  const after = await bng.until(
    "it is back",
    ({ subscriber, ready }) => ready && subscriber.present && subscriber.carrier,
  );
  expect(after.subscriber.mac).not.toBe(before.subscriber.mac);
  const send = await dhcp6Client(cpe, "wan0");
  expect(prefixesOf(await send({ message: "solicit", rapid: true, pd: [1], retransmitMs: 300 }))).toEqual([
    FIRST,
  ]);
  await stop(bng);
});

test("who is heard on the link is told apart: a stranger, a host that solicits, a CPE that asks for a prefix", async () => {
  const cpe = await cpeWithWire("nic-heard");
  const bng = await start(LEAST_PRIVILEGE, seven("nic-heard"));
  await bng.until("ready", (status) => status.ready);
  await cpe.run(["sh", "-c", "ip link set wan0 down; ip link set wan0 address 52:54:00:12:34:56 up"]);
  const solicited = await bng.until("the router solicitation is heard", ({ subscriber }) =>
    subscriber.neighbours.some(
      ({ mac, sent }) => mac === "52:54:00:12:34:56" && sent.includes("router-solicitation"),
    ),
  );
  expect(solicited.subscriber.neighbours.find(({ mac }) => mac === "52:54:00:12:34:56")).toMatchObject({
    administered: "local",
    linkLocal: "fe80::5054:ff:fe12:3456",
    sent: ["router-solicitation"],
  });
  const send = await dhcp6Client(cpe, "wan0");
  await send({ message: "solicit", pd: [1] });
  await bng.until("DHCPv6 is heard", ({ subscriber }) =>
    subscriber.neighbours.some(({ sent }) => sent.includes("dhcpv6")),
  );
  // A device that speaks no IPv6 at all, which source validation drops.
  await cpe.run([
    "sh",
    "-c",
    "sysctl -qw net.ipv6.conf.wan0.disable_ipv6=1; ip link set wan0 address 00:1b:63:84:45:e6; ip addr add 192.0.2.1/24 dev wan0; ping -c1 -W1 192.0.2.2 || true",
  ]);
  const { subscriber } = await bng.until("ARP is heard", (status) =>
    status.subscriber.neighbours.some(({ mac }) => mac === "00:1b:63:84:45:e6"),
  );
  expect(subscriber.neighbours.find(({ mac }) => mac === "00:1b:63:84:45:e6")).toMatchObject({
    administered: "universal",
  });
  await stop(bng);
});

test("a bridge of the host: served through it, plugged in again when it is made anew, and told when its frames are dropped", async () => {
  await sh("ip link add br-hand type bridge && ip link set br-hand up");
  const cpe = await newNetns("cpe");
  const plug = `ip link set hand-port master br-hand up`;
  await sh(`ip link add hand-port type veth peer name wan0 netns ${cpe.name} && ${plug}`);
  await prepareWan(cpe);
  const bng = await start(LEAST_PRIVILEGE, seven(""), { "subscriber.bridge": "br-hand" });
  await bng.until("ready", (status) => status.ready && status.subscriber.carrier);
  const send = await dhcp6Client(cpe, "wan0");
  expect(prefixesOf(await send({ message: "solicit", rapid: true, pd: [1] }))).toEqual([FIRST]);

  await sh(`ip link del br-hand`);
  await bng.until("the bridge is missed", ({ problems }) =>
    problems.some(({ code }) => code === "no-bridge"),
  );
  await sh(`ip link add br-hand type bridge && ip link set br-hand up && ${plug}`);
  await bng.until("nothing is wrong", ({ problems }) => problems.length === 0);
  expect((await send({ message: "renew", pd: [1], retransmitMs: 500 })).message).toBe("reply");

  await stop(bng);
  await sh(
    "nft add table ip6 docker-like; nft add chain ip6 docker-like FORWARD '{ type filter hook forward priority 0; policy drop; }'",
  );
  const starved = await start(LEAST_PRIVILEGE, seven(""), { "subscriber.bridge": "br-hand" });
  const status = await starved.until("the filter is named", ({ problems }) =>
    problems.some(({ code }) => code === "bridge-filtered"),
  );
  expect(status.problems.find(({ code }) => code === "bridge-filtered")?.message).toContain(
    "(chain ip6 docker-like FORWARD): no router advertisement gets through; on the host: sudo sysctl -w net.bridge.bridge-nf-call-ip6tables=0",
  );
  await sh("nft delete table ip6 docker-like");
  await stop(starved);
  await sh("ip link del br-hand");
});

test("a macvlan on a shared interface, and its parent named while it is down", async () => {
  const cpe = await newNetns("cpe");
  await sh(`ip link add trunk type veth peer name wan0 netns ${cpe.name}`);
  await prepareWan(cpe);
  const bng = await start(LEAST_PRIVILEGE, seven(""), { "subscriber.macvlan": "trunk" });
  const waiting = await bng.until("the parent is named", ({ problems }) =>
    problems.some(({ code }) => code === "parent-down"),
  );
  expect(waiting.problems.find(({ code }) => code === "parent-down")?.message).toBe(
    "trunk is down on the host; there: sudo ip link set trunk up",
  );
  await sh("ip link set trunk up");
  await bng.until(
    "ready",
    (status) => status.ready && status.subscriber.carrier && status.problems.length === 0,
  );
  const send = await dhcp6Client(cpe, "wan0");
  expect(prefixesOf(await send({ message: "solicit", rapid: true, pd: [1] }))).toEqual([FIRST]);
  await stop(bng);
  expect(await hostLink("trunk")).toBeDefined();
  await sh("ip link del trunk");
});

test("two providers on one LAN: a plain host gets both prefixes and two default routers, and the lab host gets none", async () => {
  const alpha = seven("");
  const street = { "subscriber.lan": "street" };
  const beta = { ...alpha, WIREGUARD_INTERFACE_SUFFIX: "hand2", ASSIGNED_PREFIX: "2001:db8:b::" };
  // Both at once: they race for the bridge.
  const providers = await Promise.all([
    start(LEAST_PRIVILEGE, alpha, street),
    start(LEAST_PRIVILEGE, beta, street),
  ]);
  const statuses = await Promise.all(
    providers.map((bng) =>
      bng.until(
        "its RA is out",
        ({ subscriber, problems }) =>
          subscriber.carrier && !problems.some(({ code }) => code === "no-ra" || code === "dhcpv6-silent"),
      ),
    ),
  );
  expect(new Set(statuses.map(({ linkLocal }) => linkLocal)).size).toBe(2);
  expect(await hostLink("mh-street")).toMatchObject({ ifalias: "mhlab:lan:by-hand" });

  const host = await newNetns("host");
  await sh(
    `ip link add street-host type veth peer name eth0 netns ${host.name}; ip link set street-host master mh-street up`,
  );
  await host.run(["sh", "-c", "sysctl -qw net.ipv6.conf.eth0.dad_transmits=0; ip link set eth0 up"]);
  await eventually(async () => {
    const routes = (await host.run(["ip", "-6", "route", "show", "default"])).stdout;
    for (const { linkLocal } of statuses) expect(routes).toContain(`via ${linkLocal}`);
    const { stdout } = await host.run(["ip", "-6", "-br", "addr", "show", "dev", "eth0", "scope", "global"]);
    expect(stdout).toContain("2001:db8:a:0:");
    expect(stdout).toContain("2001:db8:b:0:");
  });
  expect((await inLabHost(["ip", "-6", "route", "show", "default"])).stdout).toBe("");
  expect((await hostLink("mh-street"))?.addr_info.filter(({ scope }) => scope === "global")).toEqual([]);

  const [one, other] = providers;
  await docker.getContainer(one.name).stop({ t: 3 });
  expect(await hostLink("mh-street")).toBeDefined();
  await sh("ip link del street-host");
  await docker.getContainer(other.name).stop({ t: 3 });
  expect(await hostLink("mh-street")).toBeUndefined();
  expect((await inLabHost(["nft", "list", "tables"])).stdout).not.toContain("mh-street");
  await Promise.all([stop(one), stop(other)]);
});
