import { provider } from "../../core/model/status/provider.ts";
import type { BngConfig } from "../../core/render/bng/config.ts";
import { capacityOf } from "../../core/render/bng/kea.ts";
import { leaseProblems } from "../../core/render/bng/lease-problems.ts";
import { currentNetwork, isLive } from "../../core/render/bng/networks.ts";
import { formatIp6, formatPrefix6, parsePrefix6 } from "../../core/model/ip6.ts";
import type { FaultEvent } from "../../core/model/protocol/event.ts";
import type {
  Problem,
  ProviderStatus,
  SubscriberStatus,
  UplinkStatus,
} from "../../core/model/status/model.ts";
import type { Clock } from "../clock.ts";
import type { Intent } from "../intent/intent.ts";
import { answerOverride } from "../intent/requests.ts";
import { log } from "../log.ts";
import { pause } from "../patience.ts";
import type { Appliance } from "../serve/appliance.ts";
import type { Handlers } from "../serve/server.ts";
import { Loop } from "../supervise/loop.ts";
import { stallsOf } from "../supervise/stalls.ts";
import { watchNetwork } from "../net/watch.ts";
import { Advertiser } from "./advertiser.ts";
import { Recorder } from "./capture.ts";
import { tellFarSide } from "./far-side-notice.ts";
import { actionsOf } from "./faults/actions.ts";
import { DnsRelay } from "./faults/dns-relay.ts";
import { Faults } from "./faults/faults.ts";
import { FurtherAdvertiser } from "./faults/further-advertiser.ts";
import { RoguePort } from "./faults/rogue-port.ts";
import { FaultRuleKeeper } from "./faults/rules.ts";
import { Delegations } from "./leases/delegations.ts";
import { Kea } from "./kea.ts";
import { dropForeignLeases, leaseStoreProblem } from "./lease-store.ts";
import { LineKeeper } from "./line.ts";
import { Neighbours } from "./neighbours.ts";
import { PortObserver } from "./port-observer.ts";
import { PortRules } from "./port-rules.ts";
import { RefusalRouteKeeper } from "./refusals.ts";
import { Renumbering } from "./renumbering.ts";
import { Subscriber } from "./subscriber.ts";
import { Uplink } from "./uplink.ts";

const KEA_POLL_MS = 50;
/** Looking at the counters starts programs; while a start is followed step by step, this often is enough. */
const STARTING_MS = 1000;
/** A change of the intent is followed at once, and what could not be applied is tried again soon. */
const FOLLOW_MS = 60_000;

