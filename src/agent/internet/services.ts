import type { InternetConfig } from "../../core/model/internet/config.ts";
import { internetNames } from "../../core/render/internet/dns.ts";
import { PVD_PATH } from "../../core/model/internet/pvd.ts";
import type { InternetServiceStatus, Problem } from "../../core/model/status/model.ts";
import type { Clock } from "../clock.ts";
import type { Daemon } from "../supervise/daemon.ts";
import { Loop } from "../supervise/loop.ts";
import { Authority } from "./authority.ts";
import { PvdServer } from "./pvd-server.ts";
import { Resolvers } from "./resolvers.ts";
import { Translators } from "./translators.ts";

const CHECK_MS = 30_000;

/** What is done for single providers, kept as the configuration says. */
export class Services {
  readonly #config: () => InternetConfig;
  readonly #translators = new Translators();
  readonly #resolvers = new Resolvers();
  readonly #authority: Authority;
  readonly #pvds: PvdServer;
  readonly #loop: Loop;
  #made = false;

  constructor(config: () => InternetConfig, clock: Clock) {
    this.#config = config;
    this.#authority = new Authority(config().lab);
    this.#pvds = new PvdServer(this.#authority, clock, () =>
      (config().services ?? []).flatMap(({ pvd }) => pvd ?? []),
    );
    this.#loop = new Loop("services", CHECK_MS, () => this.#follow());
  }

  get daemons(): Daemon[] {
    return [...this.#resolvers.daemons, ...this.#translators.daemons];
  }

  get problems(): Problem[] {
    const { failure } = this.#loop;
    const why = failure === undefined ? "is being made" : `is not there: ${failure}`;
    return [
      ...(this.#made && failure === undefined
        ? []
        : [{ code: "services-down", message: `what single providers have ${why}` }]),
      ...(this.#pvds.serving
        ? []
        : [{ code: "pvd-down", message: "the provisioning domains are not served yet" }]),
    ];
  }

  /** The certificate of those who serve by HTTPS, as PEM; null when nothing is. */
  get authority(): string | null {
    return this.#authority.certificate ?? null;
  }

  status(): InternetServiceStatus[] {
    return (this.#config().services ?? []).map(({ provider, resolver, nat64, pvd }) => ({
      provider,
      resolver: resolver?.address ?? null,
      dns64: resolver?.dns64 ?? null,
      nat64: nat64?.prefix ?? null,
      pvd: pvd === undefined ? null : `https://${pvd.name.replace(/\.$/, "")}${PVD_PATH}`,
    }));
  }

  start(): void {
    this.#loop.start();
  }

  stop(): void {
    this.#loop.stop();
    this.#pvds.stop();
  }

  /** Resolves when it was compared with the configuration, whatever came of it. */
  async resync(): Promise<void> {
    this.#made = false;
    await this.#loop.once();
  }

  async #follow(): Promise<void> {
    const config = this.#config();
    const services = config.services ?? [];
    const mtus = new Map(config.peers.map(({ provider, mtu }) => [provider, mtu]));
    await this.#translators.follow(
      services.flatMap(({ provider, nat64 }) => {
        const mtu = mtus.get(provider);
        return nat64 === undefined || mtu === undefined ? [] : [{ ...nat64, provider, mtu }];
      }),
    );
    await this.#resolvers.follow(
      services.flatMap(({ provider, resolver }) =>
        resolver === undefined ? [] : [{ ...resolver, provider }],
      ),
      internetNames(config),
    );
    await this.#pvds.follow();
    this.#made = true;
  }
}
