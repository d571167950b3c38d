/** The nftables rules of faults: tables of their own, so that no other rule is touched when a fault comes, changes or goes. */
import type { PacketRule } from "../../model/faults/effects.ts";
import type { Way } from "../../model/faults/fault.ts";
import { COPY_MARK } from "./line-rules.ts";
import { UPSTREAM_DEVICE } from "./line-tree.ts";
import { nftObjects } from "./nft.ts";

export const FAULT_TABLE = "mhlab-faults";
const FAMILIES = ["ip6", "netdev"] as const;
type Family = (typeof FAMILIES)[number];

/** How many packets a fault has met on each way. */
export type Hits = Readonly<Record<Way, number>>;

/** Whether what leaves by the port can be met there: it needs the port, and nftables' egress hook (Linux 5.16). */
export type PortHook = "egress" | "none";

interface Chain {
  readonly family: Family;
  readonly name: string;
  readonly hook: string;
}

/** After source validation, which has its own answers; before anything is remembered of a packet. */
function chainOf({ place, way }: PacketRule, port: string, hook: PortHook): Chain {
  switch (place) {
    case "arriving":
      return { family: "ip6", name: "prerouting", hook: "prerouting priority 10" };
    case "line":
      if (hook === "none") throw new Error("nftables of this kernel has no egress hook (Linux 5.16)");
      return {
        family: "netdev",
        name: `line_${way}`,
        hook: `egress device "${lineDevice(way, port)}" priority 20`,
      };
    case "forwarded":
      return { family: "ip6", name: "forward", hook: "forward priority 10" };
    case "to-bng":
      return { family: "ip6", name: "input", hook: "input priority 10" };
    case "from-bng":
      return { family: "ip6", name: "output", hook: "output priority 10" };
    case "port-in":
      return { family: "netdev", name: "from_port", hook: `ingress device "${port}" priority -400` };
    case "port-out":
      return hook === "egress"
        ? { family: "netdev", name: "to_port", hook: `egress device "${port}" priority 10` }
        : { family: "ip6", name: "to_port", hook: "postrouting priority 10" };
  }
}

/** The commands that put rules into force, and what is there afterwards. */
export interface FaultRules {
  readonly text: string;
  /** Counters and sets of the tables. */
  readonly objects: readonly RuleObject[];
}

/** What a table keeps of a fault while its rules are replaced: what it has met, or until when it is in force. */
export interface RuleObject {
  readonly family: Family;
  readonly type: "counter" | "set";
  readonly name: string;
  readonly fault: string;
}

export interface FaultRulesBefore {
  readonly port: string;
  readonly hook: PortHook;
  /** What is there. */
  readonly objects: readonly RuleObject[];
  /** How long each fault that ends by itself has left, in milliseconds: the kernel ends it then, however busy the machine is. */
  readonly leftMs: ReadonlyMap<string, number>;
  /** Faults of which nothing stays, because nobody will ask for them any more. */
  readonly forget: ReadonlySet<string>;
}

/**
 * nftables commands that replace what is loaded by the given rules, in one step; counters stay, with what they counted, until
 * they are forgotten. With the last of them the tables go.
 */
