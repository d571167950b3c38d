import type { DhcpEffects } from "../../model/faults/effects.ts";
import { addressIn, formatIp6, formatPrefix6, subnetCount, type Prefix6 } from "../../model/ip6.ts";
import { LEASE_NOTICES, NODE_FOLDER, stableHash } from "../../model/names.ts";
import type { Reservation } from "../../model/settings/dhcpv6.ts";
import type { BngConfig, Network } from "./config.ts";
import { currentNetwork, liveNetworks } from "./networks.ts";

export const KEA_CONTROL_SOCKET = "/run/kea/kea6-ctrl-socket";
/** In the node's volume: a BNG that is made anew knows its customers. */
export const KEA_FOLDER = `${NODE_FOLDER}/kea`;
const KEA_LEASE_FILE = `${KEA_FOLDER}/kea-leases6.csv`;
/** IA_NA addresses lie apart from what SLAAC and people choose: `::1:0` to `::1:3fff` of the transfer network. */
const FIRST_ADDRESS = 0x1_0000n;
const LAST_ADDRESS = 0x1_3fffn;
/** More leases than a lab has, and no more than the agent can hold. */
const MOST_LEASES = 32_768;
/** Kea asks nobody for a declined address so long. */
const PROBATION_S = 300;

/** The number of its one subnet. */
export const SUBNET_ID = 1;

/** The first and the last address that IA_NA gives. */
export function addressPool(transfer: Prefix6): { first: bigint; last: bigint } {
  return { first: addressIn(transfer, FIRST_ADDRESS), last: addressIn(transfer, LAST_ADDRESS) };
}

/** How many addresses and how many delegations a provider can lease at once. */
export function capacityOf(config: BngConfig): { addresses: number; delegations: number } {
  const { pool, delegatedLength } = config;
  const prefixes = pool === undefined ? 0n : subnetCount(pool, delegatedLength);
  return {
    addresses: currentNetwork(config) === undefined ? 0 : Number(LAST_ADDRESS - FIRST_ADDRESS) + 1,
    delegations: prefixes > MOST_LEASES ? MOST_LEASES : Number(prefixes),
  };
}

/**
 * Kea's configuration of a BNG (Kea 2.6 ARM, RFC 8415): IA_NA in the transfer network, IA_PD from the pool, of the current
 * prefix; and what its hook says in the place of the truth. What was leased of a former prefix is the hook's business, too:
 * Kea itself knows just one way to leave a pool.
 */
export function renderKea(config: BngConfig, lies: DhcpEffects = {}): string {
  const { transfer, lifetimes, subscriber } = config;
  const { first, last } = addressPool(transfer);
  const dhcp6 = {
    "interfaces-config": {
      interfaces: [subscriber.interface],
      "re-detect": true,
      "service-sockets-max-retries": 1_000_000,
      "service-sockets-retry-wait-time": 250,
    },
    // A DUID that is the same after every restart, without a state file.
    "server-id": { type: "LL", htype: 1, identifier: serverIdentifier(config.name), persist: false },
    "control-socket": { "socket-type": "unix", "socket-name": KEA_CONTROL_SOCKET },
    "lease-database": { type: "memfile", persist: true, name: KEA_LEASE_FILE, "lfc-interval": 3600 },
    "expired-leases-processing": {
      // Each look wakes it; the agent takes away the way of what has ended to the second.
      "reclaim-timer-wait-time": 5,
      // What has ended is gone at once (with 0): nobody fills the database with what he does not hold any more.
      "flush-reclaimed-timer-wait-time": 0,
      "hold-reclaimed-time": 0,
      "max-reclaim-leases": 0,
      "max-reclaim-time": 0,
    },
    "decline-probation-period": PROBATION_S,
    "mac-sources": ["ipv6-link-local", "duid"],
    "host-reservation-identifiers": ["duid"],
    "multi-threading": { "enable-multi-threading": false },
    "calculate-tee-times": false,
    "renew-timer": lifetimes.renewS,
    "rebind-timer": lifetimes.rebindS,
    "preferred-lifetime": lifetimes.preferredS,
    "valid-lifetime": lifetimes.validS,
    "hooks-libraries": [
      { library: "libdhcp_lease_cmds.so" },
      {
        library: "libdhcp_mhlab.so",
        parameters: {
          notices: LEASE_NOTICES,
          "own-address": formatIp6(config.linkLocal),
          "per-customer": config.perCustomer,
          "in-all": MOST_LEASES,
          networks: liveNetworks(config).map(hookNetwork),
          ...liesOf(config, lies),
        },
      },
    ],
    "option-data": optionsOf(config),
    subnet6: [
      {
        id: SUBNET_ID,
        subnet: formatPrefix6(transfer),
        // Without it Kea finds no subnet for clients that are heard on the link itself.
        interface: subscriber.interface,
        "rapid-commit": true,
        pools:
          currentNetwork(config) === undefined ? [] : [{ pool: `${formatIp6(first)}-${formatIp6(last)}` }],
        "pd-pools": poolsOf(config),
        reservations: config.reservations.map(reservationOf),
      },
    ],
    loggers: [
      {
        name: "kea-dhcp6",
        severity: "WARN",
        "output-options": [{ output: "stdout", pattern: "%-5p %m\n" }],
      },
    ],
  };
  return `${JSON.stringify({ Dhcp6: dhcp6 }, null, 2)}\n`;
}

