import { watch } from "node:fs";

import { lanAddress, nextDelegations, type Delegation } from "../../core/cpe/delegations.ts";
import type { CpeEnvironment } from "../../core/cpe/environment.ts";
import { duidOf, stableMac } from "../../core/cpe/identity.ts";
import { LEASE_FOLDER } from "../../core/names.ts";
import type { CpeStatus, Problem, WanStatus } from "../../core/status/model.ts";
import { formatUtc } from "../../core/utc.ts";
import type { Link } from "../net/link.ts";
import { watchNetwork } from "../net/watch.ts";
import type { Appliance } from "../serve/appliance.ts";
import { Loop } from "../supervise/loop.ts";
import { Advertiser } from "./advertiser.ts";
import { LAN, Lan, lanAddresses } from "./lan.ts";
import { readAdvertisedRouters, readBirthLinks, readLinks } from "../net/routing.ts";
import { Pace } from "../supervise/pace.ts";
import { Notice } from "./notice.ts";
import { Reachability } from "./reachability.ts";
import { writeResolver } from "../net/resolver.ts";
import { Router } from "./router.ts";
import { Wan } from "./wan.ts";

const SLOW_MS = 3000;

/** The CPE as a whole: WANs, LAN, routing and advertisements, compared with what should be at every change and every few seconds. */
export class Home implements Appliance<CpeStatus> {
  readonly role = "cpe";
  readonly name: string;
  readonly #environment: CpeEnvironment;
  readonly #wans: readonly Wan[];
  readonly #lan: Lan;
  readonly #router = new Router();
  readonly #advertiser = new Advertiser();
  readonly #notice: Notice;
  readonly #reachability: Reachability;
  readonly #loop: Loop;
  readonly #pace = new Pace(() => this.#loop.poke());
  #delegations: Delegation[] = [];
  #lanLink: Link | undefined;
  #wasReady = false;
  /** Called after each comparison with what should be. */
  onChange: () => void = () => {};

