import { wireguardInterface } from "../../core/names.ts";
import type { DesiredTunnel } from "../../core/internet/tunnels.ts";
import { log } from "../log.ts";
import { runIp } from "../net/command.ts";
import { deleteLink } from "../net/link.ts";
import { createWireguard, syncWireguard, type Backend, type WireguardDevice } from "../net/wireguard.ts";

/** The internet sends keepalives as well, so that a BNG notices a far side that came back. */
const KEEPALIVE_S = 25;

/** The internet's end of one provider's tunnel. */
export class Tunnel {
  readonly desired: DesiredTunnel;
  readonly interface: string;
  #device: WireguardDevice | undefined;
  #onLost: () => void;
  #built = 0;

  constructor(desired: DesiredTunnel, onLost: () => void) {
    this.desired = desired;
    this.interface = wireguardInterface(desired.peer.provider);
    this.#onLost = onLost;
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
    const child = this.#device?.process;
    return (
      this.#device !== undefined &&
      (child === undefined || (child.exitCode === null && child.signalCode === null))
    );
  }

  /** Makes device, peer, address and route; `endpoint` is where the BNG was last heard from. */
  async build(endpoint: string | undefined): Promise<void> {
    const { peer, privateKey, presharedKey } = this.desired;
    this.#device = undefined;
    const device = await createWireguard(this.interface);
    device.process?.once("exit", this.#onLost);
    await syncWireguard(this.interface, {
      privateKey,
      listenPort: peer.listenPort,
      peers: [
        {
          publicKey: peer.publicKey,
          allowedIps: [`${peer.remoteAddress}/128`, peer.prefix],
          keepaliveS: KEEPALIVE_S,
          ...(endpoint === undefined ? {} : { endpoint }),
          ...(presharedKey === undefined ? {} : { presharedKey }),
        },
      ],
    });
    await runIp([
      `link set dev ${this.interface} mtu ${peer.mtu} addrgenmode none`,
      `addr replace ${peer.localAddress} dev ${this.interface} nodad`,
      `link set dev ${this.interface} up`,
      `route replace ${peer.prefix} dev ${this.interface}`,
    ]);
    this.#device = device;
    this.#built += 1;
    log("info", `${this.interface} is up (${device.backend}), port ${peer.listenPort}, ${peer.prefix}`);
  }

  async remove(): Promise<void> {
    const child = this.#device?.process;
    this.#device = undefined;
    child?.removeListener("exit", this.#onLost);
    await deleteLink(this.interface);
    child?.kill("SIGTERM");
    log("info", `${this.interface} was removed`);
  }
}
