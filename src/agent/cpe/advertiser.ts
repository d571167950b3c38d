import { rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import type { Delegation } from "../../core/render/cpe/delegations.ts";
import { renderRadvd } from "../../core/render/cpe/radvd.ts";
import { RADVD_ARGV, RADVD_CONFIG, RADVD_PID_FILE } from "../../core/render/cpe/software/radvd.ts";
import { log } from "../log.ts";
import { makeOwnFolder } from "../programs/confine.ts";
import { Daemon } from "../supervise/daemon.ts";
import { LAN } from "./lan.ts";

/** radvd counts lifetimes down from its configuration, which caps them; refreshed, they count down from the lease again. */
const REFRESH_S = 60;
/** How long after a change it is told once more. */
const ONCE_MORE_MS = 1000;

/** The router advertisements of the LAN: radvd, told at once of every change of a delegation. */
export class Advertiser {
  readonly #daemon = new Daemon({
    name: "radvd",
    argv: RADVD_ARGV,
    before: () => {
      makeOwnFolder(dirname(RADVD_PID_FILE), PROGRAMS.radvd);
      rmSync(RADVD_PID_FILE, { force: true });
    },
    onLine: (line) => {
      // Where /proc/sys is read-only, it cannot set its own kernel's hop limit; nobody needs that.
      if (/error|fail|invalid|syntax/i.test(line) && !/failed to set/.test(line))
        log("warn", `radvd: ${line}`);
    },
    // It advertises only after its longest interval; a reload makes it speak at once.
    onStart: () => void this.#daemon.signal("SIGHUP"),
    confinement: PROGRAMS.radvd,
  });
  #told = "";
  #toldAt = 0;
  #onceMore: NodeJS.Timeout | undefined;

  get restarts(): number {
    return this.#daemon.restarts;
  }

  get name(): string {
    return this.#daemon.name;
  }

  get stalled(): boolean {
    return this.#daemon.stalled;
  }

  get running(): boolean {
    return this.#daemon.running;
  }

  /**
   * Advertises these delegations and DNS servers from now on. A LAN that comes up is another state, and each is told once more
   * a second later: radvd 2.20 subtracts the machine's uptime from all lifetimes when it first speaks on a LAN that was not
   * ready when it was told (`last_ra_time` is 0 then), and prefixes whose lifetime is over are left out until it is told again.
   */
  async update(
    delegations: readonly Delegation[],
    dns: readonly string[],
    { isUp, now }: { isUp: boolean; now: number },
  ): Promise<void> {
    const state = JSON.stringify([delegations, dns, isUp]);
    const changed = state !== this.#told;
    if (!changed && now - this.#toldAt < REFRESH_S) return;
    // A file that others may write is refused by radvd.
    writeFileSync(RADVD_CONFIG, renderRadvd(LAN, delegations, dns, now), { mode: 0o644 });
    this.#told = state;
    this.#toldAt = now;
    if (this.#daemon.running) void this.#daemon.signal("SIGHUP");
    else await this.#daemon.start();
    if (!changed) return;
    clearTimeout(this.#onceMore);
    this.#onceMore = setTimeout(() => void this.#daemon.signal("SIGHUP"), ONCE_MORE_MS);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#onceMore);
    await this.#daemon.stop();
  }
}
