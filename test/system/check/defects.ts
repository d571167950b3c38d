/**
 * Defects of a CPE, by the requirement that each violates: changes of the bundled CPE's source. They are in force from when a file
 * in its container names the requirement, so that the lab is healthy before.
 */
export interface Defect {
  /** In `src`. */
  readonly file: string;
  readonly find: string;
  /** What stands there instead; `defect("L-3")` is true while that defect is in force. */
  readonly put: string;
}

export const DEFECT_FILE = "/etc/mhlab/defect";

/** Stands at the top of every file that is changed. */
export const PREAMBLE = `
const inForce = (): string => {
  try {
    return require("node:fs").readFileSync("${DEFECT_FILE}", "utf8");
  } catch {
    return "";
  }
};
const defect = (id: string): boolean => inForce() === id;
`;

const RADVD = "core/render/cpe/radvd.ts";
const FILTER = "core/render/cpe/filter.ts";
const ROUTING = "core/render/cpe/routing.ts";
const DHCPCD = "core/render/cpe/dhcpcd.ts";
const WAN = "agent/cpe/wan.ts";
const CLIENT = "agent/cpe/client.ts";
const ADVERTISER = "agent/cpe/advertiser.ts";

const radvd = (find: string, put: string): Defect => ({ file: RADVD, find, put });
const dhcpcd = (find: string, put: string): Defect => ({ file: DHCPCD, find, put });

/** Sends one packet from a WAN each time that its state is looked at. */
const sends = (id: string, what: string, port: number, group: string): Defect => ({
  file: WAN,
  find: "    this.#routerWasThere ||= this.#router !== undefined;",
  put: `$&
    if (defect("${id}") && this.carrier) {
      const socket = require("node:dgram").createSocket("udp6");
      socket.on("error", () => socket.close());
      socket.send(Buffer.from("${what}", "hex"), ${port}, \`${group}%\${this.interface}\`, () => socket.close());
    }`,
});

const LIFETIME = `routes ? ROUTER_LIFETIME_S : 0`;
/** A Solicit with a client id, and nothing that it asks for. */
const EMPTY_SOLICIT = "01c4ec010001000a00030001020000000bad000800020000";
const RIPNG_REQUEST = "01010000" + "00".repeat(16) + "00000010";

