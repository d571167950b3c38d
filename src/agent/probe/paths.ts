import type { Socket } from "node:net";

import { run, runJson } from "../programs/command.ts";
import { readLinks } from "../net/routing.ts";
import { Loop } from "../supervise/loop.ts";

/** Addresses come and go; a connection takes a new path soon enough. */
const LOOK_MS = 1000;
/** What the kernel allows at most (ip-mptcp(8)). */
const MOST_PATHS = 8;

interface Endpoint {
  readonly id: number;
  readonly address: string;
}

/**
 * Lets connections of MPTCP use every address of this machine (RFC 8684 3.2) while somebody uses them: by itself the kernel
 * keeps to the one that a connection began with. Where it has no MPTCP the loop says so once.
 */
class Paths {
  #users = 0;
  readonly #loop = new Loop("MPTCP", LOOK_MS, () => this.#settle());

  /** Offers them for as long as the connection to somebody is open; resolves when they are offered, or cannot be. */
  async offerWhile(asker: Socket): Promise<void> {
    this.#users += 1;
    asker.once("close", () => {
      this.#users -= 1;
      if (this.#users === 0) this.#loop.stop();
    });
    if (this.#users === 1) this.#loop.start();
    // An address that comes in the middle of a handshake is no path (seen with Linux 6.18).
    await this.#loop.once();
  }

  async #settle(): Promise<void> {
    await run(["ip", "mptcp", "limits", "set", "subflows", String(MOST_PATHS)]);
    const links = [...(await readLinks()).values()];
    const wanted = new Map(
      links.flatMap(({ ifname, addr_info = [] }) =>
        addr_info
          .filter(({ family, scope, tentative }) => family === "inet6" && scope === "global" && !tentative)
          .map(({ local }) => [local, ifname] as const),
      ),
    );
    const offered = await runJson<Endpoint>(["ip", "-j", "mptcp", "endpoint", "show"]);
    for (const { id, address } of offered)
      if (!wanted.delete(address)) await run(["ip", "mptcp", "endpoint", "delete", "id", String(id)]);
    const room = MOST_PATHS - offered.length;
    for (const [address, device] of [...wanted].slice(0, Math.max(0, room)))
      await run(["ip", "mptcp", "endpoint", "add", address, "dev", device, "subflow"]);
  }
}

export const paths = new Paths();
