import { mkdirSync, rmSync } from "node:fs";

import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import { INTERNET_NAMES } from "../../core/model/internet/config.ts";
import { renderNamed, renderZone, zoneFile, type Resolver } from "../../core/render/internet/named.ts";
import { replaceFile } from "../files.ts";
import { log } from "../log.ts";
import { askDns } from "../net/dns-question.ts";
import { runIp } from "../programs/ip.ts";
import { makeOwnFolder } from "../programs/confine.ts";
import { Daemon } from "../supervise/daemon.ts";

const FOLDER = "/run/mhlab/named";
const CONFIG_FILE = `${FOLDER}/named.conf`;

/** The resolvers that single providers have: one named for all, which runs while there are any. */
export class Resolvers {
  readonly #daemon = new Daemon({
    name: "named",
    argv: ["named", "-f", "-n", "1", "-c", CONFIG_FILE],
    confinement: PROGRAMS.named,
    before: () => makeOwnFolder(FOLDER, PROGRAMS.named),
    onLine: (line) => log("error", `named: ${line}`),
    ask: () => askDns(this.#resolvers[0]?.address ?? "::1", INTERNET_NAMES[0]),
    inbox: "udp6",
  });
  #resolvers: readonly Resolver[] = [];
  #written = "";

  get daemons(): Daemon[] {
    return this.#resolvers.length === 0 ? [] : [this.#daemon];
  }

  /** Makes what is answered equal to this; `names` have the internet's address. Throws CommandError. */
  async follow(wanted: readonly Resolver[], names: readonly string[]): Promise<void> {
    const text = JSON.stringify([wanted, names]);
    if (text === this.#written) return;
    const before = this.#resolvers;
    this.#resolvers = wanted;
    await runIp([
      ...wanted.map(({ address }) => `addr replace ${address}/128 dev lo nodad`),
      ...before
        .filter(({ address }) => wanted.every((other) => other.address !== address))
        .map(({ address }) => `addr del ${address}/128 dev lo`),
    ]);
    mkdirSync(FOLDER, { recursive: true });
    for (const resolver of before) rmSync(zoneFile(FOLDER, resolver), { force: true });
    for (const resolver of wanted)
      replaceFile(zoneFile(FOLDER, resolver), renderZone(resolver, names), 0o644);
    replaceFile(CONFIG_FILE, renderNamed(FOLDER, wanted), 0o644);
    if (wanted.length === 0) await this.#daemon.stop();
    else if (this.#daemon.running) await this.#daemon.signal("SIGHUP");
    else await this.#daemon.start();
    this.#written = text;
  }
}
