import { readFileSync } from "node:fs";

import type { BngConfig } from "../../core/render/bng/config.ts";
import { beyondTunnel } from "../../core/render/bng/beyond.ts";
import { liveNetworks } from "../../core/render/bng/networks.ts";
import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import type { Effects } from "../../core/model/faults/effects.ts";
import { formatIp6, formatPrefix6, parseIp6 } from "../../core/model/ip6.ts";
import type { UplinkStatus } from "../../core/model/status/model.ts";
import { formatUtc } from "../../core/model/utc.ts";
import type { Clock } from "../clock.ts";
import type { Intent } from "../intent/intent.ts";
import { log } from "../log.ts";
import { inBirth, run } from "../programs/command.ts";
import { runIp } from "../programs/ip.ts";
import { isPresent, isUp } from "../net/glance.ts";
import { awaitFarSide, farSideSince } from "./far-side-notice.ts";
import { Probe } from "../net/probe.ts";
import {
  createWireguard,
  readWireguard,
  restartHandshake,
  syncWireguard,
  type WireguardDevice,
} from "../net/wireguard.ts";
import type { WireguardSettings } from "../net/wireguard-model.ts";
import { confined } from "../programs/confine.ts";
import { Loop } from "../supervise/loop.ts";

/** WireGuard rekeys every 120 s, so a living peer's handshake is never older than this (whitepaper 6.2). */
const STALE_AFTER_S = 180;
/** Above every other metric: only what no delegation covers gets here, instead of looping through the tunnel. */
const UNREACHABLE_METRIC = "4278198272";
const PROBE_INTERVAL_S = 2;
const CALM_PROBE_INTERVAL_S = 5;
/** Lost echoes after which a new handshake is tried: the far side may have restarted and forgotten the session. */
const LOST_BEFORE_RETRY = 2;
const SETTLING_MS = 250;
const SILENT_MS = 2000;
const SETTLED_MS = 5000;
/** The probe, the end of a process and the kernel's events ask for a look at once. */
const PROBED_MS = 30_000;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 15_000;

/** What faults change of a tunnel. */
export type UplinkEffects = Pick<Effects, "tunnelDown" | "mtu">;

/** The WireGuard tunnel to the provider's far side: made, kept, watched. */
export class Uplink {
  readonly #intent: Intent<BngConfig>;
  readonly #clock: Clock;
  readonly #faults: () => UplinkEffects;
  readonly #onChange: () => void;
  readonly #loop: Loop;
  readonly #probe: Probe | undefined;
  #device: WireguardDevice | undefined;
  #settings: WireguardSettings | undefined;
  /** What of the own prefix is routed into the tunnel. */
  #beyond: readonly string[] = [];
  #rebuilds = 0;
  /** How the device was last set. */
  #raised: string | undefined;
  #retryMs = FIRST_RETRY_MS;
  #retryAt = 0;
  /** Since when there had been the far side that was greeted last, where it tells so. */
  #greetedSince: number | undefined;
  #handshakeAt: number | undefined;
  /** When anything last came from the far side, and how much had come from the present peer by then. */
  #answeredAt: number | undefined;
  #received = 0;
  #soon: NodeJS.Timeout | undefined;
  /** Prefixes that end here where no delegation covers them. */
  #ended: readonly string[] = [];
  #waiting: { resolve(): void; reject(reason: unknown): void }[] = [];

