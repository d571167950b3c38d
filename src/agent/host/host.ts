import { host } from "../../core/model/status/customers.ts";
import { reasonOf } from "../../core/model/errors.ts";
import type { HostConfig } from "../../core/render/cpe/documents.ts";
import { parseLink } from "../../core/model/links/environment.ts";
import { preferredOf } from "../../core/render/cpe/host-addresses.ts";
import { linkLocalOf, stableMac } from "../../core/render/cpe/identity.ts";
import type { HostStatus, Problem } from "../../core/model/status/model.ts";
import type { Clock } from "../clock.ts";
import type { Intent } from "../intent/intent.ts";
import { log } from "../log.ts";
import type { LinkMaker } from "../links/maker.ts";
import { hasCarrier, readLink, type Link } from "../net/link.ts";
import { ipBatch, readLinks } from "../net/routing.ts";
import { ensureSysctl } from "../net/sysctl.ts";
import { watchNetwork } from "../net/watch.ts";
import { SENDING } from "../probe/sender.ts";
import type { Appliance } from "../serve/appliance.ts";
import { Loop } from "../supervise/loop.ts";
import { Pace } from "../supervise/pace.ts";
import { BehindCpe } from "./behind-cpe.ts";
import { LanSender } from "./lan-sender.ts";
import { hostPort } from "./port.ts";
import { SourceProbes } from "./source-probes.ts";
import type { Way } from "./way.ts";

const SLOW_MS = 3000;

/** A host: one port that is taken again whenever it was made anew; the kernel makes its addresses (RFC 4862). */
export class Host implements Appliance<HostStatus> {
  readonly role = "host";
  readonly shape = host;
  readonly streams = SENDING;
  readonly name: string;
  readonly #intent: Intent<HostConfig>;
  readonly #clock: Clock;
  /** The name of its interface. */
  readonly #name: string;
  /** Left out for an interface that has its MAC address from the machine. */
  readonly #mac: string | undefined;
  readonly #port: LinkMaker;
  readonly #way: Way;
  readonly #loop: Loop;
  readonly #pace: Pace;
  readonly #probes: SourceProbes | undefined;
  #link: Link | undefined;
  #ifindex: number | undefined;
  /** When the other end was last looked at; undefined after an event on the host's side. */
  #keptAt: number | undefined;
  #wasReady = false;
  /** When the kernel first told of what was not compared yet. */
  #toldAtMs: number | undefined;
  /** The same of what is being compared. */
  #sinceMs: number | undefined;
  /** Addresses with their states, and routers, as they were last told. */
  #states = "";
  /** Called after each comparison with what should be. */
  onChange: (sinceMs?: number) => void = () => {};

