import { parseAdvertisements, type RouterAdvertisement } from "../../core/render/cpe/advertisement.ts";
import type { HostConfig, LanRouter } from "../../core/render/cpe/documents.ts";
import { providerOfPrefix } from "../../core/render/cpe/lan-notice.ts";
import {
  defaultRouters,
  desiredLanRoutes,
  desiredLanRules,
  hasQuestions,
  nextHeard,
  ranked,
  routerOfSource,
  type DefaultRouter,
  type LanState,
} from "../../core/render/cpe/lan-routing.ts";
import { nextForgotten, NOTHING_FORGOTTEN } from "../../core/render/cpe/forget.ts";
import { preferredOf, type HeldHostAddress } from "../../core/render/cpe/host-addresses.ts";
import type { HostAddress, HostDefaultRouter, Problem } from "../../core/model/status/model.ts";
import type { Clock } from "../clock.ts";
import { log } from "../log.ts";
import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import { confined } from "../programs/confine.ts";
import { CommandError, run } from "../programs/command.ts";
import type { Link } from "../net/link.ts";
import { writeResolver } from "../net/resolver.ts";
import { addRouting, ipBatch, readAdvertisedRouters, syncRouting } from "../net/routing.ts";
import { Addresses } from "./addresses.ts";
import type { Way, WayView } from "./way.ts";

/** Advertisements are asked for again after this long; a router that changed its prefixes without a new address shows then. */
const REFRESH_MS = 60_000;
/** While something is missing or not explained, less and less often. */
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 16_000;
/** A router answers at once, or a second after its last advertisement. */
const ANSWER_MS = 1500;

/** The routers to expect, and whose an address of another router is. */
type LanExpectation = Pick<HostConfig, "routers" | "providers">;

/**
 * Sends by the router that a source belongs to (RFC 8028). The kernel keeps routers, addresses and their lifetimes, but not
 * who announced what: that is asked of the routers whenever it is not known of something that the kernel has.
 */
export class LanSender implements Way {
  readonly on = "the shared LAN";
  readonly maker = "the bridge";
  readonly #name: string;
  readonly #clock: Clock;
  readonly #wanted: () => LanExpectation;
  #expected: readonly LanRouter[];
  #forgotten = NOTHING_FORGOTTEN;
  readonly #onHeard: () => void;
  #heard: readonly RouterAdvertisement[] = [];
  #state: LanState;
  readonly #addresses: Addresses;
  #asking = false;
  /** The kernel's routers and addresses when that was last decided. */
  #askedFor = "";
  #askAgainAt = 0;
  #retryMs = FIRST_RETRY_MS;

  /** `wanted` tells what the lab file has by then; `onHeard` is called when routers have answered. */
  constructor(name: string, clock: Clock, wanted: () => LanExpectation, onHeard: () => void) {
    this.#name = name;
    this.#clock = clock;
    this.#addresses = new Addresses(clock);
    this.#wanted = wanted;
    this.#expected = wanted().routers;
    this.#onHeard = onHeard;
    this.#state = this.#look([]);
  }

