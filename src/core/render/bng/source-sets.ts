/** The sets of the subscriber port's rules: who may send what, who was heard, and who sent too much. */
import type { Customer } from "./leases.ts";
import { nftObjects } from "./nft.ts";
import type { Changes } from "./tracked.ts";

/** Table name of all that the agent loads; replaced whole. */
export const TABLE = "mhlab";
/** Neighbour discovery and DHCPv6 beyond the limits. */
export const FLOODED_COUNTER = "flooded";
/** DHCPv6 that is relayed, fragmented or behind an extension header. */
export const WRAPPED_COUNTER = "wrapped";
/** Packets to on-link addresses that nobody was assigned or used. */
export const UNASSIGNED_COUNTER = "unassigned";
/** MACs whose packets the limits dropped. */
export const FLOODERS_SET = "flooders";
/** Leaks by direction: how many, and of whom. `up`: by source, from customers; `down`: by destination, to them. */
export const LEAKS = {
  up: { counter: "leaksup", set: "leaksources" },
  down: { counter: "leaksdown", set: "leakdestinations" },
} as const;
/** Who sent each refused packet, by that packet's mark. */
export const SENDERS_MAP = "senders";

/** Kept by the agent, from the leases. */
export const LEASED = {
  /** (MAC, what was delegated to it), of a length that has no set of its own. */
  delegated: "delegated",
  /** (MAC, address that it has for sure): next hops and leased addresses. */
  nextHops: "nexthops",
  /** Those addresses: nobody else's. */
  taken: "taken",
  /** MACs of who has a lease. */
  customers: "customers",
} as const;
const LEASED_TYPES: Record<keyof typeof LEASED, string> = {
  delegated: "ether_addr . ipv6_addr; flags interval",
  nextHops: "ether_addr . ipv6_addr",
  taken: "ipv6_addr",
  customers: "ether_addr",
};

/**
 * Lengths of delegations that have a set of their own, in which a prefix is found by its first address: among thousands the
 * kernel finds and adds one as quickly as among few, which takes it longer and longer with intervals.
 */
export const EXACT_LENGTHS: readonly number[] = [48, 52, 56, 60, 62, 64];

/** The set of (MAC, first address of what was delegated to it) of one of those lengths. */
export function exactSet(length: number): string {
  return `${LEASED.delegated}${length}`;
}

/** Kept by the rules, from packets. */
export const HEARD = {
  /** (MAC, address) pairs in use: an address is whose packet is the first. */
  users: "users",
  used: "used",
  /** On-link addresses that were in use, or asked for by duplicate address detection, within a day. */
  known: "known",
  /** Bounds how many addresses a MAC can ask for by duplicate address detection. */
  claimants: "claimants",
  /** Bounds how many addresses a MAC can take. */
  newcomers: "newcomers",
  /** MACs that had a lease until lately: somebody else may have asked for it by the same DUID. */
  settled: "settled",
  /** Bounds how much a MAC can say. */
  talkers: "talkers",
} as const;
/** An address is free again when it was not used for so long: CPEs are replaced. */
const USED_S = 120;
/** What all newcomers together bring in that time fits, so no flood can fill it. */
const USED_SIZE = 32_768;

/**
 * What the rules count and look up. It is loaded before them, and stays when they change: a set of prefixes that comes in one
 * transaction with its rules is empty for a moment after these are in force, and an honest packet would be refused.
 */