  constructor(intent: Intent<HostConfig>, clock: Clock) {
    const { config } = intent;
    this.#intent = intent;
    this.#clock = clock;
    this.#pace = new Pace(clock, () => this.#loop.poke());
    this.name = config.name;
    this.#name = config.interface;
    this.#mac = macOf(config);
    this.#port = hostPort(config, clock);
    const onChange = (): void => this.#loop.poke();
    this.#way = isOnLan(config)
      ? new LanSender(this.#name, clock, () => intent.config, onChange)
      : new BehindCpe(this.#name, clock, config.cpe, onChange);
    const { probe } = config;
    this.#probes = probe === undefined ? undefined : new SourceProbes(probe, () => this.onChange());
    this.#loop = new Loop("host", SLOW_MS, async () => {
      this.#sinceMs = this.#toldAtMs;
      this.#toldAtMs = undefined;
      try {
        await this.#tick();
      } finally {
        const ready = this.#problems().length === 0;
        this.#wasReady ||= ready;
        this.#pace.note(ready);
        if (!this.#tellStates()) this.onChange();
      }
    });
  }

  start(): void {
    this.#port.watch?.(() => {
      this.#keptAt = undefined;
      this.#loop.poke();
    });
    watchNetwork(["link"], "birth", () => {
      this.#keptAt = undefined;
      this.#loop.poke();
    });
    watchNetwork(["link", "address", "route"], "here", () => {
      this.#toldAtMs ??= this.#clock.monotonicMs();
      this.#loop.poke();
    });
    this.#loop.start();
  }

  onObserved(observed: boolean): void {
    this.#probes?.observe(observed).catch((error: unknown) => log("warn", `probes: ${reasonOf(error)}`));
  }

  async stop(): Promise<void> {
    this.#loop.stop();
    await this.#probes?.observe(false);
    await this.#port.release();
  }

  /** Follows the settings that are on disk; resolves when everything was compared with them. */
  async resync(): Promise<void> {
    this.#intent.reload();
    this.#keptAt = undefined;
    this.#way.forget();
    await this.#loop.once();
  }

  async #tick(): Promise<void> {
    let here = await readLinks();
    const link = here.get(this.#name);
    if (link === undefined || link.ifindex !== this.#ifindex) {
      this.#way.forget();
      await this.#way.begin();
      if (link !== undefined || (await this.#claim())) {
        await this.#prepare();
        here = await readLinks();
      }
    }
    this.#link = here.get(this.#name);
    this.#ifindex = this.#link?.ifindex;
    if (this.#link !== undefined) await this.#keep(this.#link);
    const updated = this.#way.update(this.#link);
    // Addresses are new already. Whoever looks while routers and DNS servers are asked for must know since when they are.
    this.#tellStates();
    await updated;
    const preferred = preferredOf(this.#way.view().addresses);
    await this.#probes?.follow(preferred.map(({ address }) => address));
  }

  /** Comparisons may be quick, and each look at the host's side costs. */
  async #keep(link: Link): Promise<void> {
    const now = this.#clock.monotonicMs();
    if (this.#keptAt !== undefined && now - this.#keptAt < SLOW_MS) return;
    this.#keptAt = now;
    await this.#port.keep(link);
  }

  async #claim(): Promise<boolean> {
    if (!(await this.#port.acquire())) return false;
    log("info", `${this.#name} is the port on the LAN`);
    return true;
  }

  /** Without duplicate address detection for the link-local address the solicitation leaves at once. */
  async #prepare(): Promise<void> {
    // Where /proc/sys is read-only, the container's default says the same.
    const name = this.#name;
    ensureSysctl(`net/ipv6/conf/${name}/accept_ra`, "1");
    const mac = this.#mac ?? (await readLink(name))?.address;
    if (mac === undefined) return;
    await ipBatch([
      "link set dev lo up",
      `link set dev ${name} down`,
      `link set dev ${name} address ${mac} addrgenmode none`,
      `addr replace ${linkLocalOf(mac)}/64 dev ${name} nodad`,
      `link set dev ${name} up`,
    ]);
  }

  /** Tells since when addresses and routers are another's or in another state, if they are; most of what the kernel tells changes nothing. */
  #tellStates(): boolean {
    const { addresses, routers } = this.#way.view();
    const states = JSON.stringify([
      addresses.map(({ address, state }) => [address, state]),
      routers.map(({ address }) => address),
    ]);
    if (states === this.#states) return false;
    this.#states = states;
    this.onChange(this.#sinceMs ?? this.#toldAtMs);
    return true;
  }

  status(): HostStatus {
    const problems = this.#problems();
    const ready = problems.length === 0;
    const { addresses, routers } = this.#way.view();
    return {
      role: this.role,
      name: this.name,
      state: ready ? "running" : this.#wasReady ? "degraded" : "starting",
      ready,
      interface: this.#name,
      place: isOnLan(this.#intent.config) ? "lan" : "cpe",
      addresses: addresses.map((one) => ({
        ...one,
        rttMs: this.#probes?.rttMs(one.address) ?? null,
        lossPct: this.#probes?.lossPct(one.address) ?? null,
      })),
      defaultRouters: routers,
      problems,
    };
  }

  #problems(): Problem[] {
    const { on, maker } = this.#way;
    if (this.#link === undefined) {
      const why = isMade(this.#intent.config)
        ? `the interface ${this.#port.awaited} is not in the host's namespace`
        : `the port on ${on} is not there`;
      const message = this.#loop.failure ?? why;
      return this.#port.problems.length > 0 ? [...this.#port.problems] : [{ code: "no-link", message }];
    }
    const found = [...this.#intent.problems, ...this.#port.problems];
    if (!hasCarrier(this.#link))
      return [...found, { code: "no-carrier", message: `${maker}'s end of the port is down` }];
    return [...found, ...this.#way.problems()];
  }
}

/** Whether it is on a LAN that routers share, not behind a CPE. */
function isOnLan({ cpe }: HostConfig): boolean {
  return cpe === undefined;
}

/** Whether it makes its port itself. */
function isMade({ link }: HostConfig): boolean {
  return parseLink(link) !== undefined;
}

/** A card keeps its own, and a VLAN that of its card; on a link of the machine there may be hosts of other labs. */
function macOf({ name, link, lab }: HostConfig): string | undefined {
  const kind = parseLink(link)?.kind;
  if (kind === "claim" || kind === "vlan") return undefined;
  return stableMac(lab === undefined ? name : `${lab}/${name}`);
}