  /** The ends of all ways; what is there of an earlier life stays. */
  async begin(): Promise<void> {
    await addRouting(desiredLanRoutes(this.#state), desiredLanRules(this.#state));
  }

  /** Asks all routers again at the next update. */
  forget(): void {
    this.#heard = [];
    this.#askAgainAt = 0;
  }

  /** Makes rules and routes equal to what the kernel has and the routers said. */
  async update(link: Link | undefined): Promise<void> {
    const before = this.#expected;
    this.#expected = this.#wanted().routers;
    this.#forgotten = nextForgotten(this.#forgotten, before, this.#expected);
    this.#addresses.update(link);
    await this.#addresses.forget(link, this.#forgotten.prefixes);
    this.#state = this.#look(await this.#forgetRouters());
    this.#heard = nextHeard(this.#state, []);
    this.#state = { ...this.#state, heard: this.#heard };
    if (link === undefined) return;
    this.#askIfDue();
    await syncRouting(desiredLanRoutes(this.#state), desiredLanRules(this.#state));
    this.#resolve();
  }

  /** The kernel's default routers, after those that are not expected any more were taken away. */
  async #forgetRouters(): Promise<DefaultRouter[]> {
    const routers = defaultRouters(await readAdvertisedRouters(), this.#name);
    const gone = routers.filter(({ address }) => this.#forgotten.routers.includes(address));
    await ipBatch(gone.map(({ address }) => `route del default via ${address} dev ${this.#name} proto ra`));
    return routers.filter((router) => !gone.includes(router));
  }

  #look(routers: LanState["routers"]): LanState {
    const addresses = this.#addresses.usable.map(({ address, state, byHand }) => ({
      address,
      preferred: state === "preferred",
      byHand,
    }));
    return {
      interface: this.#name,
      expected: this.#expected,
      routers,
      heard: this.#heard,
      addresses,
    };
  }

  #askIfDue(): void {
    const { routers, addresses } = this.#state;
    const subject = [...routers, ...addresses].map(({ address }) => address).join(" ");
    const now = this.#clock.monotonicMs();
    if (subject !== this.#askedFor) {
      this.#askedFor = subject;
      this.#retryMs = FIRST_RETRY_MS;
      if (hasQuestions(this.#state)) this.#askAgainAt = now;
    }
    if (this.#asking || now < this.#askAgainAt) return;
    this.#asking = true;
    void this.#ask().finally(() => {
      this.#asking = false;
      this.#askAgainAt = this.#clock.monotonicMs() + (hasQuestions(this.#state) ? this.#retryMs : REFRESH_MS);
      this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
      this.#onHeard();
    });
  }

  async #ask(): Promise<void> {
    try {
      const text = await run(
        confined(["rdisc6", "-m", "-r", "1", "-w", String(ANSWER_MS), this.#name], PROGRAMS.rdisc6),
      );
      this.#heard = nextHeard({ ...this.#state, heard: this.#heard }, parseAdvertisements(text));
      this.#state = { ...this.#state, heard: this.#heard };
    } catch (error) {
      // It fails when nobody answers.
      if (!(error instanceof CommandError)) log("warn", String(error));
    }
  }

  /** The DNS servers of all usable routers, the preferred one's first. */
  #resolve(): void {
    const rank = ranked(this.#state);
    const said = rank.flatMap((router) => this.#heard.filter((one) => one.router === router));
    if (said.length === 0) return;
    const all = (of: (one: RouterAdvertisement) => readonly string[]): string[] => [
      ...new Set(said.flatMap(of)),
    ];
    writeResolver(
      all(({ servers }) => servers),
      all(({ search }) => search),
    );
  }

  view(): WayView {
    const usable = ranked(this.#state);
    const addresses = this.#tell(usable);
    const routers = usable.map((address): HostDefaultRouter => ({
      address,
      provider: this.#providerOf(address),
      preference: this.#state.routers.find((one) => one.address === address)?.preference ?? "medium",
    }));
    return { addresses, routers };
  }

  #tell(usable: readonly string[]): HeldHostAddress[] {
    const way = (address: string): Pick<HostAddress, "provider" | "router"> => {
      const router = routerOfSource(address, this.#state);
      const isUsable = router !== undefined && usable.includes(router);
      const provider = this.#providerOf(router) ?? providerOfPrefix(address, this.#wanted().providers);
      return { provider, router: isUsable ? router : null };
    };
    return this.#addresses
      .tell(way)
      .sort((one, other) => this.#rank(one.provider) - this.#rank(other.provider));
  }

  #providerOf(router: string | undefined): string | null {
    return this.#expected.find(({ address }) => address === router)?.provider ?? null;
  }

  #rank(provider: string | null): number {
    const index = this.#expected.findIndex((one) => one.provider === provider);
    return index === -1 ? this.#expected.length : index;
  }

  /** What is missing of each provider. */
  problems(): Problem[] {
    const { addresses, routers } = this.view();
    const preferred = preferredOf(addresses);
    const missing = this.#expected.flatMap(({ provider, address }): Problem[] => {
      if (!routers.some((one) => one.address === address))
        return [
          {
            code: "no-router",
            message: `no router advertisement with a lifetime from ${provider}`,
            provider,
          },
        ];
      return preferred.some(({ router }) => router === address)
        ? []
        : [
            {
              code: "no-address",
              message: `no preferred address from an advertisement of ${provider}`,
              provider,
            },
          ];
    });
    if (routers.length === 0 && missing.length === 0)
      return [{ code: "no-router", message: "no router advertisement with a lifetime" }];
    if (this.#expected.length > 0 || preferred.length > 0) return missing;
    return [{ code: "no-address", message: "no preferred address from an advertisement" }];
  }
}
