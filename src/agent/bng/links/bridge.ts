import type { Problem } from "../../../core/status/model.ts";
import { log } from "../../log.ts";
import { inBirth, run } from "../../net/command.ts";
import {
  createVeth,
  deleteLink,
  readBirthLink,
  readBirthLinks,
  temporaryName,
  type Link,
} from "../../net/link.ts";
import { filterProblem } from "./bridge-filter.ts";
import { markOf, type LinkMaker, type MakerOptions } from "./maker.ts";

const FILTER_CHECK_MS = 30_000;

/** A pair whose other end is a port of a bridge of the host; plugged in again when the bridge was made anew. */
export class BridgeLink implements LinkMaker {
  readonly awaited: string;
  readonly #options: MakerOptions;
  #missing: readonly Problem[] = [];
  #starving: readonly Problem[] = [];
  #checkedAt = -Infinity;

  constructor(options: MakerOptions, bridge: string) {
    this.#options = options;
    this.awaited = bridge;
  }

  get problems(): readonly Problem[] {
    return [...this.#missing, ...this.#starving];
  }

  async acquire(): Promise<boolean> {
    if ((await readBirthLink(this.awaited)) === undefined) return false;
    const { provider, name } = this.#options;
    const port = temporaryName();
    await createVeth({ name, peer: port, alias: markOf(provider), peerStaysDown: true });
    await this.#plug(port);
    return true;
  }

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
    if (port !== undefined && port.master !== this.awaited) {
      await this.#plug(port.ifname);
      log("info", `plugged into ${this.awaited} again`);
    }
    if (performance.now() - this.#checkedAt < FILTER_CHECK_MS) return;
    this.#checkedAt = performance.now();
    this.#starving = await filterProblem(this.awaited);
  }

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
