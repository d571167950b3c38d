import { rmSync } from "node:fs";
import { dirname } from "node:path";

import { advertisedFields } from "../../core/render/bng/advertised.ts";
import { BIRD_CONTROL_SOCKET, RA_SENT, renderBird } from "../../core/render/bng/bird.ts";
import type { BngConfig } from "../../core/render/bng/config.ts";
import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import type { RaEffects } from "../../core/model/faults/effects.ts";
import type { AdvertisementStatus, RaField } from "../../core/model/status/model.ts";
import { formatUtc } from "../../core/model/utc.ts";
import type { Clock } from "../clock.ts";
import { replaceFile } from "../files.ts";
import type { Intent } from "../intent/intent.ts";
import { log } from "../log.ts";
import { makeOwnFolder } from "../programs/confine.ts";
import { Daemon } from "../supervise/daemon.ts";
import { configureBird, greetBird } from "./bird-control.ts";

const CONFIG_FILE = "/run/mhlab/bird.conf";

/** Router advertisements by BIRD: supervised, and seen sending. */
export class Advertiser {
  readonly #intent: Intent<BngConfig>;
  readonly #faults: () => RaEffects;
  readonly #clock: Clock;
  readonly daemon: Daemon;
  #sent = false;
  #sentAtS: number | undefined;
  /** What was sent last, and before that something else. */
  #said: readonly RaField[] = [];
  #before: readonly RaField[] | undefined;
  /** The configuration that it runs with. */
  #applied = "";
  /** The one of the last advertisement. */
  #noted = "";

  /** `faults` tells what they change of the advertisements, whenever it is asked; `onChange` hears of one that says something new. */
  constructor(
    intent: Intent<BngConfig>,
    { faults, clock, onChange }: { faults: () => RaEffects; clock: Clock; onChange: () => void },
  ) {
    this.#intent = intent;
    this.#clock = clock;
    this.#faults = faults;
    this.daemon = new Daemon({
      name: "bird",
      argv: ["bird", "-f", "-c", CONFIG_FILE, "-s", BIRD_CONTROL_SOCKET],
      confinement: PROGRAMS.bird,
      before: () => {
        makeOwnFolder(dirname(BIRD_CONTROL_SOCKET), PROGRAMS.bird);
        rmSync(BIRD_CONTROL_SOCKET, { force: true });
        this.#applied = this.#write();
      },
      onExit: () => (this.#sent = false),
      ask: greetBird,
      inbox: "raw6",
      onLine: (line) => {
        if (RA_SENT.test(line)) {
          if (this.#note()) onChange();
        } else if (this.#faults().lost === true && /Socket error on/.test(line)) {
          // A fault loses what it sends, and the kernel says so.
        } else if (/<(ERR|FATAL|BUG)>|error/i.test(line) && !line.includes("Shutdown completed"))
          log("error", `bird: ${line}`);
      },
    });
  }

  /** Whether the running daemon has sent a router advertisement. */
  get advertising(): boolean {
    return this.daemon.running && this.#sent;
  }

  status(): AdvertisementStatus {
    return {
      sentAt: this.#sentAtS === undefined ? null : formatUtc(this.#sentAtS),
      fields: [...this.#said],
      before: this.#before === undefined ? null : [...this.#before],
    };
  }

  /** An advertisement was sent; whether it is the first, or says something else than the last. */
  #note(): boolean {
    const first = !this.#sent;
    this.#sent = true;
    this.#sentAtS = this.#clock.nowS();
    if (this.#noted === this.#applied) return first;
    this.#noted = this.#applied;
    const said = advertisedFields(this.#applied);
    if (JSON.stringify(said) === JSON.stringify(this.#said)) return first;
    if (this.#said.length > 0) this.#before = this.#said;
    this.#said = said;
    return true;
  }

  /** Starts; BIRD itself follows the interface as it comes and goes. */
  async serve(): Promise<void> {
    await this.daemon.start();
  }

  /** Takes the configuration that the intent gives by now; what changed is advertised at once. */
  async follow(): Promise<void> {
    if (!this.daemon.running || this.#render() === this.#applied) return;
    const before = this.#applied;
    // Before it is asked: it may send the first advertisement of it sooner than its answer comes.
    this.#applied = this.#write();
    try {
      await configureBird();
    } catch (error) {
      this.#applied = before;
      throw error;
    }
  }

  #render(): string {
    return renderBird(this.#intent.config, this.#clock.nowS(), this.#faults());
  }

  #write(): string {
    const text = this.#render();
    replaceFile(CONFIG_FILE, text, 0o644);
    return text;
  }
}
