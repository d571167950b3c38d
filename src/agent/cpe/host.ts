import { parseRdisc } from "../../core/cpe/advertisement.ts";
import type { HostEnvironment } from "../../core/cpe/environment.ts";
import { linkLocalOf, stableMac } from "../../core/cpe/identity.ts";
import { routerOf } from "../../core/cpe/routing.ts";
import type { HostStatus, Problem } from "../../core/status/model.ts";
import { log } from "../log.ts";
import { CommandError, run } from "../net/command.ts";
import { hasCarrier, type Link } from "../net/link.ts";
import { ensureSysctl } from "../net/sysctl.ts";
import { watchNetwork } from "../net/watch.ts";
import type { Appliance } from "../serve/appliance.ts";
import { Loop } from "../supervise/loop.ts";
import { LanSender } from "./lan-sender.ts";
import { ipBatch, readAdvertisedRouters, readLinks } from "./network.ts";
import { Pace } from "./pace.ts";
import { hostPort, type HostPort } from "./port.ts";
import { writeResolver } from "./resolver.ts";

const PORT = "eth0";
const SLOW_MS = 3000;
const DNS_REFRESH_MS = 60_000;

/** A host: one port that is taken again whenever it was made anew; the kernel makes its addresses (RFC 4862). */
export class Host implements Appliance<HostStatus> {
  readonly #environment: HostEnvironment;
  readonly #mac: string;
  readonly #port: HostPort;
  /** On a LAN that providers share. */
  readonly #sender: LanSender | undefined;
  readonly #loop: Loop;
  readonly #pace = new Pace(() => this.#loop.poke());
  #link: Link | undefined;
  #ifindex: number | undefined;
  #router: string | undefined;
  #askedAt: number | undefined;
  /** When the other end was last looked at; undefined after an event on the host's side. */
  #keptAt: number | undefined;
  #wasReady = false;
  /** Called after each comparison with what should be. */
  onChange: () => void = () => {};

  constructor(environment: HostEnvironment) {
    this.#environment = environment;
    this.#mac = stableMac(environment.name);
    this.#port = hostPort(environment, PORT);
    if (environment.link.startsWith("lan:")) {
      const { routers = [] } = environment;
      this.#sender = new LanSender(PORT, routers, () => this.#loop.poke());
    }
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
    watchNetwork(["link"], "birth", () => {
      this.#keptAt = undefined;
      this.#loop.poke();
    });
    watchNetwork(["link", "address", "route"], "here", () => this.#loop.poke());
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#loop.stop();
    await this.#port.release();
  }

  /** Asks for a comparison now. */
  resync(): void {
    this.#askedAt = undefined;
    this.#keptAt = undefined;
    this.#sender?.forget();
    this.#loop.poke();
  }

  async #tick(): Promise<void> {
    let here = await readLinks();
    const link = here.get(PORT);
    if (link === undefined || link.ifindex !== this.#ifindex) {
      this.#askedAt = undefined;
      this.#sender?.forget();
      if (link !== undefined || (await this.#claim())) {
        await this.#prepare();
        here = await readLinks();
      }
    }
    this.#link = here.get(PORT);
    this.#ifindex = this.#link?.ifindex;
    if (this.#link !== undefined) await this.#keep(this.#link);
    await this.#follow();
  }

  /** Comparisons may be quick, and each look at the host's side costs. */
  async #keep(link: Link): Promise<void> {
    const now = performance.now();
    if (this.#keptAt !== undefined && now - this.#keptAt < SLOW_MS) return;
    this.#keptAt = now;
    await this.#port.keep(link);
  }

  /** Follows the routers that the kernel knows. */
  async #follow(): Promise<void> {
    if (this.#sender === undefined) {
      this.#router = routerOf(await readAdvertisedRouters(), PORT);
      if (this.#router !== undefined) await this.#learnDns();
    } else {
      await this.#sender.update(this.#link);
      this.#router = this.#sender.view().defaultRouters[0]?.address;
    }
  }

  async #claim(): Promise<boolean> {
    if (!(await this.#port.acquire())) return false;
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
      ...(this.#sender === undefined ? {} : { onLan: this.#sender.view() }),
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
    const sender = this.#sender;
    const [lan, maker] =
      sender === undefined ? ["the CPE's LAN", "the CPE"] : ["the shared LAN", "the bridge"];
    if (this.#link === undefined) {
      const why = sender === undefined ? undefined : this.#loop.failure;
      return [{ code: "no-link", message: why ?? `the port on ${lan} is not there` }];
    }
    const found = [...this.#port.problems];
    if (!hasCarrier(this.#link))
      return [...found, { code: "no-carrier", message: `${maker}'s end of the port is down` }];
    if (sender !== undefined) return [...found, ...sender.problems()];
    if (this.#router === undefined)
      return [{ code: "no-router", message: "no router advertisement with a lifetime" }];
    if (this.#addresses().length === 0)
      return [{ code: "no-address", message: "no preferred address from an advertisement" }];
    return [];
  }
}
