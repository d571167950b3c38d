import {
  addressIn,
  containsPrefix,
  formatIp6,
  formatPrefix6,
  parseInterfaceAddress6,
  parseIp6,
  prefixOf,
  subnet,
  type Prefix6,
} from "../ip6.ts";
import {
  RA_PREFERENCE,
  SOURCE_VALIDATION,
  type Endpoint,
  type Lifetimes,
  type RaOptions,
} from "../lab/model.ts";
import { MAX_INTERFACE_NAME, MAX_PROVIDER_NAME, stableHash, wireguardInterface } from "../names.ts";
import type { BngConfig, BngLink } from "./config.ts";
import { defaultPool, defaultRa, deriveLifetimes, DEFAULT_DELEGATED_LENGTH } from "./defaults.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvironmentError {
  readonly variable: string;
  /** One line: the variable, its value (never a secret), what would be right. */
  readonly message: string;
}

/** Reads a BNG's environment; either a configuration or every wrong variable at once. */
export function readBngEnvironment(
  env: Environment,
): { config: BngConfig; errors?: never } | { config?: never; errors: EnvironmentError[] } {
  const reader = new Reader(env);
  const name = reader.required(
    "WIREGUARD_INTERFACE_SUFFIX",
    "provider1",
    (text) => (text.length <= MAX_PROVIDER_NAME && /^[A-Za-z0-9_.-]+$/.test(text) ? text : undefined),
    `1 to ${MAX_PROVIDER_NAME} characters of A-Z a-z 0-9 _ . -`,
  );
  const privateKey = readPrivateKey(reader);
  const peer = reader.required(
    "WIREGUARD_PEER",
    undefined,
    parseKey,
    "a public key: 44 characters of base64",
    true,
  );
  const address = reader.required(
    "WIREGUARD_ADDRESS",
    "2001:db8:0:a::2/64",
    (text) => parseInterfaceAddress6(text.includes("/") ? text : `${text}/128`),
    "an IPv6 address, with or without length, such as 2001:db8:0:a::2/64",
  );
  const endpoint = reader.required(
    "WIREGUARD_ENDPOINT",
    "192.0.2.42:51820",
    parseEndpoint,
    "192.0.2.42:51820, [2001:db8::1]:51820 or name:port",
  );
  const prefix = reader.required(
    "ASSIGNED_PREFIX",
    "2001:db8:ffff::/48",
    parseAssignedPrefix,
    "a prefix from /32 to /64 such as 2001:db8:ffff::/48; a bare address means /48",
  );
  const subscriber = reader.required("SUBSCRIBER_INTERFACE", "enp2s0", parseInterfaceName, INTERFACE_NAME);

  const delegatedLength = reader.optional(
    "DELEGATED_LENGTH",
    integer(48, 64),
    "a length from 48 to 64",
    DEFAULT_DELEGATED_LENGTH,
  );
  const pool = readPool(reader, prefix, delegatedLength);
  const config = {
    name: name ?? "",
    wireguard: {
      interface: wireguardInterface(name ?? ""),
      privateKey,
      presharedKeyFile: env["WIREGUARD_PRESHARED_KEY_FILE"] || undefined,
      peer: peer ?? "",
      address: address?.address ?? 0n,
      addressLength: address?.length ?? 128,
      endpoint: endpoint ?? { host: "", port: 0 },
      mtu: reader.optional("WIREGUARD_MTU", integer(1280, 9000), "1280 to 9000", 1420),
      keepaliveS: reader.optional("WIREGUARD_KEEPALIVE", integer(0, 65535), "0 to 65535 seconds", 25),
    },
    prefix: prefix ?? { bits: 0n, length: 48 },
    transfer: prefix === undefined ? { bits: 0n, length: 64 } : subnet(prefix, 64, 0n),
    pool,
    delegatedLength,
    lifetimes: readLifetimes(reader),
    ra: readRa(reader),
    dns: reader.optional("DNS_SERVERS", list(parseAddressText), "IPv6 addresses with commas between", []),
    dnsSearch: reader.optional("DNS_SEARCH", list(parseDomain), "domain names with commas between", []),
    subscriber: {
      interface: subscriber ?? "",
      link: reader.optional<BngLink>(
        "SUBSCRIBER_LINK",
        parseLink,
        "claim, vlan:<parent>:<id>, macvlan:<parent>, veth:<peer-name> or bridge:<bridge>",
        { kind: "claim" },
      ),
    },
    linkLocal: reader.optional(
      "LINK_LOCAL",
      parseLinkLocal,
      "an address in fe80::/64",
      deriveLinkLocal(name ?? ""),
    ),
    sourceValidation: reader.optional(
      "SOURCE_VALIDATION",
      oneOf(SOURCE_VALIDATION),
      SOURCE_VALIDATION.join(", "),
      "reject",
    ),
    probe: reader.optional<bigint | undefined>("PROBE_TARGET", parseIp6, "an IPv6 address", undefined),
  } satisfies BngConfig;
  return reader.errors.length === 0 ? { config } : { errors: reader.errors };
}