/** Those beside the ones of each address and delegation. */
function optionsOf(config: BngConfig): { name: string; data: string }[] {
  const { dns, dnsSearch, solMaxRtS, infMaxRtS, captivePortal } = config;
  return [
    ...(dns.length === 0 ? [] : [{ name: "dns-servers", data: dns.join(", ") }]),
    ...(dnsSearch.length === 0 ? [] : [{ name: "domain-search", data: dnsSearch.join(", ") }]),
    { name: "solmax-rt", data: String(solMaxRtS) },
    ...(infMaxRtS === undefined ? [] : [{ name: "inf-max-rt", data: String(infMaxRtS) }]),
    // Kea reads commas as the end of a value.
    ...(captivePortal === undefined
      ? []
      : [{ name: "v6-captive-portal", data: captivePortal.replaceAll(",", "\\,") }]),
  ];
}

function poolsOf({ pool, delegatedLength, exclude }: BngConfig): object[] {
  if (pool === undefined) return [];
  return [
    {
      prefix: formatIp6(pool.bits),
      "prefix-len": pool.length,
      "delegated-len": delegatedLength,
      // Kea finds by it the one at the same place in each delegation.
      ...(exclude === undefined
        ? {}
        : { "excluded-prefix": formatIp6(exclude.bits), "excluded-prefix-len": exclude.length }),
    },
  ];
}

function reservationOf({ duid, prefix, address }: Reservation): object {
  return {
    duid,
    ...(prefix === undefined ? {} : { prefixes: [formatPrefix6(prefix)] }),
    ...(address === undefined ? {} : { "ip-addresses": [formatIp6(address)] }),
  };
}

/** What is leased of a network outlives it in no case; `until`: it is deprecated, and ends then, in seconds since 1970. */
function hookNetwork({ transfer, pool, delegatedLength, state, endsAtS = 0 }: Network): object {
  return {
    transfer: formatIp6(transfer.bits),
    ...(pool === undefined
      ? {}
      : { pool: formatIp6(pool.bits), "pool-length": pool.length, "delegated-length": delegatedLength }),
    ...(state === "current" ? {} : { until: Math.ceil(endsAtS) }),
  };
}

/** The hook's parameter; none without a lie. */
function liesOf(config: BngConfig, lies: DhcpEffects): { lies?: Record<string, unknown> } {
  if (Object.keys(lies).length === 0) return {};
  const { second } = lies;
  return {
    lies: {
      "delay-ms": lies.delayMs,
      "no-prefix": lies.noPrefix,
      "no-binding": lies.noBinding,
      infinite: lies.infinite,
      times: lies.times,
      "renewed-length": lies.renewedLength,
      moves: lies.moves,
      same: lies.same,
      second: second && {
        duid: linkLayerDuid(`second/${config.name}`),
        "first-duid": linkLayerDuid(config.name),
        home: formatPrefix6(second.prefix),
        "first-home": formatPrefix6(config.prefix),
        preference: second.preference,
      },
    },
  };
}

/** As it is on the wire: DUID-LL over Ethernet (RFC 8415 11.4). */
function linkLayerDuid(name: string): string {
  return `00030001${serverIdentifier(name)}`;
}

function serverIdentifier(name: string): string {
  return `0200${stableHash(`duid/${name}`).toString(16).padStart(8, "0")}`;
}
