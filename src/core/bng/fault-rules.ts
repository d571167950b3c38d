/** The nftables rules of faults: tables of their own, so that no other rule is touched when a fault comes, changes or goes. */
import type { PacketPlace, PacketRule } from "../faults/effects.ts";
import type { Way } from "../faults/fault.ts";
import { nftObjects } from "./nft.ts";

export const FAULT_TABLE = "mhlab-faults";

/** How many packets a fault has met on each way. */
export type Hits = Readonly<Record<Way, number>>;

/** Whether what leaves by the port can be met there: it needs the port, and nftables' egress hook (Linux 5.16). */
export type PortHook = "egress" | "none";

interface Chain {
  readonly family: "ip6" | "netdev";
  readonly name: string;
  readonly hook: string;
}

/** After source validation, which has its own answers; before anything is remembered of a packet. */
function chainOf(place: PacketPlace, port: string, hook: PortHook): Chain {
  switch (place) {
    case "forwarded":
      return { family: "ip6", name: "forward", hook: "forward priority 10" };
    case "to-bng":
      return { family: "ip6", name: "input", hook: "input priority 10" };
    case "from-bng":
      return { family: "ip6", name: "output", hook: "output priority 10" };
    case "port-in":
      return { family: "netdev", name: "from_port", hook: `ingress device "${port}" priority -400` };
    case "port-out":
      // Who sends is told nothing of what is dropped at the egress; after routing, a raw socket gets EPERM.
      return hook === "egress"
        ? { family: "netdev", name: "to_port", hook: `egress device "${port}" priority 10` }
        : { family: "ip6", name: "to_port", hook: "postrouting priority 10" };
  }
}

/** The commands that put rules into force, and what is there afterwards. */
export interface FaultRules {
  readonly text: string;
  /** Counters that the tables then have, each with its family before it. */
  readonly counters: readonly string[];
}

export interface FaultRulesBefore {
  readonly port: string;
  readonly hook: PortHook;
  /** The counters that are there. */
  readonly before: readonly string[];
  /** Faults whose counters go, because nobody will ask for them any more. */
  readonly forget: ReadonlySet<string>;
}

/**
 * nftables commands that replace what is loaded by the given rules, in one step; counters stay, with what they counted, until
 * they are forgotten. With the last of them the tables go.
 */
export function renderFaultRules(
  rules: readonly PacketRule[],
  { port, hook, before, forget }: FaultRulesBefore,
): FaultRules {
  const chains = new Map<string, Chain & { readonly rules: string[] }>();
  const counters = new Set(before.filter((counter) => !forget.has(faultOf(counter))));
  for (const { fault, way, place, match, verdict } of rules) {
    const chain = chainOf(place, port, hook);
    const key = `${chain.family} ${chain.name}`;
    const own = chains.get(key) ?? { ...chain, rules: [] };
    chains.set(key, own);
    counters.add(`${chain.family} ${counterName(fault, way)}`);
    const onPort = key === "ip6 to_port" ? `oifname "${port}" ` : "";
    own.rules.push(
      [
        `${onPort}${match} counter name ${counterName(fault, way)}`,
        ...(verdict === undefined ? [] : [verdict]),
      ].join(" "),
    );
  }
  const families = (["ip6", "netdev"] as const).map((family) => {
    const used = [...chains.values()].filter((chain) => chain.family === family);
    const own = (names: Iterable<string>): string[] =>
      [...names].filter((one) => one.startsWith(`${family} `)).map((one) => one.slice(family.length + 1));
    const [there, stay] = [own(before), own(counters)];
    if (stay.length === 0) return there.length === 0 ? [] : removed(family);
    return replaced(family, used, { stay, gone: there.filter((name) => !stay.includes(name)) });
  });
  const lines = families.flat();
  return { text: lines.map((line) => `${line}\n`).join(""), counters: [...counters] };
}

function removed(family: string): string[] {
  return [`table ${family} ${FAULT_TABLE} {}`, `delete table ${family} ${FAULT_TABLE}`];
}

function replaced(
  family: string,
  chains: readonly (Chain & { readonly rules: readonly string[] })[],
  { stay, gone }: { stay: readonly string[]; gone: readonly string[] },
): string[] {
  const table = `${family} ${FAULT_TABLE}`;
  return [
    `table ${table} {`,
    ...stay.map((name) => `  counter ${name} {}`),
    ...chains.map(({ name, hook }) => `  chain ${name} { type filter hook ${hook}; policy accept; }`),
    "}",
    // Of every chain that ever was: one that nothing is left of is empty, and lets pass.
    `flush table ${table}`,
    ...chains.flatMap(({ name, rules }) => rules.map((rule) => `add rule ${table} ${name} ${rule}`)),
    ...gone.map((name) => `delete counter ${table} ${name}`),
  ];
}

function counterName(fault: string, way: Way): string {
  return `hits-${fault}-${way}`;
}

const COUNTER = /hits-(.+)-(up|down)$/;

function faultOf(counter: string): string {
  return COUNTER.exec(counter)?.[1] ?? "";
}

/** The hits of each fault by its id, from what `nft -j list counters` prints of the tables. */
export function parseHits(json: string): Map<string, Hits> {
  const hits = new Map<string, Record<Way, number>>();
  for (const { counter } of nftObjects<{ counter?: { name: string; packets: number; table: string } }>(
    json,
  )) {
    if (counter?.table !== FAULT_TABLE) continue;
    const [, fault, way] = COUNTER.exec(counter.name) ?? [];
    if (fault === undefined) continue;
    const own = hits.get(fault) ?? { up: 0, down: 0 };
    hits.set(fault, own);
    own[way as Way] += counter.packets;
  }
  return hits;
}
