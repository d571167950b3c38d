import { addressIn, containsPrefix, formatIp6, formatPrefix6, maskOf, prefixOf } from "../../model/ip6.ts";
import type { SourceValidation } from "../../model/settings/filter.ts";
import type { BngConfig } from "./config.ts";
import { addressPool } from "./kea.ts";
import { liveNetworks } from "./networks.ts";
import { CLAIM_RULES, dropping, reachChecks, reachRules } from "./reach.ts";
import { REFUSED_MARK, REFUSED_MASK } from "./refusal-route.ts";
import {
  EXACT_LENGTHS,
  exactSet,
  FLOODED_COUNTER,
  HEARD,
  LEAKS,
  LEASED,
  SENDERS_MAP,
  TABLE,
  WRAPPED_COUNTER,
} from "./source-sets.ts";

const IS_REFUSED = `meta mark & ${REFUSED_MASK} == ${REFUSED_MARK}`;
/** Also bounds the map of senders: what is refused in its timeout, and until it is swept, fits into its size. */
const ANSWER_LIMIT = "limit rate 100/second burst 20 packets";
const PLAIN_CHAINS =
  "forged wrong beyond flood flooding wrapped reach claim creating neighbour on_link signalling".split(" ");
const UNIQUE_LOCAL = prefixOf(0xfc00n << 112n, 7);

export interface PortHooks {
  /** False where the kernel lacks nftables' egress hook: `reject` needs it, and leaks to customers are not counted without it. */
  readonly egress: boolean;
}

/**
 * nftables rules of the subscriber port (BCP 38, RFC 2827). A source must be of what was leased to the MAC that sends it, or
 * a link-local or SLAAC address that this MAC was the first to use; never one of the BNG's own. Every policy counts the others
 * as leaks; `off` lets them pass. The other policies mark them, and after routing they are refused with ICMPv6 type 1 code 5 (RFC 4443). With `reject` each gets a mark of its own, which the error inherits
 * (fwmark_reflect): by it the error is routed to the port (`refusal-route.ts`), and addressed there to the MAC that sent the
 * packet. What makes the machine work for a customer (RFC 4861, RFC 8415) is limited, whatever its source.
 * Replaces the rules that are there in one step; needs `renderSourceSets`.
 */