  constructor(environment: CpeEnvironment) {
    this.name = environment.name;
    this.#environment = environment;
    const duid = duidOf(stableMac(environment.name));
    this.#wans = environment.wans.map((wan, index) => new Wan(environment.name, index, wan, duid));
    this.#lan = new Lan(environment.name, environment.hosts);
    this.#notice = new Notice(
      environment.name,
      environment.wans.map(({ provider }) => provider),
    );
    this.#reachability = new Reachability(environment.probe, () => this.onChange());
    this.#loop = new Loop("CPE", SLOW_MS, async () => {
      try {
        await this.#tick();
      } finally {
        this.#wasReady ||= this.ready;
        this.#pace.note(this.ready);
        this.onChange();
      }
    });
  }

  start(): void {
    watch(LEASE_FOLDER, () => this.#loop.poke());
    watchNetwork(["link"], "birth", () => this.#loop.poke());
    watchNetwork(["link", "route"], "here", () => this.#loop.poke());
    this.#loop.start();
  }

  /** Asks all providers again, and compares; resolves when they have answered. */
  async resync(): Promise<void> {
    await Promise.all(this.#wans.map((wan) => wan.renew()));
    this.#loop.poke();
  }

  /** Withdraws the router from the LAN; leases are kept, because a CPE that reboots must not release (RFC 9096 W-2). */
  async stop(): Promise<void> {
    this.#loop.stop();
    await Promise.all([this.#advertiser.stop(), ...this.#wans.map((wan) => wan.stop())]);
  }

  get ready(): boolean {
    return this.#problems().length === 0;
  }

  async #tick(): Promise<void> {
    let here = await readLinks();
    let birth: Promise<Map<string, Link>> | undefined;
    const readBirth = (): Promise<Map<string, Link>> => (birth ??= readBirthLinks());
    const changed = await Promise.all([
      ...this.#wans.map((wan) => wan.ensureLink(here, readBirth)),
      this.#lan.ensureLinks(here),
    ]);
    if (changed.includes(true)) here = await readLinks();
    const routers = await readAdvertisedRouters();
    const now = Math.floor(Date.now() / 1000);
    await Promise.all(this.#wans.map((wan) => wan.update(here, routers, now)));
    this.#delegations = nextDelegations(
      this.#delegations,
      this.#wans.map((wan) => (wan.usable ? wan.lease?.prefix : undefined)),
      now,
    );
    this.#notice.update(this.#delegations);
    this.#lanLink = here.get(LAN);
    await this.#lan.number(this.#lanLink, this.#delegations, now);
    await Promise.all([
      this.#router.update(
        this.#wans.map((wan) => wan.routing),
        this.#delegations,
      ),
      this.#advertiser.update(this.#delegations, this.#dns(), now),
    ]);
    writeResolver(this.#dns());
    for (const [index, wan] of this.#wans.entries()) {
      const delegation = this.#activeDelegation(index);
      await this.#reachability.follow(
        wan.interface,
        delegation === undefined ? undefined : lanAddress(delegation.prefix),
      );
    }
  }

  #dns(): string[] {
    return [...new Set(this.#wans.flatMap((wan) => (wan.usable ? (wan.lease?.dns ?? []) : [])))];
  }

  #activeDelegation(wan: number): Delegation | undefined {
    return this.#delegations.find((delegation) => delegation.wan === wan && delegation.active);
  }

  status(): CpeStatus {
    const problems = this.#problems();
    const restarts = this.#wans.map((wan): [string, number] => [`dhcpcd-${wan.interface}`, wan.restarts]);
    return {
      role: this.role,
      name: this.name,
      state: problems.length === 0 ? "running" : this.#wasReady ? "degraded" : "starting",
      ready: problems.length === 0,
      wans: this.#wans.map((wan, index) => this.#wanStatus(wan, index)),
      lan: { interface: LAN, addresses: lanAddresses(this.#lanLink) },
      restarts: { ...Object.fromEntries(restarts), radvd: this.#advertiser.restarts },
      problems,
    };
  }

  #wanStatus(wan: Wan, index: number): WanStatus {
    const now = Date.now() / 1000;
    const delegation = this.#activeDelegation(index);
    const left = (until: number | undefined): number | null =>
      until === undefined ? null : Math.max(0, Math.round(until - now));
    const rttMs = this.#reachability.rttMs(wan.interface);
    return {
      provider: wan.provider,
      interface: wan.interface,
      present: wan.present,
      carrier: wan.carrier,
      defaultRouter: wan.router ?? null,
      addresses: wan.addresses,
      delegatedPrefix: delegation?.prefix ?? null,
      validS: left(delegation?.validUntil),
      preferredS: left(delegation?.preferredUntil),
      validUntil: timeOf(delegation?.validUntil),
      preferredUntil: timeOf(delegation?.preferredUntil),
      reachable: rttMs !== null,
      rttMs,
    };
  }

  #problems(): Problem[] {
    const problems: Problem[] = [];
    for (const [index, wan] of this.#wans.entries()) {
      const problem = this.#wanProblem(wan, index);
      if (problem !== undefined) problems.push(problem);
    }
    if (!this.#advertiser.running)
      problems.push({ code: "daemon-down", message: "radvd does not run, the LAN gets no advertisements" });
    if (this.#loop.failure !== undefined)
      problems.push({ code: "agent-failure", message: this.#loop.failure });
    return problems;
  }

  #wanProblem(wan: Wan, index: number): Problem | undefined {
    const at = `${wan.interface} (${wan.provider})`;
    if (!wan.present) return { code: "no-link", message: `${at}: the line to the BNG is not there` };
    if (!wan.carrier) return { code: "no-carrier", message: `${at}: the BNG's end of the line is down` };
    if (wan.router === undefined)
      return { code: "no-router", message: `${at}: no router advertisement with a lifetime` };
    if (this.#activeDelegation(index) === undefined)
      return { code: "no-delegation", message: `${at}: no prefix was delegated` };
    if (this.#reachability.measures && this.#reachability.rttMs(wan.interface) === null)
      return {
        code: "unreachable",
        message: `${at}: ${this.#environment.probe ?? ""} does not answer a ping from the delegated prefix`,
      };
    return undefined;
  }
}

function timeOf(untilS: number | undefined): string | null {
  return untilS === undefined ? null : formatUtc(untilS);
}