export const DEFECTS: Readonly<Record<string, readonly Defect[]>> = {
  "W-3": [
    {
      file: WAN,
      find: "    if (this.#link === undefined || this.#client === undefined) return;",
      put: `    if (defect("W-3") && this.#router !== undefined)
      await ipBatch([\`neigh replace \${this.#router} lladdr 02:00:00:00:0b:ad dev \${this.interface} nud permanent\`]);
$&`,
    },
  ],
  "W-4": [sends("W-4", EMPTY_SOLICIT, 547, "ff02::1:2")],
  "W-5": [
    dhcpcd(
      "    `duid ${duid}`,",
      '    `duid ${defect("W-5") ? duid.slice(0, -2) + String(10 + Math.floor(Math.random() * 90)) : duid}`,',
    ),
  ],
  "WAA-1": [
    {
      file: FILTER,
      find: `    "  chain input {",`,
      put: `    ...(defect("WAA-1") ? ["  chain output {", "    type filter hook output priority 0; policy accept;", '    oifname "wan*" ip6 saddr :: icmpv6 type nd-neighbor-solicit drop', "  }"] : []),
$&`,
    },
  ],
  "WAA-4": [
    dhcpcd(
      '    "option domain_name_servers, domain_search",',
      '    defect("WAA-4") ? "option domain_search" : $&',
    ),
  ],
  "WAA-8": [sends("WAA-8", EMPTY_SOLICIT, 547, "ff02::1:2")],
  "WPD-2": [dhcpcd("`  ia_pd ${iaid}/::/56`", '`  ia_pd ${iaid}/::/${defect("WPD-2") ? 57 : 56}`')],
  "WPD-5": [
    {
      file: ROUTING,
      find: "    ...delegations.map(({ prefix }) => `unreachable ${prefix} dev lo",
      put: '    ...(defect("WPD-5") ? [] : delegations).map(({ prefix }) => `unreachable ${prefix} dev lo',
    },
  ],
  "WPD-7": [sends("WPD-7", RIPNG_REQUEST, 521, "ff02::9")],
  "ULA-4": [{ file: FILTER, find: "const local = ", put: '$&defect("ULA-4") || ' }],
  "G-4": [radvd(LIFETIME, `routes || defect("G-4") || defect("G-5") ? ROUTER_LIFETIME_S : 0`)],
  "G-5": [],
  "L-1": [
    {
      file: FILTER,
      find: `    "  chain input {",\n    "    type filter hook input priority 0; policy accept;",`,
      put: `$&
    ...(defect("L-1") ? ['    icmpv6 type nd-router-solicit drop'] : []),`,
    },
  ],
  "L-2": [
    radvd(
      "    ...delegations.flatMap(({ prefix, active, validUntil }) =>",
      `    ...(defect("L-2") ? ["  prefix 2001:db8:bad::/64 { AdvOnLink on; AdvAutonomous on; AdvValidLifetime 600; AdvPreferredLifetime 300; };"] : []),
$&`,
    ),
  ],
  "L-3": [radvd("active && prefix !== lanPrefixText(prefix)", '!defect("L-3") && $&')],
  "L-5": [radvd("  AdvDefaultLifetime ${", '$&defect("L-5") ? 0 : ')],
  "L-6": [
    radvd(
      "AdvOnLink on; AdvAutonomous on; Decrement",
      'AdvOnLink on; AdvAutonomous ${defect("L-6") ? "off" : "on"}; Decrement',
    ),
  ],
  "L-11": [radvd("dns.length > 0 ?", 'dns.length > 0 && !defect("L-11") ?')],
  "L-13": [radvd("stale === true", '$& && !defect("L-13")')],
  "L-14": [
    {
      file: FILTER,
      find: `"    counter reject with icmpv6 type policy-fail"`,
      put: `defect("L-14") ? "    counter drop" : $&`,
    },
  ],
  // radvd advertises no longer lifetimes than those of the interface's own address.
  "L-15": [
    radvd(
      "active ? left(preferredUntil, LONGEST_PREFERRED_S)",
      'active && defect("L-15") ? LONGEST_PREFERRED_S : $&',
    ),
    {
      file: "agent/cpe/lan.ts",
      find: "active ? Math.max(0, preferredUntil - now)",
      put: 'active && defect("L-15") ? 2700 : $&',
    },
  ],
  "L-16": [radvd("  AdvDefaultLifetime ${", '$&defect("L-16") && routes ? 1800 : ')],
  "S-2": [
    {
      file: FILTER,
      find: `const accepted = [`,
      put: `$&...(defect("S-2") ? ["2001:db8:ffff::/48"] : []), `,
    },
    {
      file: ROUTING,
      find: "    ...delegations.map(({ prefix, wan }) => sourceRule(prefix, wan)),",
      put: `$&
    ...(defect("S-2") ? [sourceRule("2001:db8:ffff::/48", 0)] : []),`,
    },
  ],
  "WPD-9": [
    {
      file: CLIENT,
      find: "    await this.#daemon.stop();",
      // dhcpcd's signal to release its lease and end.
      put: `    if (defect("WPD-9")) {
      await this.#daemon.signal("SIGALRM");
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
$&`,
    },
  ],
  // All sources have the routes of the first WAN.
  "MH-1": [
    {
      file: ROUTING,
      find: "return `priority ${SOURCE_RULE + wan} from ${source} lookup ${FIRST_TABLE + wan}`;",
      put: 'return `priority ${SOURCE_RULE + wan} from ${source} lookup ${FIRST_TABLE + (defect("MH-1") ? 0 : wan)}`;',
    },
  ],
  "MH-2": [
    radvd(
      "...delegations.flatMap(({ prefix, active, stale,",
      '...(defect("MH-2") ? delegations.slice(0, 1) : delegations).flatMap(({ prefix, active, stale,',
    ),
  ],
  "MH-3": [
    radvd(
      '    "  AdvSendAdvert on;",',
      `$&
    ...(defect("MH-3") ? ["  prefix 2001:db8:ffff:ffff::/64 { AdvOnLink on; AdvAutonomous on; AdvValidLifetime 0; AdvPreferredLifetime 0; };"] : []),`,
    ),
  ],
  "MH-4": [
    radvd(
      "    AdvPreferredLifetime ${",
      '$&defect("MH-4") && delegations.some((one) => one.stale === true) ? 0 : ',
    ),
  ],
  "MH-5": [
    radvd("LONGEST_PREFERRED_S) : 0;", 'LONGEST_PREFERRED_S) : defect("MH-5") && !stale ? 600 : 0;'),
    {
      file: "agent/cpe/lan.ts",
      find: "preferredUntil - now) : 0;",
      put: 'preferredUntil - now) : defect("MH-5") ? 600 : 0;',
    },
  ],
  "MH-6": [radvd("    AdvValidLifetime ${", '$&defect("MH-6") && !active ? 0 : ')],
  "WPD-10": [
    dhcpcd(
      "export function renderDhcpcd(name: string, iaid: number, duid: string): string {",
      `$&
  if (defect("WPD-10")) iaid = 1 + Math.floor(Math.random() * 1_000_000);`,
    ),
  ],
};

/** The advertiser compares what it was told; a defect is another state, so that it takes effect at once. */
export const ALWAYS: readonly Defect[] = [
  {
    file: ADVERTISER,
    find: "JSON.stringify([delegations, dns, isUp])",
    put: "JSON.stringify([delegations, dns, isUp, inForce()])",
  },
];
