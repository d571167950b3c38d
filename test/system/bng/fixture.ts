import { randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { documentText, mergeSettings, type Settings } from "../../../src/core/model/document.ts";
import { PROVIDER_FILE } from "../../../src/core/model/names.ts";
import { buildByHand, farSide, LEAST_PRIVILEGE, runBng, type FarSide, type HandBng } from "../support/bng.ts";
import { dhcp6Client, type Reply, type Request } from "../support/dhcp6.ts";
import { eventually, inLabHost, newNetns, useSandbox, type TestNetns } from "../support/sandbox.ts";

const PREFIX = "2001:db8:a::/48";
/** The first two delegations of its pool. */
export const FIRST = "2001:db8:a:8000::/56";
export const SECOND = "2001:db8:a:8100::/56";

let image: string;
export let far: FarSide;
const running: HandBng[] = [];
/** The file of each document. */
const documents = new Map<HandBng, string>();
/** A link that the BNG makes, and what it measures. */
const LINK = { "subscriber.veth": "hand-veth", "wireguard.probe": "2001:db8::1" };
const bridges: string[] = [];

/** Call once at the top of a test file: builds the image by hand, sets up a far side, removes what was started. */
export function useBng(): void {
  useSandbox();
  beforeAll(async () => {
    image = await buildByHand("bng");
    far = await farSide(PREFIX);
  });
  afterAll(async () => {
    await Promise.all(running.map((bng) => bng.remove()));
    for (const bridge of bridges) await inLabHost(["ip", "link", "del", bridge]);
  });
}

/** The seven variables of the original description, and no other. */
export const seven = (subscriberInterface: string): Record<string, string> => ({
  WIREGUARD_INTERFACE_SUFFIX: "hand",
  WIREGUARD_PRIVATE_KEY: far.bngPrivateKey,
  WIREGUARD_PEER: far.publicKey,
  WIREGUARD_ADDRESS: "2001:db8:0:a::2/64",
  WIREGUARD_ENDPOINT: far.endpoint,
  ASSIGNED_PREFIX: "2001:db8:a::",
  SUBSCRIBER_INTERFACE: subscriberInterface,
});

/** Starts a BNG by hand; `settings`, by their places, are a document that is mounted into it. */
export async function start(
  options: readonly string[],
  environment: Record<string, string>,
  settings: Settings = {},
): Promise<HandBng> {
  const file = join(mkdtempSync(join(tmpdir(), "mhlab-document-")), "provider.yaml");
  writeFileSync(file, documentText(mergeSettings({}, settings)));
  const mount = Object.keys(settings).length === 0 ? [] : ["-v", `${file}:${PROVIDER_FILE}`];
  const bng = await runBng(image, [...options, ...mount], environment);
  documents.set(bng, file);
  running.push(bng);
  return bng;
}

/** Puts another document into a BNG that makes its own link: these settings, and what it was started with to serve at all. */
export function put(bng: HandBng, settings: Settings): void {
  const text = documentText(mergeSettings({}, { ...LINK, ...settings }));
  writeFileSync(documents.get(bng) ?? "", text);
}

export async function stop(bng: HandBng): Promise<void> {
  running.splice(running.indexOf(bng), 1);
  await bng.remove();
}

/** A namespace with `wan0`, whose other end waits in the lab host under the given name. */
export async function cpeWithWire(wire: string): Promise<TestNetns> {
  const cpe = await newNetns("cpe");
  await inLabHost(["ip", "link", "add", wire, "type", "veth", "peer", "name", "wan0", "netns", cpe.name]);
  await prepareWan(cpe);
  return cpe;
}

export async function prepareWan(cpe: TestNetns): Promise<void> {
  await cpe.run([
    "sh",
    "-c",
    `sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.conf.wan0.accept_ra=2 net.ipv6.conf.wan0.dad_transmits=0
     ip link set wan0 up`,
  ]);
}

export const pdRoutes = async (bng: HandBng): Promise<string[]> => {
  const routes = JSON.parse(
    (await bng.exec(["ip", "-6", "-j", "route", "show", "proto", "201"])) || "[]",
  ) as { dst: string }[];
  return routes.map(({ dst }) => dst).sort();
};

export const routesBecome = (bng: HandBng, wanted: string[]): Promise<void> =>
  eventually(async () => expect(await pdRoutes(bng)).toEqual(wanted), { timeoutMs: 3000, everyMs: 50 });

export const prefixesOf = (reply: Reply): string[] =>
  reply.pd.flatMap(({ leases }) => leases.filter(({ valid }) => valid > 0).map(({ value }) => value)).sort();

/** A customer's namespace with `wan0`, and a DHCPv6 client on that. */
export interface Client {
  cpe: TestNetns;
  send: (request: Request) => Promise<Reply>;
}

/** A BNG that makes its own link, least-privileged unless told otherwise, with a client on it. */
export async function withClient(
  settings: Settings = {},
  options: readonly string[] = LEAST_PRIVILEGE,
): Promise<Client & { bng: HandBng }> {
  const bng = await startWithVeth(settings, options);
  const cpe = await newNetns("cpe");
  await inLabHost(["ip", "link", "set", "hand-veth", "netns", cpe.name, "name", "wan0"]);
  await prepareWan(cpe);
  return { bng, cpe, send: await dhcp6Client(cpe, "wan0") };
}

/** The same on a segment into which any number of clients can be plugged. */
export async function withSegment(
  settings: Settings = {},
): Promise<{ bng: HandBng; plugIn: (port: string, duid?: string) => Promise<Client> }> {
  const bng = await startWithVeth(settings, LEAST_PRIVILEGE);
  const segment = await newNetns("segment");
  await inLabHost(["ip", "link", "set", "hand-veth", "netns", segment.name]);
  await segment.run([
    "sh",
    "-c",
    "ip link add segment type bridge; ip link set segment up; ip link set hand-veth master segment up",
  ]);
  const plugIn = async (port: string, duid?: string): Promise<Client> => {
    const cpe = await newNetns("cpe");
    await segment.run(["ip", "link", "add", port, "type", "veth", "peer", "name", "wan0", "netns", cpe.name]);
    await segment.run(["ip", "link", "set", port, "master", "segment", "up"]);
    // As an access network is (TR-101): customers hear the BNG, and not each other.
    await segment.run(["bridge", "link", "set", "dev", port, "isolated", "on"]);
    await prepareWan(cpe);
    return { cpe, send: await dhcp6Client(cpe, "wan0", duid) };
  };
  return { bng, plugIn };
}

/** The same with two clients. */
export async function withTwoClients(
  settings: Settings = {},
): Promise<{ bng: HandBng; one: Client; other: Client }> {
  const { bng, plugIn } = await withSegment(settings);
  return { bng, one: await plugIn("port1"), other: await plugIn("port2", "00030001020000000043") };
}

/** The same on a bridge of the lab host, so that the BNG can be restarted: its link is made anew there. */
export async function withBridge(
  settings: Settings = {},
): Promise<{ bng: HandBng; one: Client; other: Client }> {
  const bridge = `seg${randomBytes(3).toString("hex")}`;
  bridges.push(bridge);
  // Or the lab host would take a default route from the BNG's advertisements, which outlives this test.
  const deaf = `sysctl -qw net.ipv6.conf.${bridge}.disable_ipv6=1`;
  await inLabHost(["sh", "-c", `ip link add ${bridge} type bridge; ${deaf}; ip link set ${bridge} up`]);
  const bng = await startWithLink({ "subscriber.bridge": bridge, ...settings }, LEAST_PRIVILEGE);
  const plugIn = async (duid?: string): Promise<Client> => {
    const port = `p${randomBytes(3).toString("hex")}`;
    const cpe = await cpeWithWire(port);
    await inLabHost(["ip", "link", "set", port, "master", bridge, "up"]);
    await inLabHost(["bridge", "link", "set", "dev", port, "isolated", "on"]);
    return { cpe, send: await dhcp6Client(cpe, "wan0", duid) };
  };
  return { bng, one: await plugIn(), other: await plugIn("00030001020000000043") };
}

const startWithVeth = (settings: Settings, options: readonly string[]): Promise<HandBng> =>
  startWithLink({ ...LINK, ...settings }, options);

async function startWithLink(settings: Settings, options: readonly string[]): Promise<HandBng> {
  const { SUBSCRIBER_INTERFACE: _, ...environment } = seven("");
  // What the settings say is not said by a variable, which counts more.
  if (settings["prefix"] !== undefined) environment["ASSIGNED_PREFIX"] = "";
  const bng = await start(options, environment, { "wireguard.probe": "2001:db8::1", ...settings });
  await bng.until("ready", (status) => status.ready);
  return bng;
}
