import { cpe } from "../../core/model/status/customers.ts";
import { chosenOf, lanAddress, type Delegation } from "../../core/render/cpe/delegations.ts";
import type { CpeConfig } from "../../core/render/cpe/documents.ts";
import { duidOf, stableMac } from "../../core/render/cpe/identity.ts";
import { foreignSoftware } from "../../core/render/cpe/software/registry.ts";
import type { CpeStatus, Problem, Reach, WanStatus } from "../../core/model/status/model.ts";
import { formatUtc } from "../../core/model/utc.ts";
import type { Clock } from "../clock.ts";
import type { Intent } from "../intent/intent.ts";
import type { Link } from "../net/link.ts";
import { watchNetwork } from "../net/watch.ts";
import { SENDING } from "../probe/sender.ts";
import type { Appliance } from "../serve/appliance.ts";
import { Loop } from "../supervise/loop.ts";
import { Bundled } from "./bundled.ts";
import { makeClientFolders } from "./client.ts";
import { Foreign } from "./foreign.ts";
import { LAN, Lan, lanAddresses } from "./lan.ts";
import { readAdvertisedRouters, readBirthLinks, readLinks } from "../net/routing.ts";
import { Pace } from "../supervise/pace.ts";
import { Notice } from "./notice.ts";
import { Reachability } from "./reachability.ts";
import { writeResolver } from "../net/resolver.ts";
import type { HomeSoftware } from "./software.ts";
import type { Wan } from "./wan.ts";
import { Wans } from "./wans.ts";

const SLOW_MS = 3000;

/** The CPE as a whole: WANs, LAN, routing and advertisements, compared with what should be at every change and every few seconds. */
export class Home implements Appliance<CpeStatus> {
  readonly role = "cpe";
  readonly shape = cpe;
  readonly streams = SENDING;
  readonly name: string;
  readonly #intent: Intent<CpeConfig>;
  readonly #clock: Clock;
  readonly #wans: Wans;
  readonly #lan: Lan;
  readonly #software: HomeSoftware;
  readonly #foreign: boolean;
  readonly #notice: Notice;
  readonly #reachability: Reachability;
  readonly #loop: Loop;
  readonly #pace: Pace;
  #lanLink: Link | undefined;
  #wasReady = false;
  /** Called after each comparison with what should be. */
  onChange: () => void = () => {};

