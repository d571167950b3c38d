import { reasonOf } from "../../core/model/errors.ts";
import { existsSync, readFileSync } from "node:fs";

import {
  INTERNET_ADDRESS,
  INTERNET_ADDRESS4,
  type InternetConfig,
} from "../../core/model/internet/config.ts";
import { parseInternetConfig } from "../../core/render/internet/parse.ts";
import { prefixesOf, withToldPrefixes } from "../../core/render/internet/told-prefixes.ts";
import { tunnelChanges, type DesiredTunnel, type TunnelChanges } from "../../core/render/internet/tunnels.ts";
import { INTERNET_CONFIG, KEY_FOLDER } from "../../core/model/names.ts";
import type { InternetPeerStatus, Problem } from "../../core/model/status/model.ts";
import { formatUtc } from "../../core/model/utc.ts";
import { run } from "../programs/command.ts";
import { runIp } from "../programs/ip.ts";
import { isUp } from "../net/glance.ts";
import { readFirstPeers, readWireguard } from "../net/wireguard.ts";
import type { WireguardPeerState } from "../net/wireguard-model.ts";
import { Loop } from "../supervise/loop.ts";
import { Endpoints } from "./endpoints.ts";
import { forEachParallel } from "./parallel.ts";
import { ToldPrefixes } from "./told-prefixes.ts";
import { Tunnel } from "./tunnel.ts";
import { withdrawAllNotices } from "./tunnel-notices.ts";

const CHECK_MS = 2000;
const BUILD_WIDTH = 4;

/** All tunnels of the internet and the address that it is known by: kept as the configuration file says. */
export class Backbone {
  /** As the CLI put it there. */
  #file: InternetConfig;
  #keys: readonly DesiredTunnel[];
  /** The same with what providers tell. */
  #config: InternetConfig;
  #desired: readonly DesiredTunnel[];
  readonly #told = new ToldPrefixes();
  #stopListening: (() => void) | undefined;
  #tunnels = new Map<string, Tunnel>();
  #up = new Set<string>();
  #caches: readonly string[] = [];
  #seen = new Map<string, WireguardPeerState>();
  #endpoints = new Endpoints();
  #loop: Loop;
  /** Called after each comparison with what should be. */
  onChange: () => void = () => {};

