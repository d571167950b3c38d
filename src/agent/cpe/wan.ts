import type { CpeWan } from "../../core/render/cpe/documents.ts";
import { iaidOf, linkLocalOf, stableMac } from "../../core/render/cpe/identity.ts";
import type { Lease } from "../../core/render/cpe/lease.ts";
import type { Problem } from "../../core/model/status/model.ts";
import { routerOf, type RouteEntry, type WanRouting } from "../../core/render/cpe/routing.ts";
import type { Clock } from "../clock.ts";
import { log } from "../log.ts";
import { claimLink, deleteLink, hasCarrier, markOf, type Link, type LinkAddress } from "../net/link.ts";
import { createVxlan } from "../net/vxlan.ts";
import { ensureSysctl } from "../net/sysctl.ts";
import { DhcpClient } from "./client.ts";
import { ipBatch, isOffered } from "../net/routing.ts";

/** How leases are asked for: in the name of the CPE; `onLease` is called when there is another one. */
export interface Asking {
  readonly duid: string;
  readonly clock: Clock;
  readonly onLease: () => void;
}

/** One WAN: the link to a provider, taken again whenever it was made anew, and the DHCPv6 client on it. */
export class Wan {
  readonly provider: string;
  readonly number: number;
  readonly interface: string;
  #settings: CpeWan;
  readonly #mac: string;
  readonly #newClient: () => DhcpClient | undefined;
  #client: DhcpClient | undefined;
  #link: Link | undefined;
  #ifindex: number | undefined;
  #router: string | undefined;
  #routerWasThere = false;

  /** Without `asking` it has no client: other software asks for leases there. */
  constructor(cpe: string, number: number, settings: CpeWan, asking: Asking | undefined) {
    const { provider } = settings;
    this.provider = provider;
    this.number = number;
    this.interface = `wan${number}`;
    this.#settings = settings;
    this.#mac = stableMac(`${cpe}/${provider}`);
    this.#newClient = () =>
      asking === undefined
        ? undefined
        : new DhcpClient(this.interface, iaidOf(provider), asking.duid, asking.clock, asking.onLease);
    this.#client = this.#newClient();
  }

  /** Address that reachability is measured against. */
  get probe(): string | undefined {
    return this.#settings.probe;
  }

  /** What its provider delegates from by the lab file, as a word. */
  get pool(): string | undefined {
    return this.#settings.pool;
  }

  /** Takes other settings; whether its provider delegates from other networks now. */
  follow(settings: CpeWan = this.#settings): boolean {
    const before = this.#settings.pool;
    this.#settings = settings;
    return before !== undefined && settings.pool !== before;
  }

  /** Ends it for good. */
  async leave(): Promise<void> {
    log("info", `${this.interface}: ${this.provider} is none of its providers any more`);
    await this.#forget();
    await deleteLink(this.interface);
  }

  /** Of the kernel; undefined while it is not there. */
  get ifindex(): number | undefined {
    return this.#ifindex;
  }

  get present(): boolean {
    return this.#link !== undefined;
  }

  get carrier(): boolean {
    return this.#link !== undefined && hasCarrier(this.#link);
  }

  get router(): string | undefined {
    return this.#router;
  }

  /** The lease; undefined without carrier. */
  get lease(): Lease | undefined {
    return this.carrier ? this.#client?.lease : undefined;
  }

