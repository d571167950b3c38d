import {
  nextDelegations,
  withdraw,
  withoutStrays,
  type Delegation,
} from "../../core/render/cpe/delegations.ts";
import type { Problem } from "../../core/model/status/model.ts";
import { hasCarrier } from "../net/link.ts";
import { stallsOf } from "../supervise/stalls.ts";
import { Advertiser } from "./advertiser.ts";
import type { Lan } from "./lan.ts";
import { Router } from "./router.ts";
import type { HomeNow, HomeSoftware } from "./software.ts";
import type { Wan } from "./wan.ts";
import type { WanChanges } from "./wans.ts";

/** mhlab's own: each packet leaves by the provider that its source is from, and hosts are told of every change (RFC 7084, 8678, 9096). */
export class Bundled implements HomeSoftware {
  readonly #lan: Lan;
  readonly #router = new Router();
  readonly #advertiser = new Advertiser();
  #wans: readonly Wan[] = [];
  readonly #seen = new Set<number>();
  delegations: readonly Delegation[] = [];

  constructor(lan: Lan) {
    this.#lan = lan;
  }

  get restarts(): Record<string, number> {
    const clients = this.#wans.map((wan): [string, number] => [`dhcpcd-${wan.interface}`, wan.restarts]);
    return { ...Object.fromEntries(clients), radvd: this.#advertiser.restarts };
  }

  get complete(): boolean {
    return this.#wans.every(({ number }) => this.#seen.has(number));
  }

  get problems(): Problem[] {
    const stalled = [
      ...stallsOf([this.#advertiser], "ra-stalled"),
      ...this.#wans.flatMap((wan) => wan.stalls),
    ];
    if (this.#advertiser.running) return stalled;
    return [
      { code: "daemon-down", message: "radvd does not run, the LAN gets no advertisements" },
      ...stalled,
    ];
  }

  get dns(): string[] {
    return [...new Set(this.#wans.flatMap((wan) => (wan.usable ? (wan.lease?.dns ?? []) : [])))];
  }

  async begin(): Promise<void> {
    await this.#router.begin();
  }

  follow({ removed, repooled }: WanChanges): void {
    for (const number of removed) this.#seen.delete(number);
    this.delegations = withdraw(this.delegations, repooled).filter(({ wan }) => !removed.has(wan));
  }

  async update({ wans, lan, now }: HomeNow): Promise<void> {
    this.#wans = wans;
    const leased = byNumber(wans, (wan) => (wan.usable ? (wan.lease?.prefixes ?? []) : []));
    this.delegations = nextDelegations(this.delegations, leased, now);
    for (const { wan, active } of this.delegations) if (active) this.#seen.add(wan);
    await this.#lan.number(lan, this.delegations, now);
    await Promise.all([
      this.#router.update(
        wans.map((wan) => wan.routing),
        this.delegations,
      ),
      this.#advertiser.update(this.delegations, this.dns, {
        isUp: lan !== undefined && hasCarrier(lan),
        now,
      }),
    ]);
  }

  /** Afterwards everybody in the lab is what its file says: what lingers and is in no pool of it is forgotten. */
  async renew(wans: readonly Wan[], compare: () => Promise<void>): Promise<void> {
    await Promise.all(wans.map((wan) => wan.renew()));
    await compare();
    this.delegations = withoutStrays(
      this.delegations,
      new Map(wans.map(({ number, pool }) => [number, pool])),
    );
  }

  /** Withdraws the router from the LAN. */
  async stop(): Promise<void> {
    await this.#advertiser.stop();
  }
}

/** What each WAN has, at the place of its number. */
function byNumber<T>(wans: readonly Wan[], of: (wan: Wan) => readonly T[]): (readonly T[])[] {
  const values: (readonly T[])[] = [];
  for (const wan of wans) values[wan.number] = of(wan);
  return Array.from(values, (value) => value ?? []);
}
