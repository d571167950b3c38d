import { existsSync } from "node:fs";

import { log } from "../log.ts";
import { CommandError, inBirth, run } from "../programs/command.ts";
import type { KeptProgram } from "../programs/kept-program.ts";
import { isPresent } from "./glance.ts";
import { deleteLink, temporaryName } from "./link.ts";
import { createUserspace } from "./userspace-device.ts";
import { uapiSocket } from "./uapi.ts";
import { readUserspace, syncUserspace } from "./userspace.ts";
import type { WireguardPeerState, WireguardSettings, WireguardState } from "./wireguard-model.ts";
import { parseKey } from "../../core/model/values/parse.ts";

/** Known after the first try: twenty tunnels need not ask twenty times. */
let kernelHasNone = false;

export type Backend = "kernel" | "userspace";

/** A WireGuard device whose UDP socket lives in the birth namespace. */
export interface WireguardDevice {
  readonly interface: string;
  readonly backend: Backend;
  /** The process behind a userspace device; its end is the device's end. */
  readonly process: KeptProgram | undefined;
}

/**
 * Creates a WireGuard device in the birth namespace and delivers it here under its name, down and without peers.
 * Kernel where there is one, wireguard-go otherwise; throws when neither works. An earlier device of that name is replaced.
 * `farIsHere` tells that the far side is on this machine.
 */
export async function createWireguard(
  name: string,
  { farIsHere }: { farIsHere: boolean },
): Promise<WireguardDevice> {
  await deleteLink(name);
  const temporary = temporaryName();
  const make = async (): Promise<WireguardDevice> => {
    const process = await createUserspace(name, temporary, farIsHere);
    return { interface: name, backend: "userspace", process };
  };
  if (kernelHasNone) return await make();
  try {
    await run(inBirth(["ip", "link", "add", temporary, "netns", String(process.pid), "type", "wireguard"]));
    await run(["ip", "link", "set", "dev", temporary, "name", name]);
    return { interface: name, backend: "kernel", process: undefined };
  } catch (error) {
    if (!(error instanceof CommandError) || !/unknown device type|not supported/i.test(error.stderr))
      throw error;
  }
  kernelHasNone = true;
  return await make();
}

/** Makes the device's configuration equal to the settings without breaking sessions of peers that stay. Keys go by standard input or a socket. */
export async function syncWireguard(name: string, settings: WireguardSettings): Promise<void> {
  requireKeys(name, settings);
  if (existsSync(uapiSocket(name))) return await syncUserspace(name, settings);
  const lines = ["[Interface]", `PrivateKey = ${settings.privateKey}`];
  if (settings.listenPort !== undefined) lines.push(`ListenPort = ${settings.listenPort}`);
  for (const peer of settings.peers) {
    lines.push("[Peer]", `PublicKey = ${peer.publicKey}`, `AllowedIPs = ${peer.allowedIps.join(", ")}`);
    if (peer.presharedKey !== undefined) lines.push(`PresharedKey = ${peer.presharedKey}`);
    if (peer.endpoint !== undefined) lines.push(`Endpoint = ${peer.endpoint}`);
    if (peer.keepaliveS !== undefined) lines.push(`PersistentKeepalive = ${peer.keepaliveS}`);
  }
  await loadConfiguration(name, lines);
}

/** A key that is none must not reach wg(8), whose complaint holds all of it. */
function requireKeys(name: string, { privateKey, peers }: WireguardSettings): void {
  const wrong = (what: string): Error =>
    new Error(`${name}: its ${what} key is no WireGuard key (it is not shown)`);
  if (parseKey(privateKey) === undefined) throw wrong("private");
  if (peers.some(({ presharedKey }) => presharedKey !== undefined && parseKey(presharedKey) === undefined))
    throw wrong("pre-shared");
}

/** What the device says of itself and its peers; undefined when it is not there. Holds no secret. */
export async function readWireguard(name: string): Promise<WireguardState | undefined> {
  if (existsSync(uapiSocket(name))) return await readUserspace(name);
  if (!isPresent(name)) return undefined;
  let text: string;
  try {
    text = await run(["wg", "show", name, "dump"]);
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
  const [first = "", ...rest] = text.trimEnd().split("\n");
  const [, publicKey = "", listenPort = "0"] = first.split("\t");
  return {
    publicKey: () => Promise.resolve(publicKey),
    listenPort: Number(listenPort),
    peers: rest.map((line) => parsePeer(line.split("\t"))),
  };
}

/** The first peer of every device, by the device's name. */
export async function readFirstPeers(): Promise<Map<string, WireguardPeerState>> {
  // wg says what it can and fails for a device whose process just died.
  return parseFirstPeers(await run(["sh", "-c", "wg show all dump 2>/dev/null || true"]));
}

/** Reads `wg show all dump`, whose lines of five fields hold a private key and are skipped. */
export function parseFirstPeers(dump: string): Map<string, WireguardPeerState> {
  const found = new Map<string, WireguardPeerState>();
  for (const line of dump.split("\n")) {
    const [name = "", ...fields] = line.split("\t");
    if (fields.length >= 8 && !found.has(name)) found.set(name, parsePeer(fields));
  }
  return found;
}

function parsePeer(fields: readonly string[]): WireguardPeerState {
  const [publicKey = "", , endpoint = "", , handshake = "0", rx = "0", tx = "0"] = fields;
  return {
    publicKey,
    endpoint: endpoint === "(none)" ? undefined : endpoint,
    handshakeAt: Number(handshake) || undefined,
    rxBytes: Number(rx),
    txBytes: Number(tx),
  };
}

/** Removes and adds a peer so that a new handshake starts at once instead of after WireGuard's 5 s retry. */
export async function restartHandshake(name: string, settings: WireguardSettings): Promise<void> {
  log("info", `${name}: no handshake yet, trying again`);
  await syncWireguard(name, { privateKey: settings.privateKey, peers: [] });
  await syncWireguard(name, settings);
}

/** Node's pipes are sockets, which `wg` cannot open as a file: `cat` makes a real pipe of them. */
async function loadConfiguration(name: string, lines: readonly string[]): Promise<void> {
  const argv = ["sh", "-c", 'cat | wg syncconf "$1" /dev/stdin', "sh", name];
  await run(argv, { input: `${lines.join("\n")}\n` });
}
