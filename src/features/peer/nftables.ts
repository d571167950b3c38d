import type { FarSide, Listener } from "./model.ts";

interface Chain {
  readonly name: string;
  /** The line that makes it a base chain. */
  readonly base: string;
  readonly rules: readonly string[];
}

/** The table of a listener; named after its interface, so that listeners come and go alone. */
export function tableName(listener: Listener): string {
  return listener.interface;
}

/** The server's nftables rules for one listener, as a file that replaces its table whole. */
export function renderTable(farSide: FarSide, listener: Listener): string {
  const name = tableName(listener);
  return [
    `table inet ${name} {}`,
    `delete table inet ${name}`,
    `table inet ${name} {`,
    ...chainsOf(farSide, listener).flatMap((chain) => [
      `  chain ${chain.name} {`,
      `    ${chain.base}`,
      ...chain.rules.map((rule) => `    ${rule}`),
      "  }",
    ]),
    "}",
    "",
  ].join("\n");
}

/** The same on one line, for a hook of wg-quick. */
export function renderTableLine(farSide: FarSide, listener: Listener): string {
  const chains = chainsOf(farSide, listener).map(
    ({ name, base, rules }) => `chain ${name} { ${base} ${rules.map((rule) => `${rule};`).join(" ")} }`,
  );
  const name = tableName(listener);
  return `table inet ${name} {}; delete table inet ${name}; table inet ${name} { ${chains.join("; ")}; }`;
}

/** What a firewall of the server's own has to let through: an accept in a table of ours cannot overrule its drop. */
export function firewallRules({ port, interface: name }: Listener): { input: string[]; forward: string[] } {
  return {
    input: [`udp dport ${port} accept`],
    forward: [`iifname "${name}" accept`, `oifname "${name}" accept`],
  };
}

function chainsOf(farSide: FarSide, listener: Listener): Chain[] {
  const { peers, interface: name } = listener;
  const own = set(peers.flatMap(({ address, prefixes }) => [address, ...prefixes]));
  const away = `oifname != ${set(farSide.listeners.map((one) => `"${one.interface}"`))}`;
  const filter: Chain[] = [
    {
      name: "forward",
      base: "type filter hook forward priority filter - 5; policy accept;",
      rules: [`iifname "${name}" ip6 saddr != ${own} counter drop`],
    },
  ];
  if (farSide.variant === "nat66") {
    return [
      ...filter,
      {
        name: "postrouting",
        base: "type nat hook postrouting priority srcnat; policy accept;",
        rules: [`ip6 saddr ${own} ${away} masquerade`],
      },
    ];
  }
  if (farSide.variant !== "nptv6") return filter;
  const pairs = peers.map(({ prefix, outside = "" }) => ({ prefix, outside }));
  const addresses = set(peers.map(({ address }) => address));
  return [
    ...filter,
    {
      name: "prerouting",
      base: "type nat hook prerouting priority dstnat; policy accept;",
      rules: [
        "fib daddr type local accept",
        `iifname != "${name}" dnat ip6 prefix to ip6 daddr map ${set(pairs.map((pair) => `${pair.outside} : ${pair.prefix}`))}`,
      ],
    },
    {
      name: "postrouting",
      base: "type nat hook postrouting priority srcnat; policy accept;",
      rules: [
        `${away} snat ip6 prefix to ip6 saddr map ${set(pairs.map((pair) => `${pair.prefix} : ${pair.outside}`))}`,
        `ip6 saddr ${addresses} ${away} masquerade`,
      ],
    },
  ];
}

function set(elements: readonly string[]): string {
  return `{ ${elements.join(", ")} }`;
}
