/** What becomes of a lent interface when its BNG is killed: a keeper makes it what it was, and steps aside for a BNG. */
import { beforeAll, expect, test } from "vitest";
import { Label } from "../../../src/core/model/names.ts";
import { inContainer, hostLink, sh, type HostLink } from "../support/host-link.ts";
import { docker, eventually, inLabHost, mhlab, newNetns } from "../support/sandbox.ts";
import { containersOf, statusOf, succeed, useLabs, writeLab } from "./fixture.ts";

useLabs();

const NIC = "lent0";
const ALIAS = "port 7 of the switch";
/** More than an alias holds. */
const ADDRESSES = Array.from({ length: 16 }, (_, index) => `2001:db8:77:1234:5678:9abc:def0:${index + 1}`);
const ROUTE = "198.51.100.0/24 via 192.0.2.1";

const file = (lab: string, subscriber = `{interface: ${NIC}, force: true}`): string =>
  writeLab(lab, [{ name: "alpha", number: "a", subscriber }]);

beforeAll(async () => {
  const cpe = await newNetns("cpe");
  await cpe.run(["ip", "link", "set", "lo", "up"]);
  await inLabHost(["ip", "link", "add", NIC, "type", "veth", "peer", "name", "wan0", "netns", cpe.name]);
  await cpe.run(["ip", "link", "set", "wan0", "up"]);
  await sh(`ip link set ${NIC} mtu 1400 alias '${ALIAS}' up
    ip addr add 192.0.2.7/24 dev ${NIC}
    ${ADDRESSES.map((address) => `ip addr add ${address}/64 dev ${NIC} nodad`).join("\n")}
    ip route add ${ROUTE} dev ${NIC}`);
});

async function isAsBefore(): Promise<void> {
  const link = await hostLink(NIC);
  expect(link).toMatchObject({ mtu: 1400, ifalias: ALIAS });
  expect(link?.flags).toContain("UP");
  const addresses = link?.addr_info.filter(({ scope }) => scope === "global").map(({ local }) => local);
  expect(addresses?.sort()).toEqual([...ADDRESSES, "192.0.2.7"].sort());
  expect((await inLabHost(["ip", "route", "show", "dev", NIC])).stdout).toContain(ROUTE);
}

/** Ends a BNG, and brings its interface home as the kernel does with a physical one: a veth would die with the namespace. */
async function endLikeKernel(container: string, end: () => Promise<unknown>): Promise<void> {
  const { State } = await docker.getContainer(container).inspect();
  await inLabHost(["ip", "netns", "attach", "held", String(State.Pid)]);
  await end();
  await inLabHost(["nsenter", "--net=/run/netns/held", "ip", "link", "set", "dev", NIC, "netns", "1"]);
  await inLabHost(["ip", "netns", "del", "held"]);
}

const keeperLog = async (lab: string): Promise<string> =>
  (await mhlab(["logs", "keeper", "--lab", lab])).stdout;

async function volumes(lab: string): Promise<number> {
  const filters = { label: [`${Label.lab}=${lab}`] };
  return ((await docker.listVolumes({ filters })).Volumes ?? []).length;
}

test("a dry run names the keeper and why, a second up changes nothing, and no view takes it for a node", async () => {
  const dry = await succeed(["up", file("kept"), "--dry-run"]);
  expect(dry.stdout).toMatch(/keeper +new/);
  await succeed(["up", file("kept")]);
  expect(Object.keys(await containersOf("kept")).sort()).toEqual(["alpha", "internet", "keeper"]);
  expect(await hostLink(NIC)).toBeUndefined();
  const again = await succeed(["up", file("kept"), "--dry-run", "--json"]);
  expect(JSON.parse(again.stdout)).toMatchObject({ steps: [] });
  const status = await statusOf("kept");
  expect(status).toMatchObject({ providers: [{ name: "alpha" }], cpes: [], internet: { name: "internet" } });
  expect(JSON.stringify(status)).not.toContain("keeper");
});