  constructor(intent: Intent<CpeConfig>, clock: Clock) {
    const { name, software } = intent.config;
    this.name = name;
    this.#intent = intent;
    this.#clock = clock;
    this.#pace = new Pace(clock, () => this.#loop.poke());
    this.#lan = new Lan(name);
    const foreign = foreignSoftware(software);
    this.#foreign = foreign !== undefined;
    this.#software = foreign === undefined ? new Bundled(this.#lan) : new Foreign(foreign, clock);
    if (foreign === undefined) makeClientFolders();
    const asking = { duid: duidOf(stableMac(name)), clock, onLease: () => this.#loop.poke() };
    this.#wans = new Wans(name, foreign === undefined ? asking : undefined);
    this.#notice = new Notice(name);
    this.#reachability = new Reachability(() => this.onChange());
    this.#loop = new Loop("CPE", SLOW_MS, async () => {
      try {
        await this.#tick();
      } finally {
        // Software of others may never be ready with all lines, and is started all the same.
        this.#wasReady ||= this.ready || (this.#foreign && this.#software.complete);
        this.#pace.note(this.ready);
        this.onChange();
      }
    });
  }

  start(): void {
    watchNetwork(["link"], "birth", () => this.#loop.poke());
    watchNetwork(["link", "route"], "here", () => this.#loop.poke());
    this.#loop.start();
  }

  /** Follows the settings that are on disk, and asks all providers again; resolves when they have answered. */
  async resync(): Promise<void> {
    this.#intent.reload();
    await this.#loop.once();
    await this.#software.renew(this.#wans.all, () => this.#loop.once());
    this.#loop.poke();
  }

  /** Withdraws the router from the LAN; leases are kept, because a CPE that reboots must not release (RFC 9096 WPD-9). */
  async stop(): Promise<void> {
    this.#loop.stop();
    await Promise.all([this.#software.stop(), ...this.#wans.all.map((wan) => wan.stop())]);
  }

  get ready(): boolean {
    return this.#problems().length === 0;
  }

  async #tick(): Promise<void> {
    const { config } = this.#intent;
    await this.#software.begin();
    let here = await readLinks();
    const changes = await this.#wans.follow(config.wans, here);
    this.#software.follow(changes);
    if (changes.removed.size > 0) here = await readLinks();
    const wans = this.#wans.all;
    let birth: Promise<Map<string, Link>> | undefined;
    const readBirth = (): Promise<Map<string, Link>> => (birth ??= readBirthLinks());
    const changed = await Promise.all([
      ...wans.map((wan) => wan.ensureLink(here, readBirth)),
      this.#lan.ensureLinks(config.hosts, here),
    ]);
    if (changed.includes(true)) here = await readLinks();
    const routers = await readAdvertisedRouters();
    const now = Math.floor(this.#clock.nowS());
    await Promise.all(wans.map((wan) => wan.update(here, routers, now)));
    this.#lanLink = here.get(LAN);
    await this.#software.update({ wans, lan: this.#lanLink, now });
    this.#notice.update(
      wans.map(({ number: wan, provider }) => ({ wan, provider })),
      this.#delegations,
      this.#software.complete,
    );
    writeResolver([...this.#software.dns]);
    await this.#measure();
  }

  /** Each WAN's way to its target, from an address of its delegated prefix. */
  async #measure(): Promise<void> {
    await this.#reachability.follow(
      this.#wans.all.flatMap(({ interface: wan, number, probe: target }) => {
        const delegation = this.#activeDelegation(number);
        if (target === undefined || delegation === undefined) return [];
        return [{ wan, target, source: lanAddress(delegation.prefix) }];
      }),
    );
  }

  get #delegations(): readonly Delegation[] {
    return this.#software.delegations;
  }

  #activeDelegation(wan: number): Delegation | undefined {
    return chosenOf(this.#delegations, wan);
  }

  status(): CpeStatus {
    const problems = this.#problems();
    return {
      role: this.role,
      name: this.name,
      state: problems.length === 0 ? "running" : this.#wasReady ? "degraded" : "starting",
      ready: problems.length === 0,
      ...(this.#foreign ? { software: this.#intent.config.software } : {}),
      wans: this.#wans.all.map((wan) => this.#wanStatus(wan)),
      lan: {
        interface: LAN,
        addresses: lanAddresses(this.#lanLink),
        hosts: this.#intent.config.hosts.map(({ name }) => name),
      },
      restarts: { ...this.#software.restarts },
      problems,
    };
  }

  #wanStatus(wan: Wan): WanStatus {
    const delegation = this.#activeDelegation(wan.number);
    return {
      provider: wan.provider,
      interface: wan.interface,
      present: wan.present,
      carrier: wan.carrier,
      defaultRouter: wan.router ?? null,
      addresses: wan.addresses,
      delegatedPrefix: delegation?.prefix ?? null,
      formerPrefixes: this.#delegations
        .filter((one) => one.wan === wan.number && one !== delegation)
        .map(({ prefix, active, validUntil }) => ({
          prefix,
          usable: active,
          validUntil: formatUtc(validUntil),
        })),
      validUntil: timeOf(delegation?.validUntil),
      preferredUntil: timeOf(delegation?.preferredUntil),
      reach: this.#reach(wan),
      rttMs: this.#reachability.rttMs(wan.interface),
      lossPct: this.#reachability.lossPct(wan.interface),
    };
  }

  #reach({ probe, interface: name }: Wan): Reach {
    if (probe === undefined) return "not-measured";
    return this.#reachability.rttMs(name) === null ? "no-answer" : "yes";
  }

  #problems(): Problem[] {
    const problems: Problem[] = [...this.#intent.problems];
    // Before the first comparison there are none, as after `up` has named others.
    const awaited = this.#intent.config.wans.length - this.#wans.all.length;
    if (awaited > 0) problems.push({ code: "no-link", message: "its lines are not looked at yet" });
    for (const wan of this.#wans.all) {
      const problem = this.#wanProblem(wan);
      if (problem !== undefined) problems.push({ ...problem, provider: wan.provider });
    }
    problems.push(...this.#software.problems);
    if (this.#loop.failure !== undefined)
      problems.push({ code: "agent-failure", message: this.#loop.failure });
    return problems;
  }

  #wanProblem(wan: Wan): Problem | undefined {
    const at = `${wan.interface} (${wan.provider})`;
    if (!wan.present) return { code: "no-link", message: `${at}: the line to the BNG is not there` };
    if (!wan.carrier) return { code: "no-carrier", message: `${at}: the BNG's end of the line is down` };
    if (wan.router === undefined)
      return { code: "no-router", message: `${at}: no router advertisement with a lifetime` };
    if (this.#activeDelegation(wan.number) === undefined)
      return { code: "no-delegation", message: `${at}: no prefix was delegated` };
    if (this.#reach(wan) === "no-answer")
      return {
        code: "unreachable",
        message: `${at}: ${wan.probe ?? ""} does not answer a ping from the delegated prefix`,
      };
    return undefined;
  }
}

function timeOf(untilS: number | undefined): string | null {
  return untilS === undefined ? null : formatUtc(untilS);
}
