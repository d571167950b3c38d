import { mkdirSync, writeFileSync } from "node:fs";

import { INTERNET_ADDRESS } from "../../core/internet/config.ts";
import { renderDnsmasq, renderHosts } from "../../core/internet/dns.ts";
import { INTERNET_NAME } from "../../core/names.ts";
import type { InternetStatus, Problem } from "../../core/status/model.ts";
import { log, reasonOf } from "../log.ts";
import { requireSysctls } from "../net/sysctl.ts";
import { serveAgent } from "../serve/socket.ts";
import { Daemon } from "../supervise/daemon.ts";
import { Backbone } from "./backbone.ts";
import { Web } from "./web.ts";

const FOLDER = "/run/mhlab";
const HOSTS_FILE = `${FOLDER}/hosts`;
const DNSMASQ_FILE = `${FOLDER}/dnsmasq.conf`;
/** The services need no right over the network. */
const NOT_FOR_SERVICES = ["sys_admin", "net_admin", "net_raw", "setpcap"] as const;

/** The role of the bundled internet: the far side of every tunnel, and the services on its well-known address. */
export async function runInternet(): Promise<void> {
  requireSysctls([
    ["net/ipv6/conf/all/disable_ipv6", "0", "IPv6 would be off"],
    ["net/ipv6/conf/default/disable_ipv6", "0", "IPv6 would be off on new interfaces"],
    ["net/ipv6/conf/all/forwarding", "1", "providers could not reach each other"],
  ]);
  const backbone = new Backbone();
  const web = new Web(() => backbone.config);
  const daemons = [dnsmasq(), iperf()];
  const status = async (): Promise<InternetStatus> => statusOf(backbone, web, daemons);
  mkdirSync(FOLDER, { recursive: true });
  const writeHosts = (): void => writeFileSync(HOSTS_FILE, renderHosts(backbone.config));
  writeHosts();
  writeFileSync(DNSMASQ_FILE, renderDnsmasq(HOSTS_FILE));
  const server = await serveAgent(status, {
    resync: async () => {
      const changes = backbone.resync();
      writeHosts();
      daemons[0]?.signal("SIGHUP");
      return { ok: true, ...changes };
    },
  });
  backbone.onTick = () => {
    server.publish().catch((error: unknown) => log("warn", `status: ${reasonOf(error)}`));
  };
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.on(signal, () => {
      log("info", `${signal}: shutting down`);
      backbone.stop();
      process.exit(0);
    });
  }
  log("info", `the internet of ${backbone.config.lab}: ${backbone.config.peers.length} tunnels`);
  await backbone.prepare();
  web.start();
  backbone.start();
  await Promise.all(daemons.map((daemon) => daemon.start()));
}

function dnsmasq(): Daemon {
  return new Daemon({
    name: "dnsmasq",
    argv: ["dnsmasq", "-C", DNSMASQ_FILE],
    drop: NOT_FOR_SERVICES,
    onLine: () => {},
  });
}

function iperf(): Daemon {
  return new Daemon({
    name: "iperf3",
    argv: ["iperf3", "--server", "--bind", INTERNET_ADDRESS],
    drop: NOT_FOR_SERVICES,
    onLine: () => {},
  });
}

function statusOf(backbone: Backbone, web: Web, daemons: readonly Daemon[]): InternetStatus {
  const problems: Problem[] = [
    ...backbone.problems(),
    ...daemons
      .filter((daemon) => !daemon.running)
      .map(({ name }) => ({ code: "daemon-down", message: `${name} does not run` })),
    ...(web.listening ? [] : [{ code: "web-down", message: "the web page does not listen yet" }]),
  ];
  const ready = problems.length === 0 && backbone.ready;
  return {
    name: INTERNET_NAME,
    state: ready ? "running" : "starting",
    ready,
    address: INTERNET_ADDRESS,
    peers: backbone.peers(),
    restarts: {
      ...Object.fromEntries(daemons.map(({ name, restarts }) => [name, restarts])),
      wireguard: backbone.restarts(),
    },
    problems,
  };
}
