import type { Problem } from "../../core/model/status/model.ts";
import type { Clock } from "../clock.ts";
import { log } from "../log.ts";
import { inBirth, run } from "../programs/command.ts";
import { createVeth, deleteLink, readBirthLink, readBirthLinks, temporaryName, type Link } from "./link.ts";
import { filterProblem } from "./bridge-filter.ts";

const FILTER_CHECK_MS = 30_000;

export interface PortOptions {
  /** Name of the end in this namespace. */
  readonly name: string;
  /** Mark of ownership on both ends. */
  readonly alias: string;
  readonly clock: Clock;
}

/** A pair whose other end is a port of a bridge of the host; plugged in again when the bridge was made anew. */
export class BridgePort {
  readonly awaited: string;
  readonly #options: PortOptions;
  #missing: readonly Problem[] = [];
  #starving: readonly Problem[] = [];
  #checkedAt = -Infinity;
  #ownMacs: readonly string[] = [];

  constructor(options: PortOptions, bridge: string) {
    this.#options = options;
    this.awaited = bridge;
  }

  /** What is wrong with the bridge, since the last look. */
  get problems(): readonly Problem[] {
    return [...this.#missing, ...this.#starving];
  }

  /** The MAC addresses of the bridge and of its end of the pair, since the last look. */
  get ownMacs(): readonly string[] {
    return this.#ownMacs;
  }

  /** Makes the pair and plugs it in; false while the bridge is not there. */
  async acquire(): Promise<boolean> {
    if ((await readBirthLink(this.awaited)) === undefined) return false;
    const port = temporaryName();
    // The port is called anew each time; the addresses stay, or neighbours would send to one that is gone.
    const seed = `${this.#options.alias}/${this.awaited}`;
    await createVeth({ ...this.#options, peer: port, peerStaysDown: true, seed });
    await this.#plug(port);
    return true;
  }

  /** Sees, while the link is there, that its other end is a port of the bridge. */
  async keep(link: Link): Promise<void> {
    const links = await readBirthLinks();
    const bridge = links.find(({ ifname }) => ifname === this.awaited);
    if (bridge === undefined) {
      const message = `the bridge ${this.awaited} is not in the host's namespace any more`;
      this.#missing = [{ code: "no-bridge", message }];
      return;
    }
    this.#missing = [];
    const port = links.find(({ ifindex }) => ifindex === link.link_index);
    this.#ownMacs = [bridge.address, port?.address].filter((mac) => mac !== undefined);
    if (port !== undefined && port.master !== this.awaited) {
      await this.#plug(port.ifname);
      log("info", `plugged into ${this.awaited} again`);
    }
    const now = this.#options.clock.monotonicMs();
    if (now - this.#checkedAt < FILTER_CHECK_MS) return;
    this.#checkedAt = now;
    this.#starving = await filterProblem(this.awaited);
  }

  /** Takes the pair away; the last thing that is asked of it. */
  async release(): Promise<void> {
    await deleteLink(this.#options.name);
  }

  /**
   * Without an address of the host's, which would solicit and be heard as a customer; not isolated, so that isolated ports
   * may talk to this one, and only to this one.
   */
  async #plug(port: string): Promise<void> {
    await run(inBirth(["ip", "link", "set", "dev", port, "addrgenmode", "none"]));
    await run(inBirth(["ip", "link", "set", "dev", port, "master", this.awaited, "up"]));
  }
}
