import { rmSync } from "node:fs";
import { dirname } from "node:path";

import { BIRD_FURTHER_SOCKET, renderFurtherBird } from "../../../core/render/bng/bird.ts";
import type { BngConfig } from "../../../core/render/bng/config.ts";
import { PROGRAMS } from "../../../core/render/confinement/programs.ts";
import type { RaEffects } from "../../../core/model/faults/effects.ts";
import { replaceFile } from "../../files.ts";
import type { Intent } from "../../intent/intent.ts";
import { makeOwnFolder } from "../../programs/confine.ts";
import { Daemon } from "../../supervise/daemon.ts";

const CONFIG_FILE = "/run/mhlab/bird-further.conf";

/** A second BIRD, which advertises what the first one leaves out while a fault splits what is advertised. */
export class FurtherAdvertiser {
  readonly #intent: Intent<BngConfig>;
  readonly #faults: () => RaEffects;
  readonly #daemon = new Daemon({
    name: "bird (further)",
    argv: ["bird", "-f", "-c", CONFIG_FILE, "-s", BIRD_FURTHER_SOCKET],
    confinement: PROGRAMS.bird,
    // One that is asked to end tells a router lifetime of 0, and the router goes on.
    endBy: "SIGKILL",
    before: () => {
      makeOwnFolder(dirname(BIRD_FURTHER_SOCKET), PROGRAMS.bird);
      rmSync(BIRD_FURTHER_SOCKET, { force: true });
    },
  });
  /** The configuration that it runs with. */
  #applied: string | undefined;

  /** `faults` tells what they change of the advertisements, whenever it is asked. */
  constructor(intent: Intent<BngConfig>, faults: () => RaEffects) {
    this.#intent = intent;
    this.#faults = faults;
  }

  /** Begins, changes or ends what it advertises. */
  async follow(): Promise<void> {
    const wanted = renderFurtherBird(this.#intent.config, this.#faults());
    if (wanted === this.#applied) return;
    await this.stop();
    if (wanted === undefined) return;
    replaceFile(CONFIG_FILE, wanted, 0o644);
    await this.#daemon.start();
    this.#applied = wanted;
  }

  async stop(): Promise<void> {
    await this.#daemon.stop();
    this.#applied = undefined;
  }
}
