import { mkdirSync, rmSync, writeFileSync } from "node:fs";

import { BIRD_CONTROL_SOCKET, RA_SENT, renderBird } from "../../core/bng/bird.ts";
import type { BngConfig } from "../../core/bng/config.ts";
import { log } from "../log.ts";
import { Daemon } from "../supervise/daemon.ts";

const CONFIG_FILE = "/run/mhlab/bird.conf";

/** Router advertisements by BIRD: supervised, and seen sending. */
export class Advertiser {
  readonly #config: BngConfig;
  readonly daemon: Daemon;
  #sent = false;

  constructor(config: BngConfig, onFirstRa: () => void) {
    this.#config = config;
    this.daemon = new Daemon({
      name: "bird",
      argv: ["bird", "-f", "-c", CONFIG_FILE, "-s", BIRD_CONTROL_SOCKET],
      drop: ["sys_admin"],
      before: () => {
        mkdirSync("/run/bird", { recursive: true });
        rmSync(BIRD_CONTROL_SOCKET, { force: true });
      },
      onExit: () => (this.#sent = false),
      onLine: (line) => {
        if (RA_SENT.test(line)) {
          if (!this.#sent) onFirstRa();
          this.#sent = true;
        } else if (/<(ERR|FATAL|BUG)>|error/i.test(line) && !line.includes("Shutdown completed"))
          log("error", `bird: ${line}`);
      },
    });
  }

  /** Whether the running daemon has sent a router advertisement. */
  get advertising(): boolean {
    return this.daemon.running && this.#sent;
  }

  /** Writes the configuration and starts; BIRD itself follows the interface as it comes and goes. */
  async serve(): Promise<void> {
    mkdirSync("/run/mhlab", { recursive: true });
    writeFileSync(CONFIG_FILE, renderBird(this.#config));
    await this.daemon.start();
  }
}