export function renderSourceSets(): string {
  const lines = [
    `table netdev ${TABLE} {`,
    ...[FLOODED_COUNTER, WRAPPED_COUNTER, UNASSIGNED_COUNTER].map((name) => `  counter ${name} {}`),
    `  set ${FLOODERS_SET} { ${dynamic("ether_addr", 1024, "1h")} counter; }`,
    ...Object.values(LEAKS).flatMap(({ counter, set }) => [
      `  counter ${counter} {}`,
      `  set ${set} { ${dynamic("ipv6_addr", 1024, "1h")} counter; }`,
    ]),
    ...Object.entries(LEASED_TYPES).map(
      ([name, type]) => `  set ${LEASED[name as keyof typeof LEASED]} { type ${type}; }`,
    ),
    ...EXACT_LENGTHS.map((length) => `  set ${exactSet(length)} { type ether_addr . ipv6_addr; }`),
    `  set ${HEARD.users} { ${dynamic("ether_addr . ipv6_addr", USED_SIZE, `${USED_S}s`)} }`,
    `  set ${HEARD.used} { ${dynamic("ipv6_addr", USED_SIZE, `${USED_S}s`)} }`,
    `  set ${HEARD.known} { ${dynamic("ipv6_addr", USED_SIZE, "1d")} }`,
    `  set ${HEARD.claimants} { ${dynamic("ether_addr", 8192, "10m")} }`,
    `  set ${HEARD.newcomers} { ${dynamic("ether_addr", 8192, "10m")} }`,
    `  set ${HEARD.settled} { ${dynamic("ether_addr", USED_SIZE, `${USED_S}s`)} }`,
    `  set ${HEARD.talkers} { ${dynamic("ether_addr", 8192, "1m")} }`,
    `  map ${SENDERS_MAP} { ${dynamic("mark : ether_addr", 1024, "5s")} }`,
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function dynamic(type: string, size: number, timeout: string): string {
  return `type ${type}; size ${size}; flags dynamic,timeout; timeout ${timeout};`;
}

/** The elements that one lease needs, each with its set before a `|`. */
export function elementsOf(prefix: string, { via, mac }: Customer): string[] {
  const [address = "", text] = prefix.split("/");
  const length = Number(text);
  const isAddress = length === 128;
  const delegated = EXACT_LENGTHS.includes(length)
    ? `${exactSet(length)}|${mac} . ${address}`
    : `${LEASED.delegated}|${mac} . ${prefix}`;
  return [
    `${LEASED.customers}|${mac}`,
    ...(isAddress ? [] : [delegated]),
    ...[via, ...(isAddress ? [address] : [])].flatMap((own) => [
      `${LEASED.nextHops}|${mac} . ${own}`,
      `${LEASED.taken}|${own}`,
    ]),
  ];
}

/** Commands that change the agent's sets in one step. What stays is not touched: an element that goes and comes in one transaction is missing for a moment. */
export function renderElements({ put, drop }: Changes): string {
  const lines = [
    ...elementCommands("delete", drop),
    ...elementCommands(
      "add",
      put.map(([element]) => element),
    ),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function elementCommands(verb: "add" | "delete", elements: readonly string[]): string[] {
  const bySet = new Map<string, string[]>();
  for (const element of elements) {
    const [set = "", value = ""] = element.split("|");
    const values = bySet.get(set);
    if (values === undefined) bySet.set(set, [value]);
    else values.push(value);
  }
  return [...bySet].map(([set, values]) => `${verb} element netdev ${TABLE} ${set} { ${values.join(", ")} }`);
}

const LEASED_SETS: ReadonlySet<string> = new Set([
  ...Object.values(LEASED),
  ...EXACT_LENGTHS.map((length) => exactSet(length)),
]);

/** What is in the agent's sets, from what `nft -j list table` prints. */
export function parseElements(json: string): Map<string, string> {
  const elements = new Map<string, string>();
  for (const { set } of nftObjects<NftObject>(json)) {
    if (set === undefined || !LEASED_SETS.has(set.name)) continue;
    for (const entry of set.elem ?? []) elements.set(`${set.name}|${textOf(entry)}`, "");
  }
  return elements;
}

type NftValue =
  | string
  | { readonly concat: readonly NftValue[] }
  | { readonly prefix: { readonly addr: string; readonly len: number } }
  | { readonly elem: { readonly val: NftValue; readonly counter?: { readonly packets: number } } };

function textOf(value: NftValue): string {
  if (typeof value === "string") return value;
  if ("concat" in value) return value.concat.map(textOf).join(" . ");
  if ("elem" in value) return textOf(value.elem.val);
  return `${value.prefix.addr}/${value.prefix.len}`;
}

interface NftObject {
  readonly counter?: { readonly name: string; readonly packets: number };
  readonly set?: { readonly name: string; readonly elem?: readonly NftValue[] };
}

/** Words of `tally` for what the rules counted. */
export const COUNTED_WORDS: readonly string[] = [
  "counters",
  TABLE,
  ...Object.values(LEAKS).flatMap(({ set }) => ["set", TABLE, set]),
  "set",
  TABLE,
  FLOODERS_SET,
];

/** What the rules counted. */
export interface Counted {
  readonly leaks: {
    /** Packets from customers with a wrong source. */
    up: number;
    /** Packets to customers for a destination that the provider does not have. */
    down: number;
    /** The busiest first. */
    addresses: { direction: "up" | "down"; address: string; packets: number }[];
  };
  /** Packets beyond the limits, and who sent what the limits, `wrapped` and `unassigned` dropped. */
  readonly flooded: { packets: number; senders: { mac: string; packets: number }[] };
  /** Packets that are dropped below the limits, too. */
  readonly dropped: { wrapped: number; unassigned: number };
}

/** Reads what the rules counted from what `tally` or `nft -j` prints. */
export function parseCounted(json: string): Counted {
  const counters = new Map<string, number>();
  const addresses: Counted["leaks"]["addresses"] = [];
  const senders: Counted["flooded"]["senders"] = [];
  for (const { counter, set } of nftObjects<NftObject>(json)) {
    if (counter !== undefined) counters.set(counter.name, counter.packets);
    for (const entry of set?.elem ?? []) {
      const packets = (typeof entry === "object" && "elem" in entry && entry.elem.counter?.packets) || 0;
      for (const direction of ["up", "down"] as const)
        if (set?.name === LEAKS[direction].set)
          addresses.push({ direction, address: textOf(entry), packets });
      if (set?.name === FLOODERS_SET) senders.push({ mac: textOf(entry), packets });
    }
  }
  return {
    leaks: {
      up: counters.get(LEAKS.up.counter) ?? 0,
      down: counters.get(LEAKS.down.counter) ?? 0,
      addresses: addresses.sort((one, other) => other.packets - one.packets),
    },
    flooded: {
      packets: counters.get(FLOODED_COUNTER) ?? 0,
      senders: senders.sort((one, other) => other.packets - one.packets),
    },
    dropped: {
      wrapped: counters.get(WRAPPED_COUNTER) ?? 0,
      unassigned: counters.get(UNASSIGNED_COUNTER) ?? 0,
    },
  };
}
