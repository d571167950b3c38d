/** The far side's configuration, applied: a namespace plays the server, another the internet behind it. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dhcp6Client } from "./support/dhcp6.ts";
import {
  eventually,
  inLabHost,
  labState,
  mhlab,
  newNetns,
  run,
  useSandbox,
  type CommandResult,
  type TestNetns,
} from "./support/sandbox.ts";

useSandbox();

const PREFIX = "2001:db8:a::/48";
const OUTSIDE = "2001:db8:f00::/48";
/** The server's tunnel address, which the BNG probes; and an address of the internet behind the server. */
const TUNNEL = "2001:db8:0:a::1";
const INTERNET = "2001:db8:ee::1";
const CUSTOMER = "2001:db8:a:8000::10";
const LISTENER = "mhlab-51820";

const folder = mkdtempSync(join(tmpdir(), "mhlab-far-side-"));
const labFile = join(folder, "lab.yaml");
const script = join(folder, "far-side.sh");
let server: TestNetns;
let internet: TestNetns;
let customer: TestNetns;

beforeAll(async () => {
  [server, internet, customer] = await Promise.all([newNetns("server"), newNetns("net"), newNetns("cust")]);
  await layCables();
  const secret = (await run(["wg", "genkey"])).stdout;
  writeFileSync(join(folder, `${LISTENER}.key`), `${secret}\n`, { mode: 0o600 });
  const peer = (await run(["wg", "pubkey"], { input: secret })).stdout;
  writeFileSync(
    labFile,
    `name: far
providers:
  - name: alpha
    prefix: ${PREFIX}
    wireguard: {endpoint: 192.0.2.42:51820, peer: ${peer}, address: "2001:db8:0:a::2/64", probe: "${TUNNEL}", preshared-key: true, clamp-mss: true}
    subscriber: {veth: far-alpha}
`,
  );
  await configure("routed");
  await far("up");
  await bringUp(labFile);
  await connectCustomer();
});

afterAll(async () => {
  await mhlab(["down", "far", "--purge"]);
  await inLabHost(["ip", "link", "del", "far-uplink"], { check: false });
  rmSync(folder, { recursive: true, force: true });
});

/** lab host --192.0.2.0/24-- server --2001:db8:f::/64-- internet */
async function layCables(): Promise<void> {
  await inLabHost([
    "sh",
    "-ec",
    `ip link add far-uplink type veth peer name lab0 netns ${server.name}
    ip addr add 192.0.2.1/24 dev far-uplink; ip link set far-uplink up`,
  ]);
  await server.run([
    "sh",
    "-ec",
    `ip addr add 192.0.2.42/24 dev lab0; ip link set lab0 up
    ip link add up0 type veth peer name srv0 netns ${internet.name}
    ip addr add 2001:db8:f::2/64 dev up0 nodad; ip link set up0 up
    ip -6 route add default via 2001:db8:f::1`,
  ]);
  await internet.run([
    "sh",
    "-ec",
    `ip addr add 2001:db8:f::1/64 dev srv0 nodad; ip link set srv0 up
    ip addr add ${INTERNET}/128 dev lo`,
  ]);
}

async function bringUp(file: string): Promise<void> {
  const { code, stderr } = await mhlab(["up", file]);
  if (code !== 0) throw new Error(stderr);
}

async function peerConfig(...options: string[]): Promise<string> {
  const { code, stdout, stderr } = await mhlab(["peer-config", labFile, ...options]);
  if (code !== 0) throw new Error(stderr);
  copyFileSync(join(labState(), "labs/far/keys/alpha.psk"), join(folder, "alpha.psk"));
  return stdout;
}

async function configure(variant: string, ...options: string[]): Promise<void> {
  writeFileSync(script, await peerConfig("--format", "script", "--variant", variant, ...options));
}

/** Takes the server's present role back, whatever an earlier test left of it, and has the script of another variant. */
async function anew(variant: string, ...options: string[]): Promise<void> {
  await far("down");
  await server.run(["nft", "delete", "table", "inet", "filter"], { check: false });
  await server.run(["ip", "-6", "route", "del", PREFIX, "dev", "up0"], { check: false });
  await internet.run(["ip", "-6", "route", "flush", "root", PREFIX]);
  await configure(variant, ...options);
}

