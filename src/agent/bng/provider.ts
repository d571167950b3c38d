import type { BngConfig } from "../../core/bng/config.ts";
import { describeAddresses, describeDelegations, type KeaLease } from "../../core/bng/leases.ts";
import { formatIp6, formatPrefix6 } from "../../core/ip6.ts";
import type { SourceValidation } from "../../core/settings/filter.ts";
import type { Problem, ProviderStatus, SubscriberStatus, UplinkStatus } from "../../core/status/model.ts";
import { log } from "../log.ts";
import type { Appliance } from "../serve/appliance.ts";
import { Advertiser } from "./advertiser.ts";
import { Recorder } from "./capture.ts";
import { Delegations } from "./delegations.ts";
import { Kea } from "./kea.ts";
import { loadRules, readObservations } from "./port-rules.ts";
import { RefusalRouteKeeper } from "./refusals.ts";
import { Subscriber } from "./subscriber.ts";
import { Uplink } from "./uplink.ts";

const KEA_POLL_MS = 50;
/** Counters and countdowns change without an event. */
const REFRESH_MS = 1000;

/** One emulated provider: uplink, subscriber link, DHCPv6, router advertisements, routes and source validation together. */
export class Provider implements Appliance<ProviderStatus> {
  readonly #config: BngConfig;
  readonly #uplink: Uplink;
  readonly #subscriber: Subscriber;
  readonly #kea: Kea;
  readonly #advertiser: Advertiser;
  readonly #delegations: Delegations;
  readonly #refusalRoute: RefusalRouteKeeper;
  readonly #recorder: Recorder | undefined;
  #validation: SourceValidation | null = null;
  #refresh: NodeJS.Timeout | undefined;
  #keaServing = false;
  #knownLeases: KeaLease[] = [];
  #wasReady = false;
  onChange: () => void = () => {};

  constructor(config: BngConfig) {
    this.#config = config;
    const changed = (): void => this.onChange();
    this.#uplink = new Uplink(config, changed);
    this.#subscriber = new Subscriber(config, () => this.#serveSubscribers(), changed);
    this.#kea = new Kea(config, () => void this.#awaitKea());
    this.#advertiser = new Advertiser(config, changed);
    this.#delegations = new Delegations({
      interface: config.subscriber.interface,
      leases: () => this.#leases(),
      validateSources: config.sourceValidation !== "off",
      onChange: changed,
    });
    this.#refusalRoute = new RefusalRouteKeeper(config.subscriber.interface);
    this.#recorder = config.capture ? new Recorder() : undefined;
  }

  /** Resolves when everything was asked to come up, with a recorder that listens already. */
  async start(): Promise<void> {
    await this.#recorder?.start();
    this.#refresh = setInterval(() => this.onChange(), REFRESH_MS);
    this.#delegations.prepare();
    this.#uplink.start();
    this.#subscriber.start();
  }

  /** Ends the daemons (BIRD says good-bye with a router lifetime of 0) and gives the interface back. */
  async stop(): Promise<void> {
    clearInterval(this.#refresh);
    this.#delegations.stop();
    this.#refusalRoute.stop();
    try {
      await Promise.all([this.#advertiser.daemon.stop(), this.#kea.daemon.stop(), this.#uplink.stop()]);
      await this.#subscriber.stop();
    } finally {
      await this.#recorder?.stop();
    }
  }

  /** Compares everything with what should be, now; resolves when the tunnel has the keys that are on disk. */
  async resync(): Promise<void> {
    this.#delegations.poke();
    this.#refusalRoute.poke();
    await this.#uplink.takeKeys();
  }

  /** Runs for each new subscriber link: whatever is bound to an interface index starts over. */
  async #serveSubscribers(): Promise<void> {
    this.#validation = await loadRules(this.#config);
    if (this.#validation === "reject") this.#refusalRoute.start();
    await Promise.all([this.#kea.serve(), this.#advertiser.serve()]);
    if (this.#keaServing) this.#delegations.poke();
  }

  /** However long it takes: a slow machine needs more than 10 s. A Kea that ends is awaited anew by its next start. */
  async #awaitKea(): Promise<void> {
    const { pid } = this.#kea.daemon;
    this.#keaServing = false;
    while (!this.#keaServing && this.#kea.daemon.pid === pid) {
      await new Promise((resolve) => setTimeout(resolve, KEA_POLL_MS));
      this.#keaServing = await this.#kea.serving();
    }
    if (!this.#keaServing) return;
    log("info", "kea serves DHCPv6");
    this.#delegations.start();
    this.#delegations.poke();
    this.onChange();
  }

  /** Throws while Kea is away: what it knows stays in force until it says otherwise. */
  async #leases(): Promise<KeaLease[]> {
    this.#knownLeases = await this.#kea.leases();
    return this.#knownLeases;
  }

  async status(): Promise<ProviderStatus> {
    const nowS = Date.now() / 1000;
    const config = this.#config;
    const [uplink, leases, { spoofed, neighbours }] = await Promise.all([
      this.#uplink.status(),
      this.#leases().catch(() => this.#knownLeases),
      readObservations(),
    ]);
    const kea = this.#kea.daemon.running && this.#keaServing;
    const delegations = describeDelegations(
      leases,
      this.#delegations.nextHops,
      this.#delegations.routes,
      nowS,
    );
    const subscriber = this.#subscriber.status(neighbours);
    const ready = kea && this.#advertiser.advertising && uplink.handshakeAgeS !== null;
    if (ready && !this.#wasReady) log("info", "ready");
    this.#wasReady ||= ready;
    const problems = this.#problems(uplink, subscriber, kea);
    for (const { prefix, routed } of delegations) {
      if (!routed)
        problems.push({ code: "not-routed", message: `${prefix} is delegated, but not routed to its CPE` });
    }
    return {
      name: config.name,
      state: problems.length === 0 && ready ? "running" : this.#wasReady ? "degraded" : "starting",
      ready,
      uplink,
      subscriber,
      linkLocal: formatIp6(config.linkLocal),
      prefix: formatPrefix6(config.prefix),
      transfer: formatPrefix6(config.transfer),
      pool: config.pool === undefined ? null : formatPrefix6(config.pool),
      delegations,
      addresses: describeAddresses(leases, nowS),
      restarts: {
        kea: this.#kea.daemon.restarts,
        bird: this.#advertiser.daemon.restarts,
        wireguard: this.#uplink.rebuilds,
      },
      faults: [],
      sourceValidation: { wanted: config.sourceValidation, effective: this.#validation },
      spoofed,
      problems,
    };
  }

  #problems(uplink: UplinkStatus, subscriber: SubscriberStatus, kea: boolean): Problem[] {
    const problems: Problem[] = [];
    const add = (code: string, message: string): void => void problems.push({ code, message });
    if (uplink.state === "down")
      add("no-tunnel", this.#uplink.failure ?? "the tunnel's interface is not there");
    if (uplink.state === "waiting")
      add("no-handshake", `the far side ${uplink.endpoint} has not answered yet`);
    if (uplink.state === "stale")
      add("stale-tunnel", `the far side ${uplink.endpoint} does not answer any more`);
    problems.push(...this.#subscriber.problems);
    if (subscriber.present && !subscriber.carrier) {
      add("no-carrier", `${subscriber.interface} has no carrier; is the CPE connected?`);
    } else if (subscriber.present) {
      if (!kea) add("dhcpv6-silent", "Kea does not serve DHCPv6");
      if (!this.#advertiser.advertising) add("no-ra", "no router advertisement was sent yet");
    }
    return problems;
  }
}