  /** Reads the configuration and keys; throws an Error that says what is wrong with them. */
  constructor() {
    this.#file = this.#config = readConfig();
    this.#keys = this.#desired = readTunnels(this.#config);
    this.#loop = new Loop("tunnels", CHECK_MS, async () => {
      try {
        await this.#tick();
      } finally {
        this.onChange();
      }
    });
  }

  get config(): InternetConfig {
    return this.#config;
  }

  get ready(): boolean {
    return this.#desired.every(({ peer }) => this.#isUp(peer.provider));
  }

  /** Gives the well-known addresses to lo, so that daemons can bind them. */
  async prepare(): Promise<void> {
    withdrawAllNotices();
    await runIp(["link set dev lo up", `addr replace ${INTERNET_ADDRESS}/128 dev lo nodad`]);
    await run(["ip", "-4", "addr", "replace", `${INTERNET_ADDRESS4}/32`, "dev", "lo"]);
  }

  start(): void {
    this.#stopListening = this.#told.listen(() => this.#loop.poke());
    this.#loop.start();
  }

  stop(): void {
    this.#stopListening?.();
    this.#loop.stop();
  }

  /** Reads the file again and asks for what differs; tunnels of which nothing changed are not touched. */
  resync(): TunnelChanges {
    const before = this.#desired;
    const file = readConfig();
    const tunnels = readTunnels(file);
    this.#file = file;
    this.#keys = tunnels;
    this.#hearProviders();
    this.#loop.poke();
    return tunnelChanges(before, this.#desired);
  }

  /** Takes the prefixes that providers tell. */
  #hearProviders(): void {
    const told = this.#told.read(this.#file.peers.map(({ provider }) => provider));
    this.#config = withToldPrefixes(this.#file, told);
    const peers = new Map(this.#config.peers.map((peer) => [peer.provider, peer]));
    this.#desired = this.#keys.map((tunnel) => ({
      ...tunnel,
      peer: peers.get(tunnel.peer.provider) ?? tunnel.peer,
    }));
  }

  peers(): InternetPeerStatus[] {
    return this.#desired.map(({ peer }) => {
      const tunnel = this.#tunnels.get(peer.provider);
      const state = tunnel === undefined ? undefined : this.#seen.get(tunnel.interface);
      return {
        provider: peer.provider,
        interface: tunnel?.interface ?? "",
        backend: tunnel?.backend ?? null,
        listenPort: peer.listenPort,
        prefixes: [...prefixesOf(peer)],
        handshakeAt: state?.handshakeAt === undefined ? null : formatUtc(state.handshakeAt),
        rxBytes: state?.rxBytes ?? 0,
        txBytes: state?.txBytes ?? 0,
      };
    });
  }

  restarts(): number {
    return [...this.#tunnels.values()].reduce((sum, tunnel) => sum + tunnel.restarts, 0);
  }

  problems(): Problem[] {
    const down = this.#desired.filter(({ peer }) => !this.#isUp(peer.provider));
    const reason = this.#loop.failure === undefined ? "" : `: ${this.#loop.failure}`;
    return down.map(({ peer }) => ({
      code: "tunnel-down",
      message: `the tunnel of ${peer.provider} is down${reason}`,
    }));
  }

  #isUp(provider: string): boolean {
    const tunnel = this.#tunnels.get(provider);
    return tunnel !== undefined && tunnel.alive && this.#up.has(tunnel.interface);
  }

  async #tick(): Promise<void> {
    this.#hearProviders();
    await this.#answerAtCaches();
    const present = [...this.#tunnels.values()].map(({ desired }) => desired);
    const changes = tunnelChanges(present, this.#desired);
    for (const provider of changes.remove) {
      await this.#tunnels.get(provider)?.remove();
      this.#tunnels.delete(provider);
    }
    for (const desired of this.#desired.filter(({ peer }) => changes.make.includes(peer.provider))) {
      await this.#tunnels.get(desired.peer.provider)?.remove();
      this.#tunnels.set(desired.peer.provider, new Tunnel(desired, () => this.#loop.poke()));
    }
    for (const desired of this.#desired.filter(({ peer }) => changes.renumber.includes(peer.provider)))
      await this.#tunnels.get(desired.peer.provider)?.renumber(desired);
    this.#lookAtLinks();
    const missing = [...this.#tunnels.values()].filter(({ alive, interface: name }) => {
      return !alive || !this.#up.has(name);
    });
    try {
      await forEachParallel(missing, BUILD_WIDTH, (tunnel) =>
        tunnel.build(this.#endpoints.get(tunnel.desired.peer.publicKey)),
      );
    } finally {
      if (missing.length > 0) this.#lookAtLinks();
      await this.#observe();
    }
  }

  /** Gives lo the addresses in providers' prefixes at which the internet answers. */
  async #answerAtCaches(): Promise<void> {
    const caches = this.#config.peers.flatMap(({ cache }) => cache ?? []);
    if (caches.join() === this.#caches.join()) return;
    const gone = this.#caches.filter((cache) => !caches.includes(cache));
    await runIp([
      ...gone.map((cache) => `addr del ${cache}/128 dev lo`),
      ...caches.map((cache) => `addr replace ${cache}/128 dev lo nodad`),
    ]);
    this.#caches = caches;
  }

  #lookAtLinks(): void {
    const names = [...this.#tunnels.values()].map((tunnel) => tunnel.interface);
    this.#up = new Set(names.filter(isUp));
  }

  /** Processes behind devices are asked one by one: starting `wg` for all of them costs more. */
  async #readAll(): Promise<Map<string, WireguardPeerState>> {
    const tunnels = [...this.#tunnels.values()];
    if (tunnels.some(({ backend }) => backend === "kernel")) return await readFirstPeers();
    const found = await Promise.all(
      tunnels.map(async ({ interface: name }) => [name, (await readWireguard(name))?.peers[0]] as const),
    );
    return new Map(found.flatMap(([name, peer]) => (peer === undefined ? [] : [[name, peer] as const])));
  }

  async #observe(): Promise<void> {
    this.#seen = await this.#readAll();
    const endpoints = [...this.#tunnels.values()].map(
      ({ desired, interface: name }): [string, string | undefined] => [
        desired.peer.publicKey,
        this.#seen.get(name)?.endpoint,
      ],
    );
    this.#endpoints.update(new Map(endpoints));
  }
}

function readConfig(): InternetConfig {
  try {
    return parseInternetConfig(readFileSync(INTERNET_CONFIG, "utf8"));
  } catch (error) {
    throw new Error(`${INTERNET_CONFIG}: ${reasonOf(error)}`, { cause: error });
  }
}

function readTunnels(config: InternetConfig): DesiredTunnel[] {
  return config.peers.map((peer) => {
    const privateKey = readKey(`${peer.provider}.key`);
    return peer.presharedKey === true
      ? { peer, privateKey, presharedKey: readKey(`${peer.provider}.psk`) }
      : { peer, privateKey };
  });
}

function readKey(name: string): string {
  const file = `${KEY_FOLDER}/${name}`;
  if (!existsSync(file)) throw new Error(`the key ${file} is not there`);
  return readFileSync(file, "utf8").trim();
}