async function far(verb: "up" | "down", env: string[] = [], check = true): Promise<CommandResult> {
  return await server.run(["env", `KEYS=${folder}`, ...env, "sh", script, verb], { check });
}

/** A customer that asks by DHCPv6, and takes an address of what it gets. */
async function connectCustomer(): Promise<void> {
  await inLabHost(["ip", "link", "set", "far-alpha", "netns", customer.name, "name", "wan0"]);
  await customer.run(["sh", "-ec", "sysctl -qw net.ipv6.conf.wan0.dad_transmits=0; ip link set wan0 up"]);
  await eventually(async () => {
    const { stdout } = await customer.run(["ip", "-6", "addr", "show", "dev", "wan0", "scope", "link"]);
    expect(stdout).toContain("fe80::");
  });
  const send = await dhcp6Client(customer, "wan0");
  await eventually(async () => {
    const reply = await send({ message: "solicit", rapid: true, pd: [1] });
    expect(reply.pd[0]?.leases[0]?.value).toBe("2001:db8:a:8000::/56");
    await customer.run([
      "sh",
      "-ec",
      `ip addr replace ${CUSTOMER}/128 dev lo
      ip -6 route replace default via ${reply.from.replace(/%.*/, "")} dev wan0 src ${CUSTOMER}`,
    ]);
  });
}

const ping = async (from: TestNetns, to: string): Promise<boolean> =>
  (await from.run(["ping", "-6", "-c", "1", "-W", "1", to], { check: false })).code === 0;
const answers = (from: TestNetns, to: string): Promise<void> =>
  eventually(async () => expect(`${to} ${await ping(from, to)}`).toBe(`${to} true`), { timeoutMs: 40_000 });

const say = async (command: string): Promise<string> => (await server.run(["sh", "-c", command])).stdout;

/** What the script may leave nothing of. */
async function traces(): Promise<Record<string, string>> {
  return {
    links: await say("ip -o link show | grep -c mhlab- || true"),
    routes: await say("ip -6 route show | grep -v '^fe80' | sort"),
    rules: await say("nft list ruleset"),
    kernel: await say(
      "cd /proc/sys/net/ipv6/conf; cat all/forwarding up0/accept_ra lab0/accept_ra default/accept_ra up0/proxy_ndp",
    ),
  };
}

/** As a hoster does for `routed`. */
const routePrefix = (): Promise<CommandResult> =>
  internet.run(["ip", "-6", "route", "replace", PREFIX, "via", "2001:db8:f::2"]);

test("routed: customers reach the internet, the internet reaches them, and a second run changes nothing", async () => {
  await routePrefix();
  await answers(customer, INTERNET);
  expect(await ping(internet, CUSTOMER)).toBe(true);
  const before = await traces();
  const { stderr } = await far("up");
  expect(stderr).toBe("");
  expect(await traces()).toEqual(before);
  expect(await ping(customer, INTERNET)).toBe(true);
});

test("while the tunnel is away, its space is refused at once, not sent back", async () => {
  await routePrefix();
  await server.run(["ip", "link", "set", LISTENER, "down"]);
  const { stdout } = await internet.run(["ping", "-6", "-c", "1", "-W", "2", CUSTOMER], { check: false });
  expect(stdout).toMatch(/From 2001:db8:f::2 .*(No route|Destination unreachable)/);
  await far("up");
  await answers(customer, INTERNET);
});

test("TCP's segment size is clamped on request", async () => {
  const { stdout } = await mhlab(["exec", "alpha", "--", "nft", "list", "table", "ip6", "mhlab-clamp"]);
  expect(stdout).toContain("tcp option maxseg size set 1380");
});

test("a firewall that drops by default is opened, and closed again", async () => {
  await anew("routed");
  await routePrefix();
  await server.run(["nft", "-f", "-"], {
    input: `table inet filter {
      chain input { type filter hook input priority filter; policy drop; icmpv6 type { 133-136 } accept; ip6 saddr fe80::/10 accept; }
      chain forward { type filter hook forward priority filter; policy drop; }
    }`,
  });
  const before = await traces();
  await far("up");
  await answers(customer, INTERNET);
  expect((await traces())["rules"]).toContain(`comment "${LISTENER}"`);
  await far("down");
  expect(await traces()).toEqual(before);
  await server.run(["nft", "delete", "table", "inet", "filter"]);
});