  /** `faults` tells what they change of it, whenever it is asked. */
  constructor(intent: Intent<BngConfig>, clock: Clock, faults: () => UplinkEffects, onChange: () => void) {
    const { config } = intent;
    this.#intent = intent;
    this.#faults = faults;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#loop = new Loop("uplink", config.probe === undefined ? SETTLED_MS : PROBED_MS, () => this.#tick());
    intent.onChange(() => this.#loop.poke());
    this.#probe =
      config.probe === undefined
        ? undefined
        : new Probe({
            target: formatIp6(config.probe),
            source: formatIp6(config.wireguard.address),
            intervalS: PROBE_INTERVAL_S,
            calmIntervalS: CALM_PROBE_INTERVAL_S,
            onAnswer: () => (this.#answeredAt = Math.floor(clock.nowS())),
            onLost: () => this.#loop.poke(),
            onChange: () => {
              this.#loop.poke();
              onChange();
            },
          });
  }

  get #config(): BngConfig {
    return this.#intent.config;
  }

  /** How often the device had to be made again. */
  get rebuilds(): number {
    return this.#rebuilds;
  }

  get failure(): string | undefined {
    return this.#loop.failure;
  }

  start(): void {
    this.#loop.start();
  }

  /** Compares now, as after an event of the kernel. */
  poke(): void {
    this.#loop.poke();
  }

  /** The same; resolves when it was compared. */
  async follow(): Promise<void> {
    await this.#loop.once();
  }

  async stop(): Promise<void> {
    this.#loop.stop();
    clearTimeout(this.#soon);
    await this.#probe?.stop();
    this.#device?.process?.signal("SIGTERM");
  }

  /** Takes keys whose files changed; resolves when the device has them. */
  async takeKeys(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#loop.poke();
    });
  }

