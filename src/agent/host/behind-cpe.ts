import { existsSync, readFileSync, watchFile } from "node:fs";

import { parseRdisc } from "../../core/render/cpe/advertisement.ts";
import { preferredOf } from "../../core/render/cpe/host-addresses.ts";
import {
  lanNoticeFile,
  providerOfAddress,
  providersWithout,
  type LanNotice,
} from "../../core/render/cpe/lan-notice.ts";
import { LAB_FOLDER } from "../../core/model/names.ts";
import { defaultRouters } from "../../core/render/cpe/lan-routing.ts";
import type { HostDefaultRouter, Problem } from "../../core/model/status/model.ts";
import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import type { Clock } from "../clock.ts";
import { confined } from "../programs/confine.ts";
import { CommandError, run } from "../programs/command.ts";
import type { Link } from "../net/link.ts";
import { writeResolver } from "../net/resolver.ts";
import { readAdvertisedRouters } from "../net/routing.ts";
import { Addresses } from "./addresses.ts";
import type { Way, WayView } from "./way.ts";

/** Between two questions for DNS servers: the first advertisements of a CPE that begins do not name all of them. */
const [FIRST_DNS_REFRESH_MS, DNS_REFRESH_MS] = [1000, 60_000];
/** Looked at by stat(2): the kernel allows 128 inotify instances to all that root runs, which is less than nodes. */
const NOTICE_LOOK_MS = 500;

/** By one router, which sends each packet by the provider that its source is from; the kernel does the rest (RFC 4861, 4862). */
export class BehindCpe implements Way {
  readonly on = "the CPE's LAN";
  readonly maker = "the CPE";
  readonly #port: string;
  readonly #clock: Clock;
  readonly #cpe: string | undefined;
  readonly #addresses: Addresses;
  #routers: HostDefaultRouter[] = [];
  #notice: LanNotice | undefined;
  #askedAt: number | undefined;
  #askAgainMs = FIRST_DNS_REFRESH_MS;
  #dns = "";

  /** `onNotice` is called when the CPE may have told something else. */
  constructor(port: string, clock: Clock, cpe: string | undefined, onNotice: () => void) {
    this.#port = port;
    this.#clock = clock;
    this.#addresses = new Addresses(clock);
    this.#cpe = cpe;
    if (cpe === undefined || !existsSync(LAB_FOLDER)) return;
    watchFile(lanNoticeFile(cpe), { interval: NOTICE_LOOK_MS }, onNotice);
  }

  /** Its router knows each source's provider. */
  async begin(): Promise<void> {}

  forget(): void {
    this.#askedAt = undefined;
    this.#askAgainMs = FIRST_DNS_REFRESH_MS;
  }

  async update(link: Link | undefined): Promise<void> {
    this.#addresses.update(link);
    const notice = this.#readNotice();
    // A CPE with other prefixes may have other DNS servers.
    if (JSON.stringify(notice) !== JSON.stringify(this.#notice)) this.forget();
    this.#notice = notice;
    await this.#addresses.forget(link, this.#notice?.gone ?? []);
    const routers = defaultRouters(await readAdvertisedRouters(), this.#port);
    this.#routers = routers.map((router) => ({ ...router, provider: null }));
    if (routers.length > 0) await this.#learnDns();
  }

  /** The kernel keeps no DNS servers; rdisc6 solicits an advertisement and prints them. Asked again ever later, while they stay. */
  async #learnDns(): Promise<void> {
    const now = this.#clock.monotonicMs();
    if (this.#askedAt !== undefined && now - this.#askedAt < this.#askAgainMs) return;
    try {
      const { servers, search } = parseRdisc(
        await run(confined(["rdisc6", "-1", "-r", "2", "-w", "500", this.#port], PROGRAMS.rdisc6)),
      );
      writeResolver(servers, search);
      if (servers.length === 0) return;
      const dns = JSON.stringify([servers, search]);
      this.#askAgainMs =
        dns === this.#dns ? Math.min(2 * this.#askAgainMs, DNS_REFRESH_MS) : FIRST_DNS_REFRESH_MS;
      this.#dns = dns;
      this.#askedAt = now;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
    }
  }

  #readNotice(): LanNotice | undefined {
    return this.#cpe === undefined ? undefined : readNotice(this.#cpe);
  }

  view(): WayView {
    const router = this.#routers[0]?.address ?? null;
    const addresses = this.#addresses.tell((address) => ({
      provider: providerOfAddress(address, this.#notice) ?? null,
      router,
    }));
    return { addresses, routers: this.#routers };
  }

  problems(): Problem[] {
    if (this.#routers.length === 0)
      return [{ code: "no-router", message: "no router advertisement with a lifetime" }];
    const preferred = preferredOf(this.view().addresses).map(({ address }) => address);
    // As the CPE has it now: whoever waits for this host must not be told of what was on the LAN half a second ago.
    const without = providersWithout(preferred, this.#readNotice());
    const message = "no preferred address from an advertisement";
    if (without.length === 0) return preferred.length > 0 ? [] : [{ code: "no-address", message }];
    return without.map((provider) => ({
      code: "no-address",
      message: `${message} in a prefix of ${provider}`,
      provider,
    }));
  }
}

/** Undefined where the CPE writes none: the containers share no folder. */
function readNotice(cpe: string): LanNotice | undefined {
  try {
    return JSON.parse(readFileSync(lanNoticeFile(cpe), "utf8")) as LanNotice;
  } catch {
    return undefined;
  }
}