/** Neighbour discovery for one address, where there is no ndppd that answers for a whole prefix. */
async function proxy(address: string): Promise<string[]> {
  const ndppd = await inLabHost(["sh", "-c", "command -v ndppd"], { check: false });
  return ndppd.code === 0 ? [] : [`PROXY=${address}`];
}

test("on-link: the server answers neighbour discovery for the customers", async () => {
  await anew("on-link");
  await internet.run(["ip", "-6", "route", "replace", PREFIX, "dev", "srv0"]);
  await server.run(["ip", "-6", "route", "replace", PREFIX, "dev", "up0", "metric", "256"]);
  const before = await traces();
  await far("up", await proxy(CUSTOMER));
  await answers(customer, INTERNET);
  expect(await ping(internet, CUSTOMER)).toBe(true);
  await far("down");
  expect(await traces()).toEqual(before);
  expect(await ping(internet, CUSTOMER)).toBe(false);
  await server.run(["ip", "-6", "route", "del", PREFIX, "dev", "up0"]);
});

test("nat66: the internet has no route to the customers, and answers them all the same", async () => {
  await anew("nat66");
  const before = await traces();
  await far("up");
  await answers(customer, INTERNET);
  expect(await ping(internet, CUSTOMER)).toBe(false);
  await far("down");
  expect(await traces()).toEqual(before);
});

test("nptv6: addresses are translated one by one, both ways", async () => {
  const seen = CUSTOMER.replace("db8:a:", "db8:f00:");
  await internet.run(["ip", "-6", "route", "replace", OUTSIDE, "dev", "srv0"]);
  await anew("nptv6", "--outside", OUTSIDE);
  await far("up", await proxy(seen));
  await answers(customer, INTERNET);
  expect(await ping(internet, seen)).toBe(true);
  expect(await ping(internet, "2001:db8:f::2")).toBe(true);
  await far("down");
});

test("wg-quick takes its file, and the lab runs over it", async () => {
  await anew("routed");
  await routePrefix();
  const file = join(folder, `${LISTENER}.conf`);
  const text = (await peerConfig("--format", "wg-quick")).replaceAll("/etc/wireguard", folder);
  writeFileSync(file, text, { mode: 0o600 });
  const before = await traces();
  const { stdout } = await server.run(["wg-quick", "strip", file]);
  expect(stdout).toContain("ListenPort = 51820");
  await server.run(["wg-quick", "up", file]);
  await answers(customer, INTERNET);
  expect(await ping(internet, CUSTOMER)).toBe(true);
  await server.run(["wg-quick", "down", file]);
  const { kernel: _, ...rest } = await traces();
  const { kernel: __, ...wanted } = before;
  expect(rest).toEqual(wanted);
});

test("a server with another key than the lab file says is told so, and nothing is made", async () => {
  const key = join(folder, `${LISTENER}.key`);
  const right = readFileSync(key, "utf8");
  await anew("routed");
  writeFileSync(key, `${(await run(["wg", "genkey"])).stdout}\n`, { mode: 0o600 });
  const { code, stderr } = await far("up", [], false);
  expect(code).toBe(1);
  expect(stderr).toMatch(/the public half of .* is .*, but the lab file says peer:/);
  expect((await traces())["links"]).toBe("0");
  writeFileSync(key, right, { mode: 0o600 });
});

/** The provider's present public key. */
async function present(): Promise<string> {
  const { stdout } = await mhlab(["keys", "show", labFile, "--json"]);
  const { keys } = JSON.parse(stdout) as { keys: { kind: string; publicKey: string }[] };
  return keys.find(({ kind }) => kind === "bng")?.publicKey ?? "";
}

test("a new key that the far side does not know is taken back", async () => {
  await anew("routed");
  await routePrefix();
  await far("up");
  await answers(customer, INTERNET);
  const before = await present();
  expect((await mhlab(["keys", "rotate", "alpha", "--prepare"])).code).toBe(0);
  const { code, stderr } = await mhlab(["keys", "rotate", "alpha", "--commit", "--timeout", "4"]);
  expect(stderr).toContain("MHLAB_KEYS_NO_HANDSHAKE");
  expect(code).toBe(1);
  expect(await present()).toBe(before);
  await answers(customer, INTERNET);
});