  async #tick(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      await this.#compareKeys();
      for (const one of waiting) one.resolve();
    } catch (error) {
      for (const one of waiting) one.reject(error);
      throw error;
    }
    const name = this.#config.wireguard.interface;
    let state = this.#device === undefined ? undefined : await readWireguard(name);
    if (state === undefined) {
      // One that is only slow would not become faster by being made anew.
      if (!this.#isGone()) throw new Error(`${name} does not answer`);
      await this.#build();
      state = await readWireguard(name);
    }
    await this.#lead();
    const peer = state?.peers[0];
    this.#hear(peer?.rxBytes ?? 0);
    const handshakeAt = peer?.handshakeAt;
    if (handshakeAt !== this.#handshakeAt) {
      if (this.#handshakeAt === undefined) log("info", `${name}: handshake done`);
      this.#handshakeAt = handshakeAt;
      this.#onChange();
    }
    const silent = await this.#retryIfSilent();
    clearTimeout(this.#soon);
    if (silent)
      this.#soon = setTimeout(() => this.#loop.poke(), handshakeAt === undefined ? SETTLING_MS : SILENT_MS);
  }

  #isGone(): boolean {
    const ended = this.#device?.process?.end !== undefined;
    return this.#device === undefined || ended || !isPresent(this.#config.wireguard.interface);
  }

  /** WireGuard counts only what is from its peer; a peer that was set anew counts from 0. */
  #hear(received: number): void {
    if (received > this.#received) this.#answeredAt = Math.floor(this.#clock.nowS());
    this.#received = received;
  }

  /** With other keys everything starts over: the age of a handshake by the old ones would prove nothing. */
  async #compareKeys(): Promise<void> {
    const before = this.#settings;
    const { privateKey, presharedKeyFile } = this.#config.wireguard;
    if (before === undefined || !("file" in privateKey)) return;
    const shared = presharedKeyFile === undefined ? undefined : readKey({ file: presharedKeyFile });
    if (readKey(privateKey) === before.privateKey && shared === before.peers[0]?.presharedKey) return;
    log("info", `${this.#config.wireguard.interface}: its keys changed`);
    await this.#configure();
    await restartHandshake(this.#config.wireguard.interface, this.#settings ?? before);
    this.#handshakeAt = undefined;
    this.#answeredAt = undefined;
    this.#retryMs = FIRST_RETRY_MS;
    this.#retryAt = this.#clock.monotonicMs() + this.#retryMs;
    this.#onChange();
  }

  async #build(): Promise<void> {
    const { wireguard } = this.#config;
    const name = wireguard.interface;
    if (this.#device !== undefined) {
      this.#rebuilds += 1;
      log("warn", `${name} is gone, making it again`);
    }
    const farIsHere = /^127\.[\d.]+$/.test(wireguard.endpoint.host);
    const device = await createWireguard(name, { farIsHere });
    void device.process?.ended.then(() => {
      this.#handshakeAt = undefined;
      this.#onChange();
      this.#loop.poke();
    });
    this.#raised = undefined;
    this.#beyond = [];
    await this.#lead();
    // A greeting that nobody hears is repeated only a second later.
    if (farIsHere) await awaitFarSide(this.#config.name, FIRST_RETRY_MS);
    this.#greetedSince = farSideSince(this.#config.name);
    await this.#configure();
    this.#device = device;
    this.#handshakeAt = undefined;
    this.#retryMs = FIRST_RETRY_MS;
    this.#retryAt = this.#clock.monotonicMs() + this.#retryMs;
    log(
      "info",
      `${name}: made (${device.backend}), far side ${this.#settings?.peers[0]?.endpoint ?? "not resolved"}`,
    );
    await this.#probe?.start();
  }

  /**
   * Sees that the device has its address and is the way out, that one which is down by a fault is no way, and that what no delegation
   * covers of the live prefixes goes nowhere; of others the table says nothing. By one program: twenty BNGs start at once.
   */
  async #lead(): Promise<void> {
    const name = this.#config.wireguard.interface;
    const prefixes = liveNetworks(this.#config).map(({ prefix }) => formatPrefix6(prefix));
    const { lines, beyond } = this.#way();
    const wanted = lines.join("\n");
    const isAsWanted = wanted === this.#raised && isUp(name) !== this.#faults().tunnelDown;
    for (const gone of isAsWanted ? [] : this.#beyond.filter((one) => !beyond.includes(one)))
      await runIp([`route del ${gone} dev ${name}`]).catch(() => undefined);
    await runIp([...this.#endings(prefixes), ...(isAsWanted ? [] : lines)]);
    this.#ended = prefixes;
    if (isAsWanted) return;
    this.#raised = wanted;
    this.#beyond = beyond;
  }

  /** What ends the prefixes that have come, and takes away the ends of those that went. */
  #endings(prefixes: readonly string[]): string[] {
    const come = prefixes.filter((prefix) => !this.#ended.includes(prefix));
    const gone = this.#ended.filter((prefix) => !prefixes.includes(prefix));
    // What is to be deleted may be gone already, if somebody has taken it.
    return [
      ...[...come, ...gone].map((prefix) => endOf("replace", prefix)),
      ...gone.map((prefix) => endOf("del", prefix)),
    ];
  }

  /** How the device should be; `beyond` is what of the provider's own prefix is beyond it. */
  #way(): { lines: readonly string[]; beyond: readonly string[] } {
    const { interface: name, address: bits, mtu } = this.#config.wireguard;
    const { tunnelDown, mtu: narrow } = this.#faults();
    const beyond = beyondTunnel(this.#config);
    const address = formatIp6(bits);
    const locked = narrow.up === undefined ? "" : ` mtu lock ${narrow.up}`;
    if (tunnelDown) return { lines: [`link set dev ${name} mtu ${mtu} down`], beyond };
    const lines = [
      `addr replace ${address}/128 dev ${name} nodad`,
      `link set dev ${name} mtu ${mtu} up`,
      `route replace default dev ${name} src ${address}${locked}`,
      ...beyond.map((one) => `route replace ${one} dev ${name}${locked}`),
    ];
    return { lines, beyond };
  }

  async #configure(): Promise<void> {
    const { wireguard } = this.#config;
    const endpoint = await this.#resolve();
    this.#settings = {
      privateKey: readKey(wireguard.privateKey),
      peers: [
        {
          publicKey: wireguard.peer,
          allowedIps: ["::/0"],
          keepaliveS: wireguard.keepaliveS,
          ...(endpoint === undefined ? {} : { endpoint }),
          ...(wireguard.presharedKeyFile === undefined
            ? {}
            : { presharedKey: readKey({ file: wireguard.presharedKeyFile }) }),
        },
      ],
    };
    await syncWireguard(wireguard.interface, this.#settings);
  }

  /** Names are resolved in the birth namespace, where the UDP socket and the host's resolver are. */
  async #resolve(): Promise<string | undefined> {
    const { host, port } = this.#config.wireguard.endpoint;
    if (parseIp6(host) !== undefined) return `[${host}]:${port}`;
    if (/^[\d.]+$/.test(host)) return `${host}:${port}`;
    try {
      const [address] = (await run(inBirth(confined(["getent", "ahosts", host], PROGRAMS.lookup)))).split(
        /\s/,
      );
      if (address) return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
    } catch {
      // Not resolvable now; asked again while the tunnel is silent.
    }
    log("warn", `cannot resolve ${host}`);
    return undefined;
  }

  /** Whether nothing is heard of the far side. */
  async #retryIfSilent(): Promise<boolean> {
    const silent =
      this.#handshakeAt === undefined ||
      this.#clock.nowS() - this.#handshakeAt > STALE_AFTER_S ||
      (this.#probe?.lost ?? 0) >= LOST_BEFORE_RETRY;
    if (!silent) {
      this.#retryMs = FIRST_RETRY_MS;
      this.#retryAt = 0;
      return false;
    }
    if (this.#retryAt === 0) this.#retryAt = this.#clock.monotonicMs();
    const since = farSideSince(this.#config.name);
    const isNew = since !== undefined && since !== this.#greetedSince;
    if ((!isNew && this.#clock.monotonicMs() < this.#retryAt) || this.#settings === undefined) return true;
    this.#greetedSince = since;
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
    this.#retryAt = this.#clock.monotonicMs() + this.#retryMs;
    await this.#configure();
    await restartHandshake(this.#config.wireguard.interface, this.#settings);
    return true;
  }

  /** The uplink's part of the provider's status. */
  async status(): Promise<UplinkStatus> {
    const { wireguard } = this.#config;
    const { host, port } = wireguard.endpoint;
    const state = await readWireguard(wireguard.interface);
    const peer = state?.peers[0];
    const age =
      peer?.handshakeAt === undefined ? null : Math.max(0, Math.round(this.#clock.nowS() - peer.handshakeAt));
    this.#hear(peer?.rxBytes ?? 0);
    const answeredAt = this.#answeredAt;
    return {
      state: state === undefined ? "down" : this.#stateOf(age),
      backend: this.#device?.backend ?? null,
      interface: wireguard.interface,
      endpoint: `${host.includes(":") ? `[${host}]` : host}:${port}`,
      publicKey: state === undefined ? null : await state.publicKey(),
      handshakeAt: peer?.handshakeAt === undefined ? null : formatUtc(peer.handshakeAt),
      answeredAt: answeredAt === undefined ? null : formatUtc(answeredAt),
      rxBytes: peer?.rxBytes ?? 0,
      txBytes: peer?.txBytes ?? 0,
      rttMs: this.#probe?.rttMs ?? null,
      lossPct: this.#probe?.lossPct ?? null,
    };
  }

  /** By the age of the last handshake: a peer is set anew when it is silent, and has none then. */
  #stateOf(ageS: number | null): UplinkStatus["state"] {
    if (this.#faults().tunnelDown) return "down";
    if (ageS === null) return this.#answeredAt === undefined ? "waiting" : "stale";
    const silent = (this.#probe?.lost ?? 0) > LOST_BEFORE_RETRY;
    return ageS > STALE_AFTER_S || silent ? "stale" : "up";
  }
}

function endOf(verb: "replace" | "del", prefix: string): string {
  return `route ${verb} unreachable ${prefix} metric ${UNREACHABLE_METRIC}`;
}

function readKey(source: { file: string } | { value: string }): string {
  return "file" in source ? readFileSync(source.file, "utf8").trim() : source.value;
}
