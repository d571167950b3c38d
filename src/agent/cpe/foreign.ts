import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import type { Delegation } from "../../core/render/cpe/delegations.ts";
import type { ForeignDaemon, ForeignSoftware, HomeLines } from "../../core/render/cpe/software/foreign.ts";
import { observedDelegations } from "../../core/render/cpe/observed-delegations.ts";
import type { Problem } from "../../core/model/status/model.ts";
import type { Clock } from "../clock.ts";
import { log } from "../log.ts";
import { makeOwnFolder } from "../programs/confine.ts";
import { Daemon } from "../supervise/daemon.ts";
import { stallsOf } from "../supervise/stalls.ts";
import { LAN } from "./lan.ts";
import type { HomeNow, HomeSoftware } from "./software.ts";
import type { Wan } from "./wan.ts";

/** How long the first lines are waited for: one that comes later is another configuration, and starts its programs anew. */
const LINES_MS = 10_000;
/** After its first prefix, how long others are still to be expected. */
const SETTLED_MS = 10_000;

/** Software that nobody here wrote: it is configured once and left alone, and what it does is seen from outside. */
export class Foreign implements HomeSoftware {
  readonly #record: ForeignSoftware;
  readonly #clock: Clock;
  readonly #begunAt: number;
  #daemons: readonly Daemon[] = [];
  #configured = "";
  #firstPrefixAt: number | undefined;
  #delegations: readonly Delegation[] = [];
  readonly dns = [];

  constructor(record: ForeignSoftware, clock: Clock) {
    this.#record = record;
    this.#clock = clock;
    this.#begunAt = clock.monotonicMs();
  }

  get delegations(): readonly Delegation[] {
    return this.#delegations;
  }

  get restarts(): Record<string, number> {
    return Object.fromEntries(this.#daemons.map(({ name, restarts }) => [name, restarts]));
  }

  get complete(): boolean {
    const since = this.#firstPrefixAt;
    return since !== undefined && this.#clock.monotonicMs() - since >= SETTLED_MS;
  }

  get problems(): Problem[] {
    const down = this.#daemons.filter(({ running }) => !running);
    return [
      ...down.map(({ name }) => ({ code: "daemon-down", message: `${name} does not run` })),
      ...stallsOf(this.#daemons, "daemon-stalled"),
    ];
  }

  async begin(): Promise<void> {}

  follow(): void {}

  async update({ wans, lan, now }: HomeNow): Promise<void> {
    await this.#configure(wans);
    this.#delegations = observedDelegations(
      lan?.addr_info ?? [],
      wans.map(({ number, pool, addresses }) => ({ number, pool, addresses })),
      this.#delegations,
      now,
    );
    if (this.#delegations.length > 0) this.#firstPrefixAt ??= this.#clock.monotonicMs();
  }

  async renew(): Promise<void> {}

  async stop(): Promise<void> {
    // Whoever asks for prefixes first, whoever advertises them last.
    for (const daemon of this.#daemons) await daemon.stop();
  }

  async #configure(wans: readonly Wan[]): Promise<void> {
    const present = wans.filter((wan) => wan.present);
    const all = present.length === wans.length;
    if (!all && (this.#configured !== "" || this.#clock.monotonicMs() - this.#begunAt < LINES_MS)) return;
    const lines: HomeLines = { wans: present.map((wan) => wan.interface), lan: LAN };
    const files = this.#record.files(lines);
    const links = this.#record.followsLinks ? [] : present.map(({ ifindex }) => ifindex);
    const configured = JSON.stringify([files, links]);
    if (configured === this.#configured || lines.wans.length === 0) return;
    await this.stop();
    for (const { path, text } of files) {
      mkdirSync(dirname(path), { recursive: true });
      // radvd refuses a file that others may write.
      writeFileSync(path, text, { mode: 0o644 });
    }
    this.#daemons = this.#record.daemons(lines).map(daemonOf);
    this.#configured = configured;
    for (const daemon of this.#daemons) await daemon.start();
  }
}

function daemonOf({ name, argv, confinement, pidFile }: ForeignDaemon): Daemon {
  const program = PROGRAMS[confinement];
  return new Daemon({
    name,
    argv,
    before: () => {
      for (const folder of program.writes) makeOwnFolder(folder, program);
      if (pidFile !== undefined) rmSync(pidFile, { force: true });
    },
    onLine: (line) => log("info", `${name}: ${line}`),
    confinement: program,
  });
}
