import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";

import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import { renderDhcpcd } from "../../core/render/cpe/dhcpcd.ts";
import { LEASE_FOLDER } from "../../core/model/names.ts";
import type { Problem } from "../../core/model/status/model.ts";
import { parseLease, type Lease } from "../../core/render/cpe/lease.ts";
import type { Clock } from "../clock.ts";
import { log } from "../log.ts";
import { waitUntil } from "../patience.ts";
import { makeOwnFolder } from "../programs/confine.ts";
import { Daemon } from "../supervise/daemon.ts";
import { stallsOf } from "../supervise/stalls.ts";

const [RUN_FOLDER, STATE_FOLDER] = PROGRAMS.dhcpcd.writes;
const HOOK = "/usr/local/lib/mhlab/dhcp-hook";
/** What the hook says when it has recorded a lease, or the end of one. */
const RECORDED = "lease-recorded";
/** A client without a lease waits longer and longer between its solicitations; a lab rather starts over. */
const START_OVER_MS = 15_000;
/** So long a lease without a prefix is left alone, then twice as long each time: its T1 can be hours away. */
const [ASK_AGAIN_MS, LONGEST_ASK_AGAIN_MS] = [15_000, 900_000];
/** The first solicitation of a client, and its answer. */
const FIRST_TRY_MS = 1000;
const RENEWAL = { everyMs: 20, forMs: 3000 };
/** What dhcpcd says at every start and means nothing: it has no user of its own, and tries its socket once too early. */
const NOISE = /^(no such user|dhcpcd-|DUID |dhcp6_openudp: )/;

/** Makes the folders that the clients write to; before the first of them. */
export function makeClientFolders(): void {
  for (const folder of PROGRAMS.dhcpcd.writes) makeOwnFolder(folder, PROGRAMS.dhcpcd);
}

/** The DHCPv6 client of one WAN: dhcpcd, which leaves its lease in a file. */
export class DhcpClient {
  readonly #interface: string;
  readonly #clock: Clock;
  readonly #daemon: Daemon;
  #startedAt = 0;
  #withoutPrefixAt: number | undefined;
  #askAgainMs = ASK_AGAIN_MS;

  /** `onLease` is called when the lease is another one, or was renewed. */
  constructor(name: string, iaid: number, duid: string, clock: Clock, onLease: () => void) {
    this.#interface = name;
    this.#clock = clock;
    const config = `/run/mhlab/dhcpcd-${name}.conf`;
    writeFileSync(config, renderDhcpcd(name, iaid, duid));
    this.#daemon = new Daemon({
      name: `dhcpcd ${name}`,
      argv: ["dhcpcd", "--nobackground", "--config", config, "--script", HOOK, name],
      // With an old lease it would rebind and wait for 10 s; a solicitation gets the same prefix at once.
      before: () => {
        rmSync(`${RUN_FOLDER}/${name}.pid`, { force: true });
        rmSync(`${STATE_FOLDER}/${name}.lease6`, { force: true });
      },
      onStart: () => {
        this.#startedAt = this.#clock.monotonicMs();
      },
      onLine: (line) => {
        if (line === RECORDED) onLease();
        else if (!NOISE.test(line)) log("info", `dhcpcd: ${line}`);
      },
      confinement: PROGRAMS.dhcpcd,
    });
  }

  get stalls(): Problem[] {
    return stallsOf([this.#daemon], "dhcp-stalled");
  }

  get restarts(): number {
    return this.#daemon.restarts;
  }

  /** The lease as last reported; undefined when there is none. */
  get lease(): Lease | undefined {
    try {
      return parseLease(readFileSync(`${LEASE_FOLDER}/${this.#interface}`, "utf8"));
    } catch {
      return undefined;
    }
  }

  /** Renews the lease now instead of at T1 (RFC 8415 18.2.4); resolves when the answer is there, or does not come in 3 s. */
  async renew(): Promise<void> {
    const before = this.#reportedAt();
    if (before === undefined) return;
    // dhcpcd's signal for it.
    await this.#daemon.signal("SIGUSR1");
    await waitUntil(() => this.#reportedAt() !== before, RENEWAL);
  }

  /** Asks again for the prefix that its lease lacks, as a server that had none may have one now (RFC 8415 section 18.2.10.1). */
  async askForPrefix(): Promise<void> {
    const { lease } = this;
    if (lease === undefined || lease.prefixes.length > 0) {
      this.#withoutPrefixAt = undefined;
      this.#askAgainMs = ASK_AGAIN_MS;
      return;
    }
    const now = this.#clock.monotonicMs();
    this.#withoutPrefixAt ??= now;
    if (now - this.#withoutPrefixAt < this.#askAgainMs) return;
    this.#withoutPrefixAt = now;
    this.#askAgainMs = Math.min(2 * this.#askAgainMs, LONGEST_ASK_AGAIN_MS);
    await this.#daemon.signal("SIGUSR1");
  }

  /** When the hook last wrote a lease; undefined while there is none. */
  #reportedAt(): number | undefined {
    return statSync(`${LEASE_FOLDER}/${this.#interface}`, { throwIfNoEntry: false })?.mtimeMs;
  }

  start(): Promise<void> {
    return this.#daemon.start();
  }

  /** Ends the client and forgets its lease. */
  async stop(): Promise<void> {
    await this.#daemon.stop();
    rmSync(`${LEASE_FOLDER}/${this.#interface}`, { force: true });
  }

  /** Starts over when it solicits in vain for long, or at once when `now` says that there is a reason to hope. */
  async startOverWithoutLease(now: boolean): Promise<void> {
    if (this.#daemon.pid === undefined || this.lease !== undefined) return;
    if (this.#clock.monotonicMs() - this.#startedAt < (now ? FIRST_TRY_MS : START_OVER_MS)) return;
    await this.stop();
    await this.start();
  }
}