test("docker kill: the interface is what it was, with state, all addresses, routes and alias; up takes it again", async () => {
  await endLikeKernel("mhlab-kept-alpha", () => docker.getContainer("mhlab-kept-alpha").kill());
  const bare = (await hostLink(NIC)) as HostLink;
  expect(bare.flags).not.toContain("UP");
  expect(bare.ifalias).toContain("mhlab:nic:alpha;mtu=1400;up=1");
  await eventually(isAsBefore, { timeoutMs: 6000 });
  expect(await keeperLog("kept")).toContain(`${NIC} was left by alpha; it is what it was`);
  await succeed(["up", file("kept")]);
  expect(await hostLink(NIC)).toBeUndefined();
});

test("a BNG that crashes takes the interface again; what bears such a mark and was not lent here is left alone", async () => {
  await sh(
    "ip link add other0 type veth peer name other1; ip link set other0 alias 'mhlab:nic:alpha;mtu=1300;up=1'",
  );
  const { State } = await docker.getContainer("mhlab-kept-alpha").inspect();
  await endLikeKernel("mhlab-kept-alpha", () => inLabHost(["kill", "-9", String(State.Pid)]));
  await eventually(async () => {
    expect(await hostLink(NIC)).toBeUndefined();
    expect(await statusOf("kept")).toMatchObject({ providers: [{ subscriber: { present: true } }] });
  });
  expect(await hostLink("other0")).toMatchObject({ ifalias: "mhlab:nic:alpha;mtu=1300;up=1", mtu: 1500 });
  await sh("ip link del other0");
});

test("a record that a keeper cleared while the BNG took the interface is written again", async () => {
  const inside = (words: string): Promise<string> => inContainer("mhlab-kept-alpha", ["sh", "-c", words]);
  await inside(`ip link set dev ${NIC} alias 'port 7'; rm /run/mhlab-operators/alpha.nic.json`);
  await eventually(async () => {
    expect(await inside(`ip link show dev ${NIC}`)).toContain("alias mhlab:nic:alpha;mtu=1400;up=1");
    expect(await inside("cat /run/mhlab-operators/alpha.nic.json")).toContain("198.51.100.0/24");
  });
});

test("docker rm -f and a down right after it: all is as it was, and nothing is left", async () => {
  const remove = (): Promise<unknown> => docker.getContainer("mhlab-kept-alpha").remove({ force: true });
  await endLikeKernel("mhlab-kept-alpha", remove);
  await succeed(["down", "--name", "kept"]);
  await isAsBefore();
  expect(await containersOf("kept")).toEqual({});
  expect(await volumes("kept")).toBe(0);
});

test("a keeper that is dead: down still restores what fits the alias, of a BNG that was removed too", async () => {
  await succeed(["up", file("dead")]);
  await docker.getContainer("mhlab-dead-keeper").kill();
  const remove = (): Promise<unknown> => docker.getContainer("mhlab-dead-alpha").remove({ force: true });
  await endLikeKernel("mhlab-dead-alpha", remove);
  await succeed(["down", "--name", "dead"]);
  const home = await hostLink(NIC);
  expect(home).toMatchObject({ mtu: 1400 });
  expect(home?.flags).toContain("UP");
  const locals = home?.addr_info.map(({ local }) => local) ?? [];
  expect(locals).toContain("192.0.2.7");
  expect(ADDRESSES.filter((address) => locals.includes(address)).length).toBeGreaterThan(2);
});

test("a provider that gives its interface up gives up the keeper, and the interface is at home", async () => {
  await succeed(["up", file("away")]);
  expect(await containersOf("away")).toHaveProperty("keeper");
  const edited = file("away", "{veth: away-sub}");
  const dry = await succeed(["up", edited, "--dry-run"]);
  expect(dry.stdout).toMatch(/remove +keeper +not in the lab file any more/);
  await succeed(["up", edited]);
  expect(Object.keys(await containersOf("away")).sort()).toEqual(["alpha", "internet"]);
  expect(await hostLink(NIC)).toMatchObject({ mtu: 1400 });
  await succeed(["down", "--name", "away"]);
  expect(await volumes("away")).toBe(0);
  await sh(`ip link del ${NIC}`);
});
