import { canonicalDomain } from "../../model/values/parse.ts";
import { CACHED_NAME } from "../../model/internet/cache.ts";
import {
  INTERNET_ADDRESS,
  INTERNET_ADDRESS4,
  INTERNET_NAMES,
  IPV4_ONLY_NAME,
  type InternetConfig,
} from "../../model/internet/config.ts";

/**
 * The configuration of dnsmasq: answers from its hosts file only, asks nobody. `no-daemon` keeps it in the foreground and
 * as the user it was started as; changing users needs capabilities that the container has not.
 */
export function renderDnsmasq(hostsFile: string): string {
  return [
    "no-daemon",
    "no-resolv",
    "no-hosts",
    "no-negcache",
    // Who tries addresses in their order meets the same one first in every run.
    "no-round-robin",
    "bind-interfaces",
    `listen-address=${INTERNET_ADDRESS}`,
    "pid-file=",
    "local-ttl=60",
    "local=/example/",
    `addn-hosts=${hostsFile}`,
    "",
  ].join("\n");
}

/** The names that dnsmasq serves, in the form of /etc/hosts; the first name is the reverse one. */
export function renderHosts(config: InternetConfig): string {
  const names = internetNames(config).map((name) => `${INTERNET_ADDRESS} ${name}\n`);
  const caches = config.peers.flatMap(({ cache }) => cache ?? []);
  const cached = (caches.length === 0 ? [INTERNET_ADDRESS] : caches).map(
    (address) => `${address} ${CACHED_NAME}\n`,
  );
  return `${[...names, ...cached].join("")}${INTERNET_ADDRESS4} ${IPV4_ONLY_NAME}\n`;
}

/** The names of the internet's IPv6 address, also those by which provisioning domains are looked up. */
export function internetNames({ peers, services = [] }: InternetConfig): string[] {
  return [
    ...new Set([
      ...INTERNET_NAMES,
      ...peers.map(({ provider }) => `${provider}.example`),
      ...services.flatMap(({ pvd }) => (pvd === undefined ? [] : [canonicalDomain(pvd.name)])),
    ]),
  ];
}
