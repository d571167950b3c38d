import type { Leased } from "../../../core/render/bng/lease-problems.ts";
import { LeaseBook } from "../../../core/render/bng/lease-book.ts";
import { describeAddresses, describeDelegations, type Lease } from "../../../core/render/bng/leases.ts";
import type { Changes } from "../../../core/render/bng/tracked.ts";
import { Upkeep, type UpkeepEffects } from "../../../core/render/bng/upkeep.ts";
import { PROGRAMS } from "../../../core/render/confinement/programs.ts";
import { LEASE_NOTICES } from "../../../core/model/names.ts";
import type { Clock } from "../../clock.ts";
import { fingerprint } from "../../fingerprint.ts";
import { log } from "../../log.ts";
import { isPresent, isUp, SteadyRoutes } from "../../net/glance.ts";
import { watchNetwork } from "../../net/watch.ts";
import { pause } from "../../patience.ts";
import { Loop } from "../../supervise/loop.ts";
import { KernelSide } from "./kernel.ts";
import { Notices } from "./notices.ts";
import { LeaseReader, type ReadPage } from "./reader.ts";

const CHECK_MS = 5000;
/** Nothing can run out where nothing is leased; the hook's word asks for a look at once. */
const IDLE_CHECK_MS = 30_000;
/** So often the database is read on, whether something was lost or not. */
const READ_ON_MS = 10_000;
/** What comes meanwhile goes together: starting a program costs more than a thousand routes. */
const SHORTEST_BATCH_MS = 100;
/** On a machine that is too busy the programs take long; Kea, which is to serve, must not wait for them. */
const LONGEST_BATCH_MS = 500;
const REST_PER_WORK = 3;
/** Looking at all routes after a change may take this part of the time. */
const LOOK_SHARE = 0.05;
/** Without a change, much less: the kernel walks all routes again for each 4 KiB of /proc/net/ipv6_route. */
const GLANCE_SHARE = 0.005;
const LONGEST_LIST = 8;

interface DelegationsOptions {
  interface: string;
  /** Whether something leased is of a prefix that the provider has. */
  isLive: (prefix: string) => boolean;
  page: ReadPage;
  onChange: () => void;
  /** Called when the kernel has other routes, neighbours or sets. */
  onMended?: () => void;
  clock: Clock;
}

/**
 * Keeps routes, neighbours and allowed sources equal to the leases. The hook's notices say what changed; the database, page
 * by page, is the truth behind them; the kernel is looked at after every change that may be somebody else's.
 */
export class Delegations {
  readonly #port: string;
  readonly #isLive: (prefix: string) => boolean;
  readonly #clock: Clock;
  readonly #onChange: () => void;
  readonly #onMended: () => void;
  readonly #loop: Loop;
  readonly #upkeep = new Upkeep();
  readonly #book: LeaseBook;
  readonly #reader: LeaseReader;
  readonly #kernel: KernelSide;
  readonly #steadyRoutes: SteadyRoutes<true>;
  readonly #notices = new Notices(LEASE_NOTICES, PROGRAMS.kea);
  #stopMonitor: (() => void) | undefined;
  #lost = true;
  #known = false;
  #readAt = 0;
  #routesInDoubt: boolean;
  #setsInDoubt: boolean;
  #glanceAgainAt = 0;
  #lookAgainAt = 0;
  #soon: NodeJS.Timeout | undefined;
  #ending: NodeJS.Timeout | undefined;
  #failingSince: number | undefined;
  /** What is leased of prefixes that the provider has not any more. */
  readonly #dead = new Set<string>();
  /** What faults change now. */
  #imposed = "";