  /** Whether packets can leave: a router that was there and is gone takes the WAN's prefix with it (RFC 8678). */
  get usable(): boolean {
    return this.carrier && (this.#router !== undefined || !this.#routerWasThere);
  }

  get restarts(): number {
    return this.#client?.restarts ?? 0;
  }

  get stalls(): Problem[] {
    return (this.#client?.stalls ?? []).map((problem) => ({ ...problem, provider: this.provider }));
  }

  /** Global addresses that are usable, without length. */
  get addresses(): string[] {
    return this.#global.filter(({ tentative }) => tentative !== true).map(({ local }) => local);
  }

  get #global(): readonly LinkAddress[] {
    return (this.#link?.addr_info ?? []).filter(({ scope }) => scope === "global");
  }

  /** Of addresses that are still tentative too: when they become usable, somebody sends from them at once. */
  get routing(): WanRouting {
    const addresses = this.#global.map(({ local }) => local);
    return { wan: this.number, interface: this.interface, router: this.#router, addresses };
  }

  /** Takes the link when it is offered and none is here; returns whether something was changed. */
  async ensureLink(
    here: ReadonlyMap<string, Link>,
    birth: () => Promise<Map<string, Link>>,
  ): Promise<boolean> {
    const link = here.get(this.interface);
    if (link !== undefined && link.ifindex === this.#ifindex) return false;
    if (this.#ifindex !== undefined) {
      log("warn", `${this.interface} (${this.provider}) is gone`);
      await this.#forget();
    }
    if (link === undefined) {
      const { vxlan, link: name } = this.#settings;
      if (vxlan !== undefined)
        await createVxlan({ name: this.interface, alias: markOf(this.provider), ...vxlan });
      else if (isOffered((await birth()).get(name))) await claimLink(name, this.interface);
      else return false;
    }
    await this.#prepare();
    log("info", `${this.interface} is the line to ${this.provider}`);
    return true;
  }

  async #forget(): Promise<void> {
    this.#ifindex = undefined;
    this.#link = undefined;
    this.#router = undefined;
    this.#routerWasThere = false;
    await this.#client?.stop();
    // dhcpcd ends with its link; what counts as a restart begins with the next one.
    this.#client = this.#newClient();
  }

  /** A MAC address of its own that never changes, one link-local address at once, and up. */
  async #prepare(): Promise<void> {
    // Where /proc/sys is read-only, the container's default says the same; for other software it says what that needs.
    if (this.#client !== undefined) ensureSysctl(`net/ipv6/conf/${this.interface}/accept_ra`, "2");
    await ipBatch([
      `link set dev ${this.interface} down`,
      `link set dev ${this.interface} address ${this.#mac} addrgenmode none`,
      `addr replace ${linkLocalOf(this.#mac)}/64 dev ${this.interface} nodad`,
      `link set dev ${this.interface} up`,
    ]);
    await this.#client?.start();
  }

  /** Takes note of the kernel's state and keeps the leased addresses on the interface. */
  async update(here: ReadonlyMap<string, Link>, routers: readonly RouteEntry[], now: number): Promise<void> {
    this.#link = here.get(this.interface);
    this.#ifindex = this.#link?.ifindex;
    const before = this.#router;
    this.#router = routerOf(routers, this.interface);
    this.#routerWasThere ||= this.#router !== undefined;
    if (this.#link === undefined || this.#client === undefined) return;
    if (this.carrier)
      await this.#client.startOverWithoutLease(before === undefined && this.#router !== undefined);
    if (this.usable) await this.#client.askForPrefix();
    await this.#number(now);
  }

  async #number(now: number): Promise<void> {
    const wanted = this.lease?.addresses.filter(({ validUntil }) => validUntil > now) ?? [];
    const present = this.#link?.addr_info ?? [];
    const stale = ({ local, valid_life_time }: (typeof present)[number]): boolean => {
      const lease = wanted.find(({ value }) => value === local);
      return lease !== undefined && Math.abs(valid_life_time - (lease.validUntil - now)) > 5;
    };
    // What the provider took back goes at once (RFC 8415 18.2.10.1); those from advertisements are the kernel's.
    const lost =
      this.lease === undefined
        ? []
        : present.filter(
            ({ scope, prefixlen, local }) =>
              scope === "global" && prefixlen === 128 && !wanted.some(({ value }) => value === local),
          );
    await ipBatch([
      ...wanted
        .filter(({ value }) => !present.some((entry) => entry.local === value && !stale(entry)))
        .map(
          ({ value, preferredUntil, validUntil }) =>
            `addr replace ${value}/128 dev ${this.interface} nodad ` +
            `preferred_lft ${Math.max(0, preferredUntil - now)} valid_lft ${validUntil - now}`,
        ),
      ...lost.map(({ local }) => `addr del ${local}/128 dev ${this.interface}`),
    ]);
  }

  /** Asks its provider again, now. */
  async renew(): Promise<void> {
    await this.#client?.renew();
  }

  async stop(): Promise<void> {
    await this.#client?.stop();
  }
}
