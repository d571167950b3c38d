import { mkdirSync, readFileSync, truncateSync, watch, writeFileSync, type FSWatcher } from "node:fs";
import { dirname } from "node:path";

import {
  canonicalPrefix,
  desiredRoutes,
  diffRoutes,
  isActive,
  leasePrefix,
  type KeaLease,
  type PdRoute,
} from "../../core/bng/leases.ts";
import type { AllowedSource } from "../../core/bng/source-validation.ts";
import { PROGRAMS } from "../../core/confinement/programs.ts";
import { MEMBER_FOLDER, PD_SPOOL } from "../../core/names.ts";
import { replaceFile } from "../files.ts";
import { log } from "../log.ts";
import { run, runJson } from "../net/command.ts";
import { isPresent, SteadyRoutes } from "../net/glance.ts";
import { watchNetwork } from "../net/watch.ts";
import { shareFile } from "../supervise/confine.ts";
import { Loop } from "../supervise/loop.ts";

const STATE = `${MEMBER_FOLDER}/next-hops.json`;
/** Marks the routes that are ours in `ip route`. */
const ROUTE_PROTOCOL = "201";
const CHECK_MS = 5000;
const SPOOL_LIMIT = 1 << 20;

interface DelegationsOptions {
  interface: string;
  /** Leases of the database; throws when Kea does not answer. */
  leases: () => Promise<KeaLease[]>;
  /** Takes who may send from which prefix, whether sources are validated or not: that can change at any time. */
  allow: (sources: readonly AllowedSource[], anew: boolean) => Promise<void>;
  onChange: () => void;
}

/** Keeps the kernel's routes and the set of allowed sources equal to the leases: on every event, every doubt, every 5 s. */
export class Delegations {
  readonly #options: DelegationsOptions;
  readonly #loop: Loop;
  readonly #steadyRoutes: SteadyRoutes<PdRoute[]>;
  #watcher: FSWatcher | undefined;
  #stopMonitor: (() => void) | undefined;
  #nextHops = new Map<string, string>();
  #routes: PdRoute[] = [];
  /** Who may send, as text; undefined when that is in doubt. */
  #allowed: string | undefined;
  #read = 0;
  #soliciting = false;

  constructor(options: DelegationsOptions) {
    this.#options = options;
    this.#steadyRoutes = new SteadyRoutes(options.interface);
    this.#loop = new Loop("delegations", CHECK_MS, () => this.#reconcile());
  }

  get nextHops(): ReadonlyMap<string, string> {
    return this.#nextHops;
  }

  /** Delegation routes in the kernel when they were last compared. */
  get routes(): readonly PdRoute[] {
    return this.#routes;
  }

  get failure(): string | undefined {
    return this.#loop.failure;
  }

  /** Makes the spool; before Kea serves, or the first client's next hop would be lost. */
  prepare(): void {
    mkdirSync(dirname(PD_SPOOL), { recursive: true });
    writeFileSync(PD_SPOOL, "", { mode: 0o600 });
    shareFile(PD_SPOOL, PROGRAMS.kea);
    this.#nextHops = loadNextHops();
  }