  constructor(options: DelegationsOptions) {
    this.#port = options.interface;
    this.#isLive = options.isLive;
    this.#clock = options.clock;
    this.#onChange = options.onChange;
    this.#onMended = options.onMended ?? (() => {});
    this.#book = new LeaseBook((prefix, lease) => this.#keep(prefix, lease));
    this.#reader = new LeaseReader(this.#book, options.page);
    this.#kernel = new KernelSide(this.#upkeep, options.interface);
    // A port that is still to be made has no ways of before, and its rules know nobody.
    this.#routesInDoubt = this.#setsInDoubt = isPresent(options.interface);
    this.#steadyRoutes = new SteadyRoutes(options.interface, options.clock);
    const checkMs = (): number => (this.#book.leases.size === 0 ? IDLE_CHECK_MS : CHECK_MS);
    this.#loop = new Loop("delegations", checkMs, () => this.#reconcile());
  }

  /** Whether the database was read since the start; before, nobody can say that nothing is leased. */
  get known(): boolean {
    return this.#known;
  }

  /** What Kea dropped since the agent started. */
  get dropped(): LeaseBook["dropped"] {
    return this.#book.dropped;
  }

  /** Listens to the hook; before Kea is started, or its first notice would be lost. */
  async prepare(): Promise<void> {
    await this.#notices.listen((line) => {
      if (this.#book.note(line)) this.#lost = true;
      this.#loop.poke();
    });
  }