/** The environment of a BNG; keys are handed over as files and never written here. Throws when the configuration holds a key value. */
export function writeBngEnvironment(config: BngConfig): Record<string, string> {
  const { wireguard, lifetimes, ra, subscriber } = config;
  if (!("file" in wireguard.privateKey)) throw new TypeError("a private key goes by file");
  const host = wireguard.endpoint.host;
  return {
    WIREGUARD_INTERFACE_SUFFIX: config.name,
    WIREGUARD_PRIVATE_KEY_FILE: wireguard.privateKey.file,
    ...(wireguard.presharedKeyFile === undefined
      ? {}
      : { WIREGUARD_PRESHARED_KEY_FILE: wireguard.presharedKeyFile }),
    WIREGUARD_PEER: wireguard.peer,
    WIREGUARD_ADDRESS: `${formatIp6(wireguard.address)}/${wireguard.addressLength}`,
    WIREGUARD_ENDPOINT: `${host.includes(":") ? `[${host}]` : host}:${wireguard.endpoint.port}`,
    WIREGUARD_MTU: String(wireguard.mtu),
    WIREGUARD_KEEPALIVE: String(wireguard.keepaliveS),
    ASSIGNED_PREFIX: formatPrefix6(config.prefix),
    ...(config.pool === undefined
      ? {}
      : { DELEGATED_PREFIX: formatPrefix6(config.pool), DELEGATED_LENGTH: String(config.delegatedLength) }),
    PREFERRED_LIFETIME: String(lifetimes.preferredS),
    VALID_LIFETIME: String(lifetimes.validS),
    RENEW_TIMER: String(lifetimes.renewS),
    REBIND_TIMER: String(lifetimes.rebindS),
    RA_MANAGED: ra.managed ? "yes" : "no",
    RA_OTHER: ra.other ? "yes" : "no",
    RA_PREFERENCE: ra.preference,
    RA_LIFETIME: String(ra.lifetimeS),
    RA_INTERVAL: String(ra.intervalS),
    ...(ra.mtu === undefined ? {} : { RA_MTU: String(ra.mtu) }),
    ...(config.dns.length === 0 ? {} : { DNS_SERVERS: config.dns.join(",") }),
    ...(config.dnsSearch.length === 0 ? {} : { DNS_SEARCH: config.dnsSearch.join(",") }),
    SUBSCRIBER_INTERFACE: subscriber.interface,
    SUBSCRIBER_LINK: writeLink(subscriber.link),
    LINK_LOCAL: formatIp6(config.linkLocal),
    SOURCE_VALIDATION: config.sourceValidation,
    ...(config.probe === undefined ? {} : { PROBE_TARGET: formatIp6(config.probe) }),
  };
}

/** A link-local address that differs from provider to provider, so that two can share one LAN (RFC 8028). */
export function deriveLinkLocal(name: string): bigint {
  return addressIn(prefixOf(0xfe80n << 112n, 64), BigInt(stableHash(name)) + 0x1_0000_0000n);
}

const INTERFACE_NAME = `an interface name of 1 to ${MAX_INTERFACE_NAME} characters`;

/** Whether a text can name a network interface (kernel rule: no slash, no colon, no space, 15 characters). */
export function parseInterfaceName(text: string): string | undefined {
  return text.length <= MAX_INTERFACE_NAME && /^[^\s/:%]+$/.test(text) && text !== "." && text !== ".."
    ? text
    : undefined;
}

/** A WireGuard key: 32 bytes as 44 characters of base64. */
export function parseKey(text: string): string | undefined {
  return /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(text) ? text : undefined;
}