  /** Begins to compare; has no effect when it does already. */
  start(): void {
    if (this.#watcher !== undefined) return;
    this.#watcher = watch(PD_SPOOL, () => this.#loop.poke());
    this.#stopMonitor = watchNetwork(["route"], "here", () => this.#loop.poke());
    this.#loop.start();
  }

  stop(): void {
    this.#loop.stop();
    this.#watcher?.close();
    this.#stopMonitor?.();
  }

  /** Compares now; also when the subscriber's link or the tables were made anew. */
  poke(): void {
    this.#allowed = undefined;
    this.#loop.poke();
  }

  async #reconcile(): Promise<void> {
    // Without its interface there is nothing to compare; its return asks again.
    if (!isPresent(this.#options.interface)) {
      this.#routes = [];
      return;
    }
    const learned = this.#readSpool();
    const leases = await this.#options.leases();
    const nowS = Date.now() / 1000;
    const actual = await this.#steadyRoutes.read(() => this.#actualRoutes());
    const desired = desiredRoutes(leases, this.#nextHops, nowS);
    const { replace, remove } = diffRoutes(desired, actual);
    const device = `dev ${this.#options.interface} proto ${ROUTE_PROTOCOL}`;
    if (replace.length + remove.length > 0) {
      await run(["ip", "-6", "-force", "-batch", "-"], {
        input: [
          ...remove.map(({ prefix }) => `route del ${prefix} ${device}`),
          ...replace.map(({ prefix, via }) => `route replace ${prefix} via ${via} ${device}`),
        ].join("\n"),
      });
      for (const { prefix, via } of replace) log("info", `${prefix} is routed via ${via}`);
      for (const { prefix } of remove) log("info", `${prefix} is not routed any more`);
      this.#routes = await this.#actualRoutes();
      this.#options.onChange();
    } else {
      this.#routes = actual;
    }
    const forgotten = this.#forget(leases, nowS);
    if (learned || forgotten) {
      saveNextHops(this.#nextHops);
      this.#options.onChange();
    }
    await this.#allow(desired);
  }

  #readSpool(): boolean {
    const text = readFileSync(PD_SPOOL, "utf8");
    const end = text.lastIndexOf("\n") + 1;
    const fresh = text.slice(this.#read, end);
    this.#read = end;
    if (end > SPOOL_LIMIT) {
      truncateSync(PD_SPOOL);
      this.#read = 0;
    }
    let learned = false;
    for (const line of fresh.split("\n")) {
      const [device, via, prefix] = line.split(" ");
      if (device !== this.#options.interface || via === undefined || prefix === undefined) continue;
      const key = canonicalPrefix(prefix);
      learned ||= this.#nextHops.get(key) !== via;
      this.#nextHops.set(key, via);
    }
    return learned;
  }

  #forget(leases: readonly KeaLease[], nowS: number): boolean {
    const alive = new Set(
      leases.filter((lease) => lease.type === "IA_PD" && isActive(lease, nowS)).map(leasePrefix),
    );
    const dead = [...this.#nextHops.keys()].filter((prefix) => !alive.has(prefix));
    for (const prefix of dead) this.#nextHops.delete(prefix);
    return dead.length > 0;
  }

  async #actualRoutes(): Promise<PdRoute[]> {
    const argv = ["ip", "-6", "-j", "route", "show", "dev", this.#options.interface, "proto", ROUTE_PROTOCOL];
    const routes = await runJson<{ dst: string; gateway?: string }>(argv);
    return routes.map(({ dst, gateway }) => ({ prefix: canonicalPrefix(dst), via: gateway ?? "" }));
  }

  async #allow(desired: readonly PdRoute[]): Promise<void> {
    if (desired.length === 0 && this.#allowed === "[]") return;
    const neighbours = await runJson<{ dst: string; lladdr?: string; state: string[] }>([
      "ip",
      "-6",
      "-j",
      "neigh",
      "show",
      "dev",
      this.#options.interface,
    ]);
    const macs = new Map(
      neighbours.flatMap(({ dst, lladdr }) => (lladdr === undefined ? [] : [[dst, lladdr]])),
    );
    const sources = desired.flatMap(({ prefix, via }) => {
      const mac = macs.get(via);
      return mac === undefined ? [] : [{ prefix, mac }];
    });
    const text = JSON.stringify(sources);
    const anew = this.#allowed === undefined;
    if (text !== this.#allowed) await this.#options.allow(sources, anew);
    this.#allowed = text;
    const silent = new Set(desired.flatMap(({ via }) => (macs.has(via) ? [] : [via])));
    if (silent.size > 0 && !this.#soliciting) void this.#solicit([...silent]);
  }

  /** Makes the kernel ask for the MACs of silent neighbours, and compares again when one answered. */
  async #solicit(addresses: readonly string[]): Promise<void> {
    const ask = (address: string): Promise<boolean> =>
      run(["ping", "-6", "-c", "1", "-W", "1", "-I", this.#options.interface, address]).then(
        () => true,
        () => false,
      );
    this.#soliciting = true;
    const answered = await Promise.all(addresses.map(ask));
    this.#soliciting = false;
    if (answered.includes(true)) this.#loop.poke();
  }
}

function loadNextHops(): Map<string, string> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(STATE, "utf8")) as Record<string, string>));
  } catch {
    return new Map();
  }
}

function saveNextHops(nextHops: ReadonlyMap<string, string>): void {
  replaceFile(STATE, JSON.stringify(Object.fromEntries(nextHops)));
}