  /** Begins to compare; has no effect when it does already. */
  start(): void {
    if (this.#stopMonitor !== undefined) return;
    this.#stopMonitor = watchNetwork(["route"], "here", () => {
      this.#routesInDoubt = true;
      this.#loop.poke();
    });
    this.#loop.start();
  }

  stop(): void {
    this.#loop.stop();
    clearTimeout(this.#soon);
    clearTimeout(this.#ending);
    this.#notices.close();
    this.#stopMonitor?.();
  }

  /** Reads all leases again, as of a server that was started anew. */
  reread(): void {
    this.#lost = true;
    this.#loop.poke();
  }

  /** Compares everything now; also when the subscriber's link or the tables were made anew. */
  poke(): void {
    this.#lost = true;
    this.#setsInDoubt = true;
    this.#routesInDoubt = true;
    this.#lookAgainAt = 0;
    this.#loop.poke();
  }

  /** The leases that are known, of prefixes that the provider has. */
  get leases(): readonly Lease[] {
    return [...this.#book.leases.values()].filter(({ prefix }) => !this.#dead.has(prefix));
  }

  /** Takes what faults change of what the kernel is to have; resolves when that was tried. */
  async impose(effects: UpkeepEffects): Promise<void> {
    const text = fingerprint(effects);
    if (text === this.#imposed) return;
    this.#imposed = text;
    this.#upkeep.impose(effects);
    await this.#loop.once();
  }

  /** Takes away the ways of what is leased of prefixes that the provider has not any more, whatever the server says. */
  follow(): void {
    for (const [prefix, lease] of this.#book.leases)
      if (this.#isLive(prefix) === this.#dead.has(prefix)) this.#keep(prefix, lease);
    this.#loop.poke();
  }

  #keep(prefix: string, lease: Lease | undefined): void {
    const isDead = lease !== undefined && !this.#isLive(prefix);
    if (isDead) this.#dead.add(prefix);
    else this.#dead.delete(prefix);
    this.#upkeep.keep(prefix, isDead ? undefined : lease);
  }

  /** What is leased, and whether the kernel routes it. */
  describe(nowS: number): Leased {
    const { leases } = this;
    return {
      delegations: describeDelegations(leases, this.#upkeep.routes.made, nowS),
      addresses: describeAddresses(leases, nowS),
      refused: { prefix: this.#book.refused("prefix"), address: this.#book.refused("address") },
      failure: this.#failure,
    };
  }

  /** Why it fails; what the next look mends is not worth a word, such as Kea's restart. */
  get #failure(): string | undefined {
    const lasts =
      this.#failingSince !== undefined && this.#clock.monotonicMs() - this.#failingSince >= CHECK_MS;
    return lasts ? this.#loop.failure : undefined;
  }

  /** One part that fails does not stop the others; the first failure is the tick's. */
  async #reconcile(): Promise<void> {
    const failures: unknown[] = [];
    const attempt = async (part: () => Promise<void>): Promise<void> => {
      try {
        await part();
      } catch (error) {
        failures.push(error);
      }
    };
    await attempt(() => this.#read());
    this.#expire();
    const begun = this.#clock.monotonicMs();
    // Without its interface there is nothing to compare; its return asks again.
    if (isPresent(this.#port)) {
      let changed = false;
      await attempt(() => this.#look());
      const mend = async (part: () => Promise<Changes>, note?: (changes: Changes) => void): Promise<void> => {
        const changes = await part();
        if (changes.put.length + changes.drop.length === 0) return;
        changed = true;
        note?.(changes);
      };
      // A port that is down has no neighbour and no route; its return asks again.
      const up = isUp(this.#port);
      if (up) await attempt(() => mend(() => this.#kernel.mendNeighbours()));
      await attempt(() => mend(() => this.#kernel.mendSets()));
      if (up) await attempt(() => mend(() => this.#kernel.mendRoutes(), tell));
      if (failures.length > 0) this.#routesInDoubt = this.#setsInDoubt = true;
      if (changed) {
        this.#onMended();
        this.#onChange();
        const rest = REST_PER_WORK * (this.#clock.monotonicMs() - begun);
        await pause(Math.min(LONGEST_BATCH_MS, Math.max(SHORTEST_BATCH_MS, rest)));
      }
    }
    if (failures.length === 0) this.#failingSince = undefined;
    else this.#failingSince ??= this.#clock.monotonicMs();
    if (failures.length > 0) throw failures[0];
  }

  /** To the second: the server looks after its leases less often. */
  #expire(): void {
    const nowS = this.#clock.nowS();
    const leftMs = 1000 * (this.#book.expire(nowS) - nowS);
    clearTimeout(this.#ending);
    if (leftMs < CHECK_MS) this.#ending = setTimeout(() => this.#loop.poke(), leftMs);
  }

  async #read(): Promise<void> {
    const now = this.#clock.monotonicMs();
    if (!this.#lost && now - this.#readAt < READ_ON_MS) return;
    this.#readAt = now;
    if (this.#lost) {
      this.#lost = false;
      try {
        await this.#reader.readAll();
        this.#known = true;
      } catch (error) {
        this.#lost = true;
        throw error;
      }
      this.#onChange();
    } else await this.#reader.readOn();
  }

  async #look(): Promise<void> {
    if (this.#setsInDoubt) {
      await this.#kernel.lookAtSets();
      this.#setsInDoubt = false;
    }
    const now = this.#clock.monotonicMs();
    if (this.#routesInDoubt && now < this.#lookAgainAt) {
      clearTimeout(this.#soon);
      this.#soon = setTimeout(() => this.#loop.poke(), this.#lookAgainAt - now);
    } else if (this.#routesInDoubt) {
      this.#routesInDoubt = false;
      await this.#kernel.lookAtRoutes();
      const done = this.#clock.monotonicMs();
      this.#glanceAgainAt = done + CHECK_MS;
      this.#lookAgainAt = done + (done - now) / LOOK_SHARE;
    } else if (now >= this.#glanceAgainAt) {
      await this.#steadyRoutes.read(async () => {
        await this.#kernel.lookAtRoutes();
        return true;
      });
      this.#glanceAgainAt = now + Math.max(CHECK_MS, (this.#clock.monotonicMs() - now) / GLANCE_SHARE);
    }
  }
}

function tell({ put, drop }: Changes): void {
  if (put.length + drop.length > LONGEST_LIST) {
    log("info", `${put.length} prefixes are routed anew, ${drop.length} not any more`);
    return;
  }
  for (const [prefix, via] of put) log("info", `${prefix} is routed via ${via}`);
  for (const prefix of drop) log("info", `${prefix} is not routed any more`);
}