test("a new key that the far side was told takes over; the customer keeps its lease and route", async () => {
  const { stdout: tell, stderr } = await mhlab(["keys", "rotate", "alpha", "--prepare"]);
  const next = /key of alpha is (\S+)/.exec(stderr)?.[1] ?? "";
  const adapted = tell.replaceAll("/etc/wireguard", folder);
  await server.run(["sh"], { input: adapted });
  expect(await ping(customer, INTERNET)).toBe(true);
  const { code, stdout } = await mhlab(["keys", "rotate", "alpha", "--commit", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ lab: "far", provider: "alpha", after: next });
  await answers(customer, INTERNET);
  const peers = (await server.run(["wg", "show", LISTENER, "allowed-ips"])).stdout;
  expect(peers.trim().split("\n")).toHaveLength(1);
  expect(peers).toContain(next);
  const plan = await mhlab(["up", labFile, "--dry-run", "--json"]);
  expect(JSON.parse(plan.stdout)).toMatchObject({ steps: [] });
});

test("an IPv6 endpoint: a second lab's tunnel ends at the same server, at a port of its own", async () => {
  await inLabHost(["ip", "addr", "add", "2001:db8:42::1/64", "dev", "far-uplink", "nodad"]);
  await server.run(["ip", "addr", "add", "2001:db8:42::2/64", "dev", "lab0", "nodad"]);
  const secret = readFileSync(join(folder, `${LISTENER}.key`), "utf8");
  writeFileSync(join(folder, "mhlab-51821.key"), secret, { mode: 0o600 });
  const file = join(folder, "six.yaml");
  const first = readFileSync(labFile, "utf8");
  writeFileSync(
    file,
    first
      .replace("name: far\n", "name: far-six\n")
      .replace("192.0.2.42:51820", '"[2001:db8:42::2]:51821"')
      .replace(PREFIX, "2001:db8:b::/48")
      .replaceAll("2001:db8:0:a:", "2001:db8:0:b:")
      .replace(", preshared-key: true", "")
      .replace("far-alpha", "far-six"),
  );
  const { stdout: text } = await mhlab(["peer-config", file, "--format", "script"]);
  expect(text).toContain("mhlab-51821 51821 1420 ");
  await server.run(["env", `KEYS=${folder}`, "sh", "-s", "up"], { input: text });
  await bringUp(file);
  await eventually(async () => {
    const { stdout } = await mhlab(["status", "far-six", "--json"]);
    const { providers } = JSON.parse(stdout) as { providers: { uplink: unknown }[] };
    expect(providers[0]?.uplink).toMatchObject({ state: "up", endpoint: "[2001:db8:42::2]:51821" });
  });
  await mhlab(["down", "far-six", "--purge"]);
  await server.run(["sh", "-s", "down"], { input: text });
  expect(await say("cat /proc/sys/net/ipv6/conf/all/forwarding")).toBe("1");
});

test("with the bundled internet, one command gives both sides the new key; they share a secret as well", async () => {
  const file = join(folder, "bundled.yaml");
  writeFileSync(
    file,
    `name: far-bundled
internet: bundled
providers:
  - name: gamma
    prefix: 2001:db8:c::/48
    wireguard: {preshared-key: true}
    subscriber: {veth: far-gamma}
`,
  );
  await bringUp(file);
  await inLabHost(["ip", "link", "set", "far-gamma", "up"]);
  const shared = await mhlab([
    "exec",
    "gamma",
    "--",
    "sh",
    "-c",
    "wg show wg-gamma preshared-keys | grep -c none",
  ]);
  expect(shared.stdout.trim()).toBe("0");
  const { code, stdout } = await mhlab(["keys", "rotate", "gamma", "--json"]);
  expect(code).toBe(0);
  const { before, after } = JSON.parse(stdout) as { before: string; after: string };
  expect(before).not.toBe(after);
  const status = JSON.parse((await mhlab(["status", "far-bundled", "--json"])).stdout) as {
    providers: { uplink: { state: string; publicKey: string } }[];
  };
  expect(status.providers[0]?.uplink).toMatchObject({ state: "up", publicKey: after });
  await mhlab(["down", "far-bundled", "--purge"]);
});
