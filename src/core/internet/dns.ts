import { INTERNET_ADDRESS, INTERNET_NAMES, type InternetConfig } from "./config.ts";

/** The configuration of dnsmasq: answers from its hosts file only, asks nobody, runs as it was started. */
export function renderDnsmasq(hostsFile: string): string {
  return [
    "keep-in-foreground",
    "log-facility=-",
    "no-resolv",
    "no-hosts",
    "no-negcache",
    "bind-interfaces",
    `listen-address=${INTERNET_ADDRESS}`,
    "user=root",
    "group=root",
    "pid-file=",
    "local-ttl=60",
    "local=/example/",
    `addn-hosts=${hostsFile}`,
    "",
  ].join("\n");
}

/** The names that dnsmasq serves, in the form of /etc/hosts; the first name is the reverse one. */
export function renderHosts(config: InternetConfig): string {
  const names = [...INTERNET_NAMES, ...config.peers.map(({ provider }) => `${provider}.example`)];
  return names.map((name) => `${INTERNET_ADDRESS} ${name}\n`).join("");
}