export function renderSourceValidation(config: BngConfig, { egress }: PortHooks = { egress: true }): string {
  const { sourceValidation: mode, subscriber } = config;
  const port = subscriber.interface;
  const refusing = mode === "reject" || mode === "reject-routed";
  const refuse = refusing ? [`    ${IS_REFUSED} reject with icmpv6 type policy-fail`] : [];
  const lines = [
    ...PLAIN_CHAINS.flatMap(plainChain),
    ...emptyChain("netdev", "from_subscriber", `ingress device "${port}" priority -500`),
    // Made anew: a port that was pulled leaves both chains without a device, and Linux 6.12 gives it back to one of them only.
    ...noChain("netdev", "to_subscriber"),
    ...(egress ? emptyChain("netdev", "to_subscriber", `egress device "${port}" priority filter`) : []),
    ...emptyChain("ip6", "forward", "forward priority filter"),
    ...emptyChain("ip6", "input", "input priority filter"),
    `table netdev ${TABLE} {`,
    ...checked(config, mode),
    ...(egress ? toSubscriber(config, mode) : []),
    "}",
    `table ip6 ${TABLE} {`,
    "  chain forward {",
    ...refuse,
    // What the far side routes here and is not here must not go round: a prefix that the provider has not any more.
    `    iifname "${config.wireguard.interface}" oifname "${config.wireguard.interface}" reject with icmpv6 type no-route`,
    // A provider with unique local addresses has an internet of such.
    ...(liveNetworks(config).some(({ prefix }) => containsPrefix(UNIQUE_LOCAL, prefix))
      ? []
      : [`    ip6 daddr ${formatPrefix6(UNIQUE_LOCAL)} reject with icmpv6 type no-route`]),
    "  }",
    ...(refusing ? ["  chain input {", ...refuse, "  }"] : []),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

const SIGNALLING = [
  // Kea reads messages of clients as they are on a link: no extension header, no fragment.
  "    ip6 daddr ff02::1:2 ip6 nexthdr != udp goto wrapped",
  "    ip6 daddr fe80::/10 ip6 nexthdr != udp meta l4proto udp th dport 547 goto wrapped",
  "    icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } goto signalling",
  "    udp dport 547 goto signalling",
];

function checked(config: BngConfig, mode: SourceValidation): string[] {
  const { linkLocal, wireguard, perCustomer } = config;
  const networks = liveNetworks(config);
  const transfers = networks.map(({ transfer }) => transfer);
  const usual = EXACT_LENGTHS.filter((length) =>
    networks.some(({ delegatedLength }) => delegatedLength === length),
  );
  // Of a reservation, or leased before the provider's length was another one.
  const unusual = EXACT_LENGTHS.filter((length) => !usual.includes(length));
  const routers = transfers.map((transfer) => addressIn(transfer, 1n));
  const globals = [...routers, wireguard.address].map(formatIp6).join(", ");
  const own = `${formatIp6(linkLocal)}, ${globals}`;
  const leak = [`    counter name ${LEAKS.up.counter}`, `    update @${LEAKS.up.set} { ip6 saddr }`];
  const refusal = mode === "off" ? "    accept" : "    drop";
  const pair = "ether saddr . ip6 saddr";
  return [
    ...chain("forged", [...leak, refusal]),
    ...chain("wrong", [...leak, ...treatments(mode).map((statement) => `    ${statement}`)]),
    // The kernel answers these itself: a link-local source goes no further than its link (RFC 4443 3.1, code 2).
    ...chain("beyond", [...leak, "    accept"]),
    ...chain("flood", dropping(FLOODED_COUNTER)),
    ...chain("flooding", [mode === "off" ? "    accept" : "    goto flood"]),
    ...chain("wrapped", dropping(WRAPPED_COUNTER)),
    ...chain("reach", reachRules({ ...config, sourceValidation: mode })),
    ...chain("claim", CLAIM_RULES),
    ...chain("creating", CREATING_RULES),
    // What newcomers bring in the time that the kernel keeps a neighbour for is less than its table holds (gc_thresh3).
    ...firstUse("neighbour", "60/second burst 300 packets", { before: "    jump creating" }),
    ...firstUse("on_link", "4/second burst 100 packets", {
      remember: `update @${HEARD.known} { ip6 saddr }`,
    }),
    ...signalling(perCustomer, [
      "    ip6 saddr :: udp dport 547 goto forged",
      ...transfers.map(
        (transfer) =>
          `    ip6 saddr :: icmpv6 type nd-neighbor-solicit icmpv6 taddr ${formatPrefix6(transfer)} jump claim`,
      ),
      "    ip6 saddr :: accept",
      ...transfers.map((transfer) => `    ip6 saddr ${formatPrefix6(transfer)} goto on_link`),
      "    goto neighbour",
    ]),
    ...chain("from_subscriber", [
      "    ether type != ip6 drop",
      `    ip6 saddr { ${own} } goto forged`,
      ...SIGNALLING,
      ...reachChecks(config),
      ...usual.map(acceptExact),
      `    ${pair} @${LEASED.nextHops} accept`,
      `    ${pair} @${LEASED.delegated} accept`,
      "    ip6 saddr :: accept",
      `    ip6 saddr fe80::/10 ip6 daddr { fe80::/10, ff00::/8, ${globals} } goto neighbour`,
      "    ip6 saddr fe80::/10 goto beyond",
      ...transfers.flatMap((transfer) => {
        const { first, last } = addressPool(transfer);
        return [
          `    ip6 saddr ${formatIp6(first)}-${formatIp6(last)} goto wrong`,
          `    ip6 saddr ${formatPrefix6(transfer)} goto on_link`,
        ];
      }),
      ...unusual.map(acceptExact),
      "    goto wrong",
    ]),
  ];
}

function acceptExact(length: number): string {
  return `    ether saddr . ip6 saddr & ${formatIp6(maskOf(length))} @${exactSet(length)} accept`;
}

/**
 * What the kernel answers makes a neighbour entry, or makes it anew when it was removed for others: all MACs without a lease share so
 * many a second. Kea needs none, and an advertisement makes none.
 */
const CREATING_RULES: readonly string[] = [
  `    ether saddr @${HEARD.settled} return`,
  "    udp dport 547 return",
  "    icmpv6 type nd-neighbor-advert return",
  "    limit rate over 200/second burst 100 packets goto flood",
];

/**
 * An address is the MAC's that uses it first; `limit` bounds the new addresses of all MACs without a lease. `before` is a rule for
 * all that are no next hop, `remember` a statement for addresses in use.
 */
function firstUse(
  name: string,
  limit: string,
  { before, remember }: { before?: string; remember?: string },
): string[] {
  const pair = "ether saddr . ip6 saddr";
  return chain(name, [
    `    ${pair} @${LEASED.nextHops} accept`,
    `    ip6 saddr @${LEASED.taken} goto forged`,
    ...(before === undefined ? [] : [before]),
    ...(remember === undefined ? [] : [`    ${pair} @${HEARD.users} ${remember}`]),
    `    ${pair} @${HEARD.users} update @${HEARD.users} { ${pair} } update @${HEARD.used} { ip6 saddr } accept`,
    `    ip6 saddr @${HEARD.used} goto forged`,
    `    update @${HEARD.newcomers} { ether saddr limit rate over 4/minute burst 16 packets } goto flooding`,
    `    ether saddr != @${LEASED.customers} limit rate over ${limit} goto flooding`,
    ...(remember === undefined ? [] : [`    ${remember}`]),
    `    add @${HEARD.users} { ${pair} } add @${HEARD.used} { ip6 saddr } accept`,
    "    goto flooding",
  ]);
}

/** A CPE says a few things a minute; the messages of a load generator grow with what it may hold. */
function signalling(perCustomer: number, then: readonly string[]): string[] {
  const rate = 5 * perCustomer;
  return chain("signalling", [
    // RFC 8415 19: no relay stands behind an access link.
    "    ip6 daddr { fe80::/10, ff00::/8 } udp dport 547 @th,64,8 { 12, 13 } goto wrapped",
    `    update @${HEARD.talkers} { ether saddr limit rate over ${rate}/second burst ${2 * rate} packets } goto flood`,
    // Whoever has a lease keeps it, whatever all others say.
    `    ether saddr @${LEASED.customers} update @${HEARD.settled} { ether saddr }`,
    `    ether saddr != @${HEARD.settled} limit rate over 2000/second burst 2000 packets goto flood`,
    ...then,
  ]);
}

function chain(name: string, rules: readonly string[]): string[] {
  return [`  chain ${name} {`, ...rules, "  }"];
}

/** What happens to a packet with a wrong source. */
function treatments(mode: SourceValidation): string[] {
  if (mode === "off") return ["accept"];
  if (mode === "drop") return ["drop"];
  if (mode === "reject-routed") return [`${ANSWER_LIMIT} meta mark set ${REFUSED_MARK} accept`, "drop"];
  const ownMark = `meta mark set numgen inc mod 65536 offset ${REFUSED_MARK}`;
  return [
    // Or the answer would be that its hops are used up.
    "ip6 hoplimit < 2 ip6 hoplimit set 2",
    `${ANSWER_LIMIT} ${ownMark} update @${SENDERS_MAP} { meta mark : ether saddr } accept`,
    "drop",
  ];
}

/**
 * What the BNG sends to customers. With `reject`, errors go to the MAC that sent the refused packet; the mark ends here, a
 * VLAN's parent is the host's. Then everything for a destination that this provider does not have counts as a leak.
 */
function toSubscriber(config: BngConfig, mode: SourceValidation): string[] {
  return chain("to_subscriber", [
    ...(mode === "reject"
      ? [
          `    ${IS_REFUSED} ether daddr set meta mark map @${SENDERS_MAP} meta mark set 0 accept`,
          `    ${IS_REFUSED} drop`,
        ]
      : []),
    ...liveNetworks(config).map(({ prefix }) => `    ip6 daddr ${formatPrefix6(prefix)} accept`),
    "    ip6 daddr { fe80::/10, ff00::/8 } accept",
    `    ether type ip6 counter name ${LEAKS.down.counter} update @${LEAKS.down.set} { ip6 daddr }`,
  ]);
}

function plainChain(name: string): string[] {
  return [`table netdev ${TABLE} { chain ${name} {}; }`, `flush chain netdev ${TABLE} ${name}`];
}

function emptyChain(family: "netdev" | "ip6", name: string, hook: string): string[] {
  return [
    `table ${family} ${TABLE} { chain ${name} { type filter hook ${hook}; policy accept; }; }`,
    `flush chain ${family} ${TABLE} ${name}`,
  ];
}

/** Also where there is none: a kernel without the egress hook takes a chain without one. */
function noChain(family: "netdev" | "ip6", name: string): string[] {
  const words = `chain ${family} ${TABLE} ${name}`;
  return [`add ${words}`, `flush ${words}`, `delete ${words}`];
}
