import { wireguardInterface } from "../../core/model/names.ts";
import { prefixesOf } from "../../core/render/internet/told-prefixes.ts";
import type { DesiredTunnel } from "../../core/render/internet/tunnels.ts";
import { log } from "../log.ts";
import { runIp } from "../programs/ip.ts";
import { giveNotice, withdrawNotice } from "./tunnel-notices.ts";
import { deleteLink } from "../net/link.ts";
import { createWireguard, syncWireguard, type Backend, type WireguardDevice } from "../net/wireguard.ts";
import type { WireguardSettings } from "../net/wireguard-model.ts";

/** The internet sends keepalives as well, so that a BNG notices a far side that came back. */
const KEEPALIVE_S = 25;

function settingsOf(
  { peer, privateKey, presharedKey }: DesiredTunnel,
  endpoint: string | undefined,
): WireguardSettings {
  return {
    privateKey,
    listenPort: peer.listenPort,
    peers: [
      {
        publicKey: peer.publicKey,
        allowedIps: [`${peer.remoteAddress}/128`, ...prefixesOf(peer)],
        keepaliveS: KEEPALIVE_S,
        ...(endpoint === undefined ? {} : { endpoint }),
        ...(presharedKey === undefined ? {} : { presharedKey }),
      },
    ],
  };
}

/** The internet's end of one provider's tunnel. */
export class Tunnel {
  #desired: DesiredTunnel;
  readonly interface: string;
  #device: WireguardDevice | undefined;
  /** For good: another one takes its place. */
  #isRemoved = false;
  #onLost: () => void;
  #built = 0;

  constructor(desired: DesiredTunnel, onLost: () => void) {
    this.#desired = desired;
    this.interface = wireguardInterface(desired.peer.provider);
    this.#onLost = onLost;
  }

  get desired(): DesiredTunnel {
    return this.#desired;
  }

  get backend(): Backend | null {
    return this.#device?.backend ?? null;
  }

  /** How often it had to be built again. */
  get restarts(): number {
    return Math.max(0, this.#built - 1);
  }

  /** Whether the device that was built still lives, as far as its process tells. */
  get alive(): boolean {
    return this.#device !== undefined && this.#device.process?.end === undefined;
  }

  /** Makes device, peer, address and route; `endpoint` is where the BNG was last heard from. */
  async build(endpoint: string | undefined): Promise<void> {
    const { peer } = this.#desired;
    const prefixes = prefixesOf(peer);
    this.#device = undefined;
    const device = await createWireguard(this.interface, { farIsHere: true });
    void device.process?.ended.then(() => {
      if (!this.#isRemoved) this.#onLost();
    });
    await syncWireguard(this.interface, settingsOf(this.#desired, endpoint));
    await runIp([
      `link set dev ${this.interface} mtu ${peer.mtu} addrgenmode none`,
      `addr replace ${peer.localAddress} dev ${this.interface} nodad`,
      `link set dev ${this.interface} up`,
      ...prefixes.map((prefix) => `route replace ${prefix} dev ${this.interface}`),
    ]);
    this.#device = device;
    this.#built += 1;
    giveNotice(peer.provider);
    log(
      "info",
      `${this.interface} is up (${device.backend}), port ${peer.listenPort}, ${prefixes.join(" ")}`,
    );
  }

  /** Routes other prefixes into it, and takes no other sources from it; its session stays, and what flows in it. */
  async renumber(desired: DesiredTunnel): Promise<void> {
    const before = prefixesOf(this.#desired.peer);
    const prefixes = prefixesOf(desired.peer);
    if (this.alive) {
      await syncWireguard(this.interface, settingsOf(desired, undefined));
      await runIp([
        ...prefixes.map((prefix) => `route replace ${prefix} dev ${this.interface}`),
        ...before
          .filter((prefix) => !prefixes.includes(prefix))
          .flatMap((prefix) =>
            ["replace", "del"].map((verb) => `route ${verb} ${prefix} dev ${this.interface}`),
          ),
      ]);
    }
    this.#desired = desired;
    log("info", `${this.interface}: ${before.join(" ")} → ${prefixes.join(" ") || "nothing"}`);
  }

  async remove(): Promise<void> {
    const device = this.#device;
    this.#device = undefined;
    withdrawNotice(this.#desired.peer.provider);
    this.#isRemoved = true;
    await deleteLink(this.interface);
    device?.process?.signal("SIGTERM");
    log("info", `${this.interface} was removed`);
  }
}