/** One emulated provider: uplink, subscriber link, DHCPv6, router advertisements, routes and source validation together. */
export class Provider implements Appliance<ProviderStatus> {
  readonly role = "bng";
  readonly shape = provider;
  readonly name: string;
  readonly #intent: Intent<BngConfig>;
  readonly #clock: Clock;
  readonly #uplink: Uplink;
  readonly #subscriber: Subscriber;
  readonly #kea: Kea;
  readonly #advertiser: Advertiser;
  readonly #further: FurtherAdvertiser;
  readonly #rogue: RoguePort;
  readonly #relay: DnsRelay;
  readonly #delegations: Delegations;
  readonly #refusalRoute: RefusalRouteKeeper;
  readonly #rules: PortRules;
  readonly #faultRules: FaultRuleKeeper;
  readonly #line: LineKeeper;
  readonly #faults: Faults;
  readonly #recorder: Recorder | undefined;
  /** Makes what serves customers follow the intent. */
  readonly #follower: Loop;
  readonly #renumbering: Renumbering;
  #stopWatching: (() => void) | undefined;
  #refusing = false;
  /** Whether there was a port before. */
  #served = false;
  #keaServing = false;
  readonly #observer: PortObserver;
  #wasReady = false;
  readonly handlers: Handlers = {
    override: async (request) => {
      const answer = answerOverride(this.#intent, request);
      await this.#faults.settled();
      // Whoever asks a customer to ask again does so next.
      if (request.set !== undefined || request.clear === true) await this.#follower.once();
      return answer;
    },
    inject: (request) => this.#faults.inject(request),
    clear: (request) => this.#faults.clear(request),
    keepalive: async (request) => this.#faults.keepalive(request),
    renumber: async (request) => {
      const answer = this.#renumbering.obey(request);
      await this.#follower.once();
      return answer;
    },
  };
  onChange: () => void = () => {};
  onEvent: (event: FaultEvent) => void = () => {};

  constructor(intent: Intent<BngConfig>, clock: Clock) {
    const { config } = intent;
    this.name = config.name;
    this.#intent = intent;
    this.#clock = clock;
    const changed = (): void => this.onChange();
    this.#uplink = new Uplink(intent, clock, () => this.#faults.effects, changed);
    this.#subscriber = new Subscriber({
      intent,
      clock,
      isDown: () => this.#faults.effects.portDown,
      onReady: () => this.#serveSubscribers(),
      onChange: changed,
    });
    this.#rules = new PortRules(intent, clock);
    this.#observer = new PortObserver({
      port: () => intent.config.subscriber.interface,
      rules: this.#rules,
      neighbours: new Neighbours(intent, () => this.#subscriber.ownMacs),
      clock,
    });
    this.#kea = new Kea(
      intent,
      () => this.#faults.effects.dhcp,
      () => void this.#awaitKea(),
    );
    this.#advertiser = new Advertiser(intent, {
      faults: () => this.#faults.effects.ra,
      clock,
      onChange: changed,
    });
    this.#further = new FurtherAdvertiser(intent, () => this.#faults.effects.ra);
    this.#rogue = new RoguePort(intent, () => this.#faults.effects.ra.rogue);
    this.#relay = new DnsRelay(intent, () => this.#faults.effects.dns);
    this.#delegations = new Delegations({
      interface: config.subscriber.interface,
      isLive: (text) => {
        const leased = parsePrefix6(text);
        return leased !== undefined && isLive(intent.config, leased);
      },
      page: (after, limit) => this.#kea.leases(after, limit),
      onChange: changed,
      // The kernel knows other neighbours then, without a packet.
      onMended: () => this.#observer.forget(),
      clock,
    });
    this.#refusalRoute = new RefusalRouteKeeper(config.subscriber.interface, clock);
    this.#recorder = config.capture ? new Recorder() : undefined;
    this.#follower = new Loop("settings", FOLLOW_MS, () => this.#follow());
    this.#renumbering = new Renumbering(intent, clock, () => this.#follower.poke());
    this.#faultRules = new FaultRuleKeeper(intent, () => ({
      packets: this.#faults.effects.packets,
      leftMs: this.#faults.leftMs,
    }));
    this.#line = new LineKeeper(intent, clock, () => this.#faults.effects);
    this.#faults = new Faults({
      intent,
      clock,
      actions: actionsOf(intent, {
        all: () => this.#delegations.leases,
        forget: (prefixes) => this.#kea.forget(prefixes),
        giveBack: (held) => this.#kea.giveBack(held, clock.nowS()),
      }),
      rules: this.#faultRules,
      apply: () => this.#applyFaults(),
      onEvent: (event) => this.onEvent(event),
    });
    intent.onChange(() => {
      this.#line.loop.poke();
      this.#faultRules.loop.poke();
      this.#follower.poke();
    });
  }

  /** Resolves when everything was asked to come up, with a recorder that listens already. */
  async start(): Promise<void> {
    await this.#recorder?.start();
    this.#stopWatching = watchNetwork(["link", "address"], "here", () => {
      this.#subscriber.poke();
      this.#uplink.poke();
      this.#refusalRoute.poke();
      if (this.#rules.isTunnelNew) this.#follower.poke();
    });
    this.#renumbering.start();
    dropForeignLeases(this.#intent.config);
    await this.#delegations.prepare();
    this.#faultRules.loop.start();
    this.#line.start();
    this.#uplink.start();
    this.#subscriber.start();
    this.#follower.start();
    this.#faults.start();
  }

  /** Ends the daemons (BIRD says good-bye with a router lifetime of 0) and gives the interface back. */
  async stop(): Promise<void> {
    this.#stopWatching?.();
    this.#renumbering.stop();
    this.#faults.stop();
    this.#faultRules.loop.stop();
    this.#line.stop();
    this.#follower.stop();
    this.#delegations.stop();
    this.#refusalRoute.stop();
    this.#relay.stop();
    try {
      await Promise.all([
        this.#advertiser.daemon.stop(),
        this.#further.stop(),
        this.#kea.daemon.stop(),
        this.#uplink.stop(),
      ]);
      await this.#subscriber.stop();
    } finally {
      await this.#recorder?.stop();
    }
  }

  /** Compares everything with what should be, now; resolves when the settings and keys that are on disk are in force. */
  async resync(): Promise<void> {
    this.#intent.reload();
    this.#delegations.poke();
    this.#refusalRoute.poke();
    // By the loop: two that follow at once would each begin what the other has begun.
    await Promise.all([this.#follower.once(), this.#uplink.takeKeys()]);
    if (this.#follower.failure !== undefined) throw new Error(this.#follower.failure);
  }

  /** Applies what the intent changed; a part that was not started yet will start with it. */
  async #follow(): Promise<void> {
    await this.#rules.follow();
    this.#keepRefusalRoute();
    this.#delegations.follow();
    tellFarSide(this.#intent.config);
    await this.#rogue.raise();
    // BIRD knows what to say of a prefix before its address is there.
    await Promise.all([this.#advertiser.follow(), this.#further.follow()]);
    await Promise.all([this.#subscriber.follow(), this.#uplink.follow()]);
    // Who stands in for resolvers listens at that address.
    await Promise.all([this.#kea.follow(), this.#line.loop.once(), this.#relay.follow()]);
    // Now that it has said good-bye.
    await this.#rogue.remove();
    this.onChange();
  }

  /** Everything that a fault can change follows; what fails anyway is no failure of the fault. */
  async #applyFaults(): Promise<string | undefined> {
    const failures = (): (string | undefined)[] => [
      this.#line.loop.failure,
      this.#faultRules.loop.failure,
      this.#follower.failure,
      this.#uplink.failure,
      this.#subscriber.failure,
    ];
    const before = failures();
    await Promise.all([
      this.#line.loop.once(),
      this.#faultRules.loop.once(),
      this.#follower.once(),
      this.#uplink.follow(),
      this.#subscriber.follow(),
      this.#delegations.impose(this.#faults.effects),
    ]);
    return failures().find((failure, index) => failure !== undefined && failure !== before[index]);
  }

  #keepRefusalRoute(): void {
    const refusing = this.#rules.effective === "reject";
    if (refusing === this.#refusing) return;
    this.#refusing = refusing;
    if (refusing) this.#refusalRoute.start();
    else this.#refusalRoute.stop();
  }

  /** Runs for each new subscriber link: whatever is bound to an interface index starts over. */
  async #serveSubscribers(): Promise<void> {
    await this.#rules.load();
    await this.#line.reload();
    await this.#faultRules.reload();
    this.#keepRefusalRoute();
    this.#refusalRoute.poke();
    await Promise.all([this.#kea.serve(), this.#advertiser.serve()]);
    // What stands beside them needs the link too.
    this.#follower.poke();
    if (this.#served) this.#delegations.poke();
    this.#served = true;
  }

  /** However long it takes: a slow machine needs more than 10 s. A Kea that ends is awaited anew by its next start. */
  async #awaitKea(): Promise<void> {
    const { pid } = this.#kea.daemon;
    this.#keaServing = false;
    while (!this.#keaServing && this.#kea.daemon.pid === pid) {
      await pause(KEA_POLL_MS);
      this.#keaServing = await this.#kea.serving();
    }
    if (!this.#keaServing) return;
    log("info", "kea serves DHCPv6");
    this.#delegations.start();
    this.#delegations.reread();
    this.onChange();
  }

  async status(maxAgeMs = 0): Promise<ProviderStatus> {
    const nowS = this.#clock.nowS();
    const { config } = this.#intent;
    const current = currentNetwork(config);
    const [uplink, { leaks, flooded, dropped, neighbours }, faults] = await Promise.all([
      this.#uplink.status(),
      this.#observer.observe(this.#wasReady ? maxAgeMs : Math.max(maxAgeMs, STARTING_MS)),
      this.#faults.status(),
    ]);
    const kea =
      this.#kea.daemon.running && !this.#kea.daemon.stalled && this.#keaServing && this.#delegations.known;
    const leased = this.#delegations.describe(nowS);
    const subscriber = this.#subscriber.status(neighbours);
    const ready =
      kea && this.#advertiser.advertising && !this.#advertiser.daemon.stalled && uplink.handshakeAt !== null;
    if (ready && !this.#wasReady) log("info", "ready");
    this.#wasReady ||= ready;
    const problems = this.#problems(uplink, subscriber, kea);
    problems.push(...leaseProblems(config, leased));
    const unstored = leaseStoreProblem();
    if (unstored !== undefined) problems.push(unstored);
    return {
      role: this.role,
      name: this.name,
      state: problems.length === 0 && ready ? "running" : this.#wasReady ? "degraded" : "starting",
      ready,
      uplink,
      subscriber,
      advertisement: this.#advertiser.status(),
      linkLocal: formatIp6(config.linkLocal),
      prefix: current === undefined ? "" : formatPrefix6(current.prefix),
      prefixes: this.#renumbering.describe(),
      transfer: current === undefined ? "" : formatPrefix6(current.transfer),
      pool: config.pool === undefined ? null : formatPrefix6(config.pool),
      capacity: capacityOf(config),
      dhcp: {
        delegationLength: config.pool === undefined ? null : config.delegatedLength,
        renewS: config.lifetimes.renewS,
        rebindS: config.lifetimes.rebindS,
      },
      delegations: leased.delegations,
      addresses: leased.addresses,
      restarts: {
        kea: this.#kea.daemon.restarts,
        bird: this.#advertiser.daemon.restarts,
        wireguard: this.#uplink.rebuilds,
      },
      faults,
      settings: this.#intent.settings,
      override: this.#intent.override,
      sourceValidation: { wanted: config.sourceValidation, effective: this.#rules.effective },
      leaks,
      flooded,
      dropped: { ...dropped, ...this.#delegations.dropped },
      problems,
    };
  }

  #problems(uplink: UplinkStatus, subscriber: SubscriberStatus, kea: boolean): Problem[] {
    const problems: Problem[] = [];
    const add = (code: string, message: string): void => void problems.push({ code, message });
    if (uplink.state === "down")
      add(
        "no-tunnel",
        this.#uplink.failure ??
          `the tunnel's interface is ${this.#faults.effects.tunnelDown ? "down" : "not there"}`,
      );
    if (uplink.state === "waiting")
      add("no-handshake", `the far side ${uplink.endpoint} has not answered yet`);
    if (uplink.state === "stale")
      add("stale-tunnel", `the far side ${uplink.endpoint} does not answer any more`);
    problems.push(...this.#intent.problems);
    if (this.#follower.failure !== undefined)
      add("settings-not-applied", `its settings are not in force: ${this.#follower.failure}`);
    if (this.#renumbering.failure !== undefined)
      add("prefix-not-ended", `a prefix that is over cannot be ended: ${this.#renumbering.failure}`);
    if (this.#line.loop.failure !== undefined)
      add("line-not-kept", `its line is not as it should be: ${this.#line.loop.failure}`);
    problems.push(...this.#subscriber.problems);
    problems.push(...stallsOf([this.#kea.daemon], "dhcp-stalled"));
    problems.push(...stallsOf([this.#advertiser.daemon], "ra-stalled"));
    if (subscriber.present && !subscriber.carrier) {
      add("no-carrier", `${subscriber.place} has no carrier; is the CPE connected?`);
    } else if (subscriber.present) {
      if (!kea && !this.#kea.daemon.stalled) add("dhcpv6-silent", "Kea does not serve DHCPv6");
      if (!this.#advertiser.advertising) add("no-ra", "no router advertisement was sent yet");
    }
    return problems;
  }
}
