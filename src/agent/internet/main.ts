import { internet } from "../../core/model/status/internet.ts";
import { mkdirSync, writeFileSync } from "node:fs";

import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import { INTERNET_ADDRESS, INTERNET_ADDRESS4, INTERNET_NAMES } from "../../core/model/internet/config.ts";
import { renderDnsmasq, renderHosts } from "../../core/render/internet/dns.ts";
import { INTERNET_NAME } from "../../core/model/names.ts";
import type { InternetStatus, Problem } from "../../core/model/status/model.ts";
import type { Clock } from "../clock.ts";
import { log } from "../log.ts";
import { Reflector } from "../probe/reflector.ts";
import { askDns } from "../net/dns-question.ts";
import { requireSysctls } from "../net/sysctl.ts";
import { serveAppliance, type Appliance } from "../serve/appliance.ts";
import type { Streams } from "../serve/server.ts";
import { Daemon } from "../supervise/daemon.ts";
import { stallsOf } from "../supervise/stalls.ts";
import { Backbone } from "./backbone.ts";
import { Services } from "./services.ts";
import { Web } from "./web.ts";

const FOLDER = "/run/mhlab";
const HOSTS_FILE = `${FOLDER}/hosts`;
const DNSMASQ_FILE = `${FOLDER}/dnsmasq.conf`;

/** The role of the bundled internet: the far side of every tunnel, and the services on its well-known address. */
export async function runInternet(clock: Clock): Promise<void> {
  requireSysctls([
    ["net/ipv6/conf/all/disable_ipv6", "0", "IPv6 would be off"],
    ["net/ipv6/conf/default/disable_ipv6", "0", "IPv6 would be off on new interfaces"],
    ["net/ipv6/conf/all/forwarding", "1", "providers could not reach each other"],
  ]);
  await serveAppliance(new Internet(new Backbone(), clock), clock);
}

/** Names of the daemons that answer DNS. */
const RESOLVERS: ReadonlySet<string> = new Set(["dnsmasq", "named"]);

class Internet implements Appliance<InternetStatus> {
  readonly role = "internet";
  readonly shape = internet;
  readonly name = INTERNET_NAME;
  readonly #backbone: Backbone;
  readonly #webs = ["::", INTERNET_ADDRESS4].map((host) => new Web(() => this.#backbone.config, { host }));
  readonly #services: Services;
  readonly #dnsmasq = dnsmasq();
  readonly #reflector = new Reflector();
  readonly #daemons = [this.#dnsmasq, iperf(), this.#reflector.daemon];
  readonly streams: Streams = { arrivals: (_request, asker) => this.#reflector.follow(asker) };

  constructor(backbone: Backbone, clock: Clock) {
    this.#backbone = backbone;
    this.#services = new Services(() => backbone.config, clock);
  }

  set onChange(callback: () => void) {
    this.#backbone.onChange = callback;
  }

  async start(): Promise<void> {
    const { lab, peers } = this.#backbone.config;
    log("info", `the internet of ${lab}: ${peers.length} tunnels`);
    mkdirSync(FOLDER, { recursive: true });
    this.#writeHosts();
    writeFileSync(DNSMASQ_FILE, renderDnsmasq(HOSTS_FILE));
    await this.#backbone.prepare();
    for (const web of this.#webs) web.start();
    this.#backbone.start();
    this.#services.start();
    await Promise.all(this.#daemons.map((daemon) => daemon.start()));
  }

  stop(): void {
    this.#services.stop();
    this.#backbone.stop();
  }

  async resync(): Promise<object> {
    const changes = this.#backbone.resync();
    this.#writeHosts();
    void this.#dnsmasq.signal("SIGHUP");
    await this.#services.resync();
    return changes;
  }

  status(): InternetStatus {
    const daemons = [...this.#daemons, ...this.#services.daemons];
    const problems: Problem[] = [
      ...this.#backbone.problems(),
      ...daemons
        .filter((daemon) => !daemon.running)
        .map(({ name }) => ({ code: "daemon-down", message: `${name} does not run` })),
      ...daemons.flatMap((daemon) =>
        stallsOf([daemon], RESOLVERS.has(daemon.name) ? "dns-stalled" : "daemon-stalled"),
      ),
      ...(this.#webs.every(({ listening }) => listening)
        ? []
        : [{ code: "web-down", message: "the web page does not listen yet" }]),
      ...this.#services.problems,
    ];
    const ready = problems.length === 0 && this.#backbone.ready;
    return {
      role: "internet",
      name: INTERNET_NAME,
      state: ready ? "running" : "starting",
      ready,
      address: INTERNET_ADDRESS,
      peers: this.#backbone.peers(),
      services: this.#services.status(),
      certificateAuthority: this.#services.authority,
      restarts: {
        ...Object.fromEntries(daemons.map(({ name, restarts }) => [name, restarts])),
        wireguard: this.#backbone.restarts(),
      },
      problems,
    };
  }

  #writeHosts(): void {
    writeFileSync(HOSTS_FILE, renderHosts(this.#backbone.config));
  }
}

function dnsmasq(): Daemon {
  return new Daemon({
    name: "dnsmasq",
    argv: ["dnsmasq", "-C", DNSMASQ_FILE],
    confinement: PROGRAMS.dnsmasq,
    onLine: () => {},
    ask: () => askDns(INTERNET_ADDRESS, INTERNET_NAMES[0]),
    inbox: "udp6",
  });
}

function iperf(): Daemon {
  return new Daemon({
    name: "iperf3",
    argv: ["iperf3", "--server", "--bind", INTERNET_ADDRESS],
    confinement: PROGRAMS.iperf3,
    onLine: () => {},
  });
}
