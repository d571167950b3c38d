import { addressIn, formatIp6, formatPrefix6, parseIp6, prefixOf, subnet } from "../ip6.ts";
import { DEFAULT_KEEPALIVE_S, DEFAULT_TUNNEL_MTU } from "../lab/defaults.ts";
import { SOURCE_VALIDATION } from "../lab/model.ts";
import { MAX_INTERFACE_NAME, MAX_PROVIDER_NAME, stableHash, wireguardInterface } from "../names.ts";
import type { BngConfig } from "./config.ts";
import { readDelegation, readLifetimes, readPrivateKey, readRa } from "./environment-groups.ts";
import {
  EnvironmentReader,
  type Environment,
  type EnvironmentError,
} from "../settings/environment-reader.ts";
import { formatLink, LINK_FORMS, parseLink } from "./link.ts";
import {
  formatEndpoint,
  integer,
  list,
  oneOf,
  parseAddressText,
  parseAssignedPrefix,
  parseDomain,
  parseEndpoint,
  parseInterfaceName,
  parseKey,
  parseLinkLocal,
  parseTunnelAddress,
  yesNo,
} from "../values/parse.ts";

export type { Environment, EnvironmentError } from "../settings/environment-reader.ts";
export { parseDomain, parseEndpoint, parseInterfaceName, parseKey } from "../values/parse.ts";

/** Reads a BNG's environment; either a configuration or every wrong variable at once. */
export function readBngEnvironment(
  env: Environment,
): { config: BngConfig; errors?: never } | { config?: never; errors: EnvironmentError[] } {
  const reader = new EnvironmentReader(env);
  const name = reader.required("WIREGUARD_INTERFACE_SUFFIX", {
    parse: (text) => (text.length <= MAX_PROVIDER_NAME && /^[A-Za-z0-9_.-]+$/.test(text) ? text : undefined),
    right: `1 to ${MAX_PROVIDER_NAME} characters of A-Z a-z 0-9 _ . -`,
    example: "provider1",
  });
  const privateKey = readPrivateKey(reader);
  const peer = reader.required("WIREGUARD_PEER", {
    parse: parseKey,
    right: "a public key: 44 characters of base64",
    secret: true,
  });
  const address = reader.required("WIREGUARD_ADDRESS", {
    parse: parseTunnelAddress,
    right: "an IPv6 address, with or without length, such as 2001:db8:0:a::2/64",
  });
  const endpoint = reader.required("WIREGUARD_ENDPOINT", {
    parse: parseEndpoint,
    right: "192.0.2.42:51820, [2001:db8::1]:51820 or name:port",
  });
  const prefix = reader.required("ASSIGNED_PREFIX", {
    parse: parseAssignedPrefix,
    right: "a prefix from /32 to /64 such as 2001:db8:ffff::/48; a bare address means /48",
  });
  const subscriber = reader.required("SUBSCRIBER_INTERFACE", {
    parse: parseInterfaceName,
    right: `an interface name of 1 to ${MAX_INTERFACE_NAME} characters`,
    example: "enp2s0",
  });
  const config = {
    name: name ?? "",
    wireguard: {
      interface: wireguardInterface(name ?? ""),
      privateKey,
      presharedKeyFile: reader.text("WIREGUARD_PRESHARED_KEY_FILE"),
      peer: peer ?? "",
      address: address?.address ?? 0n,
      addressLength: address?.length ?? 128,
      endpoint: endpoint ?? { host: "", port: 0 },
      mtu: reader.optional("WIREGUARD_MTU", integer(1280, 9000), "1280 to 9000") ?? DEFAULT_TUNNEL_MTU,
      keepaliveS:
        reader.optional("WIREGUARD_KEEPALIVE", integer(0, 65535), "0 to 65535 seconds") ??
        DEFAULT_KEEPALIVE_S,
      clampMss: reader.optional("CLAMP_MSS", yesNo, "yes or no") ?? false,
    },
    prefix: prefix ?? { bits: 0n, length: 48 },
    transfer: prefix === undefined ? { bits: 0n, length: 64 } : subnet(prefix, 64, 0n),
    ...readDelegation(reader, prefix),
    lifetimes: readLifetimes(reader),
    ra: readRa(reader),
    dns: reader.optional("DNS_SERVERS", list(parseAddressText), "IPv6 addresses with commas between") ?? [],
    dnsSearch: reader.optional("DNS_SEARCH", list(parseDomain), "domain names with commas between") ?? [],
    subscriber: {
      interface: subscriber ?? "",
      link: reader.optional("SUBSCRIBER_LINK", parseLink, LINK_FORMS) ?? { kind: "claim" },
      ...(reader.optional("SUBSCRIBER_FORCE", yesNo, "yes or no") === true ? { force: true as const } : {}),
    },
    linkLocal:
      reader.optional("LINK_LOCAL", parseLinkLocal, "an address in fe80::/64") ?? deriveLinkLocal(name ?? ""),
    sourceValidation:
      reader.optional("SOURCE_VALIDATION", oneOf(SOURCE_VALIDATION), SOURCE_VALIDATION.join(", ")) ??
      "reject",
    ...(reader.optional("CAPTURE", yesNo, "yes or no") === true ? { capture: true as const } : {}),
    probe: reader.optional("PROBE_TARGET", parseIp6, "an IPv6 address"),
  } satisfies BngConfig;
  return reader.errors.length === 0 ? { config } : { errors: reader.errors };
}

/** The environment of a BNG; keys are handed over as files and never written here. Throws when the configuration holds a key value. */
export function writeBngEnvironment(config: BngConfig): Record<string, string> {
  const { wireguard, lifetimes, ra, subscriber } = config;
  if (!("file" in wireguard.privateKey)) throw new TypeError("a private key goes by file");
  return {
    WIREGUARD_INTERFACE_SUFFIX: config.name,
    WIREGUARD_PRIVATE_KEY_FILE: wireguard.privateKey.file,
    ...(wireguard.presharedKeyFile === undefined
      ? {}
      : { WIREGUARD_PRESHARED_KEY_FILE: wireguard.presharedKeyFile }),
    WIREGUARD_PEER: wireguard.peer,
    WIREGUARD_ADDRESS: `${formatIp6(wireguard.address)}/${wireguard.addressLength}`,
    WIREGUARD_ENDPOINT: formatEndpoint(wireguard.endpoint),
    WIREGUARD_MTU: String(wireguard.mtu),
    WIREGUARD_KEEPALIVE: String(wireguard.keepaliveS),
    ...(wireguard.clampMss ? { CLAMP_MSS: "yes" } : {}),
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
    SUBSCRIBER_LINK: formatLink(subscriber.link),
    ...(subscriber.force === true ? { SUBSCRIBER_FORCE: "yes" } : {}),
    LINK_LOCAL: formatIp6(config.linkLocal),
    SOURCE_VALIDATION: config.sourceValidation,
    ...(config.capture === true ? { CAPTURE: "yes" } : {}),
    ...(config.probe === undefined ? {} : { PROBE_TARGET: formatIp6(config.probe) }),
  };
}

/** A link-local address that differs from provider to provider, so that two can share one LAN (RFC 8028). */
export function deriveLinkLocal(name: string): bigint {
  return addressIn(prefixOf(0xfe80n << 112n, 64), BigInt(stableHash(name)) + 0x1_0000_0000n);
}
