import { parseRdisc } from "../../core/cpe/advertisement.ts";
import type { HostEnvironment } from "../../core/cpe/environment.ts";
import { linkLocalOf, stableMac } from "../../core/cpe/identity.ts";
import { routerOf } from "../../core/cpe/routing.ts";
import type { HostStatus, Problem } from "../../core/status/model.ts";
import { log } from "../log.ts";
import { CommandError, run } from "../net/command.ts";
import { claimLink, hasCarrier, type Link } from "../net/link.ts";
import { ensureSysctl } from "../net/sysctl.ts";
import { watchNetwork } from "../net/watch.ts";
import type { Appliance } from "../serve/appliance.ts";
import { Loop } from "../supervise/loop.ts";
import { ipBatch, isOffered, readAdvertisedRouters, readBirthLinks, readLinks } from "./network.ts";
import { Pace } from "./pace.ts";
import { writeResolver } from "./resolver.ts";

const PORT = "eth0";
const SLOW_MS = 3000;
const DNS_REFRESH_MS = 60_000;

/** A host: one port that is taken again whenever it was made anew; the kernel makes its addresses (RFC 4862). */
export class Host implements Appliance<HostStatus> {
  readonly #environment: HostEnvironment;
  readonly #mac: string;
  readonly #loop: Loop;
  readonly #pace = new Pace(() => this.#loop.poke());
  #link: Link | undefined;
  #ifindex: number | undefined;
  #router: string | undefined;
  #askedAt: number | undefined;
  #wasReady = false;
  /** Called after each comparison with what should be. */
  onChange: () => void = () => {};

  constructor(environment: HostEnvironment) {
    this.#environment = environment;
    this.#mac = stableMac(environment.name);
    this.#loop = new Loop("host", SLOW_MS, async () => {
      try {
        await this.#tick();
      } finally {
        const ready = this.#problems().length === 0;
        this.#wasReady ||= ready;
        this.#pace.note(ready);
        this.onChange();
      }
    });
  }

  start(): void {
    watchNetwork(["link"], "birth", () => this.#loop.poke());
    watchNetwork(["link", "address", "route"], "here", () => this.#loop.poke());
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#loop.stop();
  }

  /** Asks for a comparison now. */
  resync(): void {
    this.#askedAt = undefined;
    this.#loop.poke();
  }

  async #tick(): Promise<void> {
    let here = await readLinks();
    const link = here.get(PORT);
    if (link === undefined || link.ifindex !== this.#ifindex) {
      this.#askedAt = undefined;
      if (link !== undefined || (await this.#claim())) {
        await this.#prepare();
        here = await readLinks();
      }
    }
    this.#link = here.get(PORT);
    this.#ifindex = this.#link?.ifindex;
    this.#router = routerOf(await readAdvertisedRouters(), PORT);
    if (this.#router !== undefined) await this.#learnDns();
  }

  async #claim(): Promise<boolean> {
    const { link } = this.#environment;
    if (!isOffered((await readBirthLinks()).get(link))) return false;
    await claimLink(link, PORT);
    log("info", `${PORT} is the port on the LAN`);
    return true;
  }

  /** Without duplicate address detection for the link-local address the solicitation leaves at once. */
  async #prepare(): Promise<void> {
    // Where /proc/sys is read-only, the container's default says the same.
    ensureSysctl(`net/ipv6/conf/${PORT}/accept_ra`, "1");
    await ipBatch([
      "link set dev lo up",
      `link set dev ${PORT} down`,
      `link set dev ${PORT} address ${this.#mac} addrgenmode none`,
      `addr replace ${linkLocalOf(this.#mac)}/64 dev ${PORT} nodad`,
      `link set dev ${PORT} up`,
    ]);
  }

  /** The kernel keeps no DNS servers; rdisc6 solicits an advertisement and prints them. */
  async #learnDns(): Promise<void> {
    const now = performance.now();
    if (this.#askedAt !== undefined && now - this.#askedAt < DNS_REFRESH_MS) return;
    try {
      const { servers, search } = parseRdisc(await run(["rdisc6", "-1", "-r", "2", "-w", "500", PORT]));
      writeResolver(servers, search);
      if (servers.length > 0) this.#askedAt = now;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
    }
  }

  status(): HostStatus & { ready: boolean } {
    const problems = this.#problems();
    const ready = problems.length === 0;
    return {
      name: this.#environment.name,
      state: ready ? "running" : this.#wasReady ? "degraded" : "starting",
      ready,
      addresses: this.#addresses(),
      defaultRouter: this.#router ?? null,
      problems,
    };
  }

  /** Addresses that new connections may use (RFC 4862: preferred). */
  #addresses(): string[] {
    return (this.#link?.addr_info ?? [])
      .filter(
        ({ scope, tentative, deprecated }) => scope === "global" && tentative !== true && deprecated !== true,
      )
      .map(({ local }) => local);
  }

  #problems(): Problem[] {
    if (this.#link === undefined)
      return [{ code: "no-link", message: "the port on the CPE's LAN is not there" }];
    if (!hasCarrier(this.#link))
      return [{ code: "no-carrier", message: "the CPE's end of the port is down" }];
    if (this.#router === undefined)
      return [{ code: "no-router", message: "no router advertisement with a lifetime" }];
    if (this.#addresses().length === 0)
      return [{ code: "no-address", message: "no preferred address from an advertisement" }];
    return [];
  }
}