/** `192.0.2.42:51820`, `[2001:db8::1]:51820` or `name:port`. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || !(port >= 1 && port <= 65535)) return undefined;
  if (match[1] !== undefined) return parseIp6(match[1]) === undefined ? undefined : { host: match[1], port };
  const host = match[2] ?? "";
  if (/^[\d.]+$/.test(host)) return isIpv4(host) ? { host, port } : undefined;
  return parseDomain(host) === undefined ? undefined : { host, port };
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

function parseAssignedPrefix(text: string): Prefix6 | undefined {
  const parsed = parseInterfaceAddress6(text.includes("/") ? text : `${text}/48`);
  if (parsed === undefined || parsed.length < 32 || parsed.length > 64) return undefined;
  const prefix = prefixOf(parsed.address, parsed.length);
  return prefix.bits === parsed.address ? prefix : undefined;
}

function parseAddressText(text: string): string | undefined {
  const address = parseIp6(text);
  return address === undefined ? undefined : formatIp6(address);
}

/** A DNS name of letters, digits, hyphens and dots. */
export function parseDomain(text: string): string | undefined {
  return text.length <= 253 &&
    /^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?$/.test(text)
    ? text
    : undefined;
}

function parseLink(text: string): BngLink | undefined {
  if (text === "claim") return { kind: "claim" };
  const [kind, name = "", id, ...rest] = text.split(":");
  if (rest.length > 0 || parseInterfaceName(name) === undefined) return undefined;
  if (kind === "vlan") {
    const number = integer(1, 4094)(id ?? "");
    return number === undefined ? undefined : { kind, parent: name, id: number };
  }
  if (id !== undefined) return undefined;
  if (kind === "macvlan") return { kind, parent: name };
  if (kind === "veth") return { kind, peer: name };
  return kind === "bridge" ? { kind, bridge: name } : undefined;
}

function writeLink(link: BngLink): string {
  switch (link.kind) {
    case "claim":
      return "claim";
    case "vlan":
      return `vlan:${link.parent}:${link.id}`;
    case "macvlan":
      return `macvlan:${link.parent}`;
    case "veth":
      return `veth:${link.peer}`;
    case "bridge":
      return `bridge:${link.bridge}`;
  }
}

function parseLinkLocal(text: string): bigint | undefined {
  const address = parseIp6(text);
  return address !== undefined && address >> 64n === 0xfe80_0000_0000_0000n ? address : undefined;
}

function readPrivateKey(reader: Reader): BngConfig["wireguard"]["privateKey"] {
  const file = reader.env["WIREGUARD_PRIVATE_KEY_FILE"];
  const value = reader.env["WIREGUARD_PRIVATE_KEY"];
  if (file) return { file };
  if (value && parseKey(value) !== undefined) return { value };
  reader.fail(
    "WIREGUARD_PRIVATE_KEY",
    value
      ? "is not a WireGuard key; right would be 44 characters of base64, as 'wg genkey' prints (the value is not shown)"
      : "is not set; give the key itself, or WIREGUARD_PRIVATE_KEY_FILE with the path of a file that holds it",
  );
  return { value: "" };
}

function readPool(reader: Reader, prefix: Prefix6 | undefined, delegatedLength: number): Prefix6 | undefined {
  const text = reader.env["DELEGATED_PREFIX"];
  if (prefix === undefined) return undefined;
  if (!text) {
    const pool = defaultPool(prefix);
    if (pool !== undefined && pool.length > delegatedLength) {
      reader.fail(
        "DELEGATED_LENGTH",
        `is ${delegatedLength}, but the pool is ${formatPrefix6(pool)}; right would be ${pool.length} to 64`,
      );
    }
    return pool;
  }
  const parsed = parseInterfaceAddress6(text);
  const pool = parsed === undefined ? undefined : prefixOf(parsed.address, parsed.length);
  if (
    pool === undefined ||
    pool.bits !== parsed?.address ||
    !containsPrefix(prefix, pool) ||
    pool.length > delegatedLength
  ) {
    reader.fail(
      "DELEGATED_PREFIX",
      `is '${text}'; right would be a prefix inside ${formatPrefix6(prefix)}, no longer than /${delegatedLength}`,
    );
  } else if (pool.bits === prefix.bits) {
    reader.fail(
      "DELEGATED_PREFIX",
      `is '${text}', which covers the transfer network ${formatPrefix6(subnet(prefix, 64, 0n))}; right would be the upper half of ${formatPrefix6(prefix)}`,
    );
  }
  return pool;
}