export function renderFaultRules(rules: readonly PacketRule[], before: FaultRulesBefore): FaultRules {
  const { port, hook, leftMs, forget } = before;
  const kept = before.objects.filter(({ fault }) => !forget.has(fault));
  const objects = new Map(kept.map((one) => [keyOf(one), one]));
  const chains = new Map<string, Chain & { readonly rules: string[] }>();
  for (const rule of rules) {
    const { fault, way, place, match } = rule;
    const chain = chainOf(rule, port, hook);
    const [guard, verdict] = wordsOf(rule, port);
    const { family } = chain;
    const own = chains.get(`${family} ${chain.name}`) ?? { ...chain, rules: [] };
    chains.set(`${family} ${chain.name}`, own);
    const counter: RuleObject = { family, type: "counter", name: `hits-${fault}-${way}`, fault };
    const inTime: RuleObject = { family, type: "set", name: `until-${fault}`, fault };
    for (const one of leftMs.has(fault) ? [counter, inTime] : [counter]) objects.set(keyOf(one), one);
    const words = [
      ...(family === "ip6" && place === "port-out" ? [`oifname "${port}"`] : []),
      ...guard,
      ...(match === "" ? [] : [match]),
      // Behind the choice: nft takes no `icmpv6` in a netdev table after a protocol that it knows by a set only.
      ...(leftMs.has(fault) ? [`meta protocol @${inTime.name}`] : []),
      `counter name ${counter.name}`,
      ...(verdict === undefined ? [] : [verdict]),
    ];
    own.rules.push(words.join(" "));
  }
  const there = new Set(before.objects.map(keyOf));
  const lines = FAMILIES.flatMap((family) => {
    const stay = [...objects.values()].filter((one) => one.family === family);
    const old = before.objects.filter((one) => one.family === family);
    if (stay.length === 0) return old.length === 0 ? [] : removed(family);
    return replaced(family, {
      chains: [...chains.values()].filter((one) => one.family === family),
      stay,
      elements: stay.flatMap((one) => (there.has(keyOf(one)) ? [] : elementOf(one, leftMs))),
      gone: old.filter((one) => !objects.has(keyOf(one))),
    });
  });
  return { text: lines.map((line) => `${line}\n`).join(""), objects: [...objects.values()] };
}

function keyOf({ family, type, name }: RuleObject): string {
  return `${family} ${type} ${name}`;
}

/** A set has one element as long as its fault is in force. */
function elementOf({ family, type, name, fault }: RuleObject, leftMs: ReadonlyMap<string, number>): string[] {
  if (type !== "set") return [];
  const ms = Math.max(1, Math.round(leftMs.get(fault) ?? 0));
  return [`add element ${family} ${FAULT_TABLE} ${name} { ip6 timeout ${ms}ms }`];
}

/** The device on which a way of the line is queued. */
export function lineDevice(way: Way, port: string): string {
  return way === "up" ? UPSTREAM_DEVICE : port;
}

/** What stands before the choice of a rule, and what happens. A copy is sent to where it was copied. */
function wordsOf({ way, verdict }: PacketRule, port: string): [guard: string[], verdict: string | undefined] {
  if (verdict !== "duplicate") return [[], verdict];
  const copied = `meta mark set ${COPY_MARK} dup to "${lineDevice(way, port)}" meta mark set 0`;
  return [[`meta mark != ${COPY_MARK}`], copied];
}

function removed(family: Family): string[] {
  return [`table ${family} ${FAULT_TABLE} {}`, `delete table ${family} ${FAULT_TABLE}`];
}

interface Replacement {
  readonly chains: readonly (Chain & { readonly rules: readonly string[] })[];
  readonly stay: readonly RuleObject[];
  readonly elements: readonly string[];
  readonly gone: readonly RuleObject[];
}

function replaced(family: Family, { chains, stay, elements, gone }: Replacement): string[] {
  const table = `${family} ${FAULT_TABLE}`;
  return [
    `table ${table} {`,
    ...stay.map(({ type, name }) =>
      type === "counter" ? `  counter ${name} {}` : `  set ${name} { type ether_type; flags timeout; }`,
    ),
    ...chains.map(({ name, hook }) => `  chain ${name} { type filter hook ${hook}; policy accept; }`),
    "}",
    // Of every chain that ever was: one that nothing is left of is empty, and lets pass.
    `flush table ${table}`,
    ...elements,
    ...chains.flatMap(({ name, rules }) => rules.map((rule) => `add rule ${table} ${name} ${rule}`)),
    ...gone.map(({ type, name }) => `delete ${type} ${table} ${name}`),
  ];
}

/** The hits of each fault by its id, from what `nft -j list counters` prints of the tables. */
export function parseHits(json: string): Map<string, Hits> {
  const hits = new Map<string, Record<Way, number>>();
  for (const { counter } of nftObjects<{ counter?: { name: string; packets: number; table: string } }>(
    json,
  )) {
    if (counter?.table !== FAULT_TABLE) continue;
    const [, fault, way] = /^hits-(.+)-(up|down)$/.exec(counter.name) ?? [];
    if (fault === undefined) continue;
    const own = hits.get(fault) ?? { up: 0, down: 0 };
    hits.set(fault, own);
    own[way as Way] += counter.packets;
  }
  return hits;
}