function readLifetimes(reader: Reader): Lifetimes {
  const seconds = (variable: string): number | undefined =>
    reader.optional<number | undefined>(variable, integer(1, 0xffff_fffe), "a number of seconds", undefined);
  const lifetimes = deriveLifetimes({
    preferredS: seconds("PREFERRED_LIFETIME"),
    validS: seconds("VALID_LIFETIME"),
    renewS: seconds("RENEW_TIMER"),
    rebindS: seconds("REBIND_TIMER"),
  });
  const { preferredS, validS, renewS, rebindS } = lifetimes;
  if (preferredS > validS)
    reader.fail(
      "PREFERRED_LIFETIME",
      `is ${preferredS}, but VALID_LIFETIME is ${validS}; right would be at most that`,
    );
  if (renewS > rebindS)
    reader.fail("RENEW_TIMER", `is ${renewS}, but REBIND_TIMER is ${rebindS}; right would be at most that`);
  if (rebindS > validS)
    reader.fail(
      "REBIND_TIMER",
      `is ${rebindS}, but VALID_LIFETIME is ${validS}; right would be at most that`,
    );
  return lifetimes;
}

function readRa(reader: Reader): RaOptions {
  const base = defaultRa;
  return {
    managed: reader.optional("RA_MANAGED", yesNo, "yes or no", base.managed),
    other: reader.optional("RA_OTHER", yesNo, "yes or no", base.other),
    preference: reader.optional(
      "RA_PREFERENCE",
      oneOf(RA_PREFERENCE),
      RA_PREFERENCE.join(", "),
      base.preference,
    ),
    lifetimeS: reader.optional(
      "RA_LIFETIME",
      integer(0, 9000),
      "0 to 9000 seconds (RFC 4861)",
      base.lifetimeS,
    ),
    intervalS: reader.optional(
      "RA_INTERVAL",
      integer(4, 1800),
      "4 to 1800 seconds (RFC 4861)",
      base.intervalS,
    ),
    mtu: reader.optional<number | undefined>("RA_MTU", integer(1280, 65535), "1280 to 65535", base.mtu),
  };
}

function integer(min: number, max: number): (text: string) => number | undefined {
  return (text) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  };
}

function yesNo(text: string): boolean | undefined {
  if (/^(yes|true|on|1)$/i.test(text)) return true;
  return /^(no|false|off|0)$/i.test(text) ? false : undefined;
}

function oneOf<T extends string>(values: readonly T[]): (text: string) => T | undefined {
  return (text) => values.find((value) => value === text);
}

function list<T>(parse: (text: string) => T | undefined): (text: string) => T[] | undefined {
  return (text) => {
    const items = text
      .split(/[,\s]+/)
      .filter((item) => item !== "")
      .map(parse);
    return items.includes(undefined) ? undefined : (items as T[]);
  };
}

class Reader {
  readonly env: Environment;
  readonly errors: EnvironmentError[] = [];

  constructor(env: Environment) {
    this.env = env;
  }

  fail(variable: string, what: string): void {
    this.errors.push({ variable, message: `${variable} ${what}` });
  }

  required<T>(
    variable: string,
    example: string | undefined,
    parse: (text: string) => T | undefined,
    right: string,
    secretive = false,
  ): T | undefined {
    const text = this.env[variable];
    if (!text) {
      this.fail(
        variable,
        `is not set; right would be ${right}${example === undefined ? "" : `, for example ${example}`}`,
      );
      return undefined;
    }
    return this.parse(variable, text, parse, right, secretive);
  }

  optional<T>(variable: string, parse: (text: string) => T | undefined, right: string, otherwise: T): T {
    const text = this.env[variable];
    return text ? (this.parse(variable, text, parse, right) ?? otherwise) : otherwise;
  }

  private parse<T>(
    variable: string,
    text: string,
    parse: (text: string) => T | undefined,
    right: string,
    secretive = false,
  ): T | undefined {
    const value = parse(text.trim());
    if (value === undefined)
      this.fail(
        variable,
        `is ${secretive ? "not right (the value is not shown)" : `'${text}'`}; right would be ${right}`,
      );
    return value;
  }
}
