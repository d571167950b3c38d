/** Readers of addresses, prefixes, endpoints, keys and names of the network. */
import {
  integer,
  isIpv4,
  parseDomain,
  parseEndpoint,
  parseInterfaceName,
  parseKey,
  parseTunnelAddress,
  showValue,
  type Endpoint,
} from "./parse.ts";
import {
  containsAddress,
  containsPrefix,
  formatIp6,
  formatPrefix6,
  parseInterfaceAddress6,
  parseIp6,
  prefixOf,
  type Prefix6,
} from "../ip6.ts";
import { MAX_INTERFACE_NAME } from "../names.ts";
import { BadValue, complaint, type ReadScalar } from "./scalars.ts";

const badPrefix = complaint("MHLAB_LAB_PREFIX");
const badEndpoint = complaint("MHLAB_LAB_ENDPOINT");
const badInterface = complaint("MHLAB_LAB_INTERFACE");

/** Global unicast and unique local addresses (RFC 4291, 4193): what a provider can hand out. */
const UNICAST: readonly Prefix6[] = [prefixOf(0x2000n << 112n, 3), prefixOf(0xfc00n << 112n, 7)];

/** A prefix with a length within bounds and no host bits. */
export function prefix(min: number, max: number): ReadScalar<Prefix6> {
  return (text) => {
    const shown = showValue(text);
    if (isIpv4(text.split("/", 1)[0] ?? "")) {
      return badPrefix(
        `${shown} is IPv4`,
        "providers here are IPv6-only; a prefix looks like 2001:db8:a::/48",
      );
    }
    const bare = parseIp6(text);
    if (bare !== undefined) {
      const meant = formatPrefix6(prefixOf(bare, likelyLength(bare)));
      return badPrefix(`${shown} has no length`, `a prefix ends with its length: ${meant}`);
    }
    const parsed = parseInterfaceAddress6(text);
    if (parsed === undefined)
      return badPrefix(`${shown} is not an IPv6 prefix`, "a prefix looks like 2001:db8:a::/48");
    const { address, length } = parsed;
    const network = prefixOf(address, length);
    if (length < min || length > max) {
      return badPrefix(
        `/${length} is too ${length < min ? "large" : "small"} a prefix`,
        `the length is from /${min} to /${max}`,
      );
    }
    if (network.bits !== address) {
      return badPrefix(
        `${shown} has bits set after its first ${length}`,
        `the network is ${formatPrefix6(network)}`,
      );
    }
    if (!UNICAST.some((range) => containsPrefix(range, network))) {
      return badPrefix(
        `${shown} is not a range that providers hand out`,
        "take it from 2001:db8::/32 (documentation), your own global prefix, or fd00::/8",
      );
    }
    return network;
  };
}

/** The usual length of a prefix that is written without: the shortest that has no bits behind it. */
function likelyLength(bits: bigint): number {
  return [48, 56, 60].find((length) => prefixOf(bits, length).bits === bits) ?? 64;
}

/** An address inside a tunnel, with or without length. */
export const tunnelAddress: ReadScalar<{ address: bigint; length: number }> = (text) => {
  const example = "2001:db8:0:a::2/64; without a length, /128 is meant";
  const parsed = parseTunnelAddress(text);
  return parsed === undefined
    ? badAddress(text, example)
    : (nobodys(parsed.address, text, example) ?? parsed);
};

/** An IPv6 address that a machine somewhere can have. */
export const address: ReadScalar<bigint> = (text) => {
  const example = "2001:db8:a::53";
  const parsed = parseIp6(text);
  return parsed === undefined ? badAddress(text, example) : (nobodys(parsed, text, example) ?? parsed);
};

/** An IPv4 or IPv6 address of a machine, as a tunnel's endpoint takes it. */
export const ipAddress: ReadScalar<string> = (text) => {
  if (isIpv4(text)) return text;
  const bits = parseIp6(text);
  const example = "192.0.2.11 or 2001:db8:ffff::11";
  if (bits !== undefined) return nobodys(bits, text, example) ?? formatIp6(bits);
  return new BadValue("MHLAB_LAB_ADDRESS", `${showValue(text)} is not an IP address`, `write ${example}`);
};

/** Where a Docker engine answers, as DOCKER_HOST or the name of a docker context says it. */
export const engineHost: ReadScalar<string> = (text) =>
  /^(ssh|tcp|https?):\/\/[^\s/]+/.test(text) || /^(unix:\/\/\/|context:)[^\s]+$/.test(text)
    ? text
    : new BadValue(
        "MHLAB_LAB_ENGINE",
        `${showValue(text)} is not the address of a Docker engine`,
        "such as ssh://pi1, unix:///var/run/docker.sock, tcp://192.0.2.1:2375 or context:NAME",
      );

const MULTICAST = prefixOf(0xffn << 120n, 8);
const LOOPBACK = 1n;

/** What is no address of a machine in a network (RFC 4291, sections 2.5.2, 2.5.3 and 2.7). */
function nobodys(bits: bigint, text: string, example: string): BadValue | undefined {
  const what =
    bits === 0n
      ? "the unspecified address"
      : bits === LOOPBACK
        ? "the loopback address"
        : containsAddress(MULTICAST, bits)
          ? "a multicast address"
          : undefined;
  return what === undefined
    ? undefined
    : new BadValue(
        "MHLAB_LAB_ADDRESS",
        `${showValue(text)} is ${what}`,
        `write one that a machine has, such as ${example}`,
      );
}

function badAddress(text: string, example: string): BadValue {
  return isIpv4(text.split("/", 1)[0] ?? "")
    ? new BadValue(
        "MHLAB_LAB_ADDRESS",
        `${showValue(text)} is IPv4`,
        `only IPv6 is possible here, such as ${example}`,
      )
    : new BadValue(
        "MHLAB_LAB_ADDRESS",
        `${showValue(text)} is not an IPv6 address`,
        `an address looks like ${example}`,
      );
}

/** Where the far side of a tunnel listens. */
export const endpoint: ReadScalar<Endpoint> = (text) => {
  const parsed = parseEndpoint(text);
  const shown = showValue(text);
  if (parsed !== undefined) {
    return isReached(parsed)
      ? parsed
      : badEndpoint(`nobody can listen at ${parsed.host}`, "name the address or the name of one server");
  }
  const [, host = text, unbracketed = "51820"] = /^(.*):(\d{5})$/.exec(text) ?? [];
  if (parseIp6(host) !== undefined) {
    return badEndpoint(
      `${shown} is IPv6 without brackets`,
      `put the address in brackets, then the port, and all of it in quotes: "[${host}]:${unbracketed}"`,
    );
  }
  const port = /:(-?\d+)$/.exec(text)?.[1];
  if (port !== undefined && integer(1, 65535)(port) === undefined) {
    return badEndpoint(
      `port ${port} does not exist`,
      "a port is a number from 1 to 65535, WireGuard's usual one is 51820",
    );
  }
  return parseEndpoint(`${text}:1`) === undefined
    ? badEndpoint(
        `${shown} is not an endpoint`,
        'write 192.0.2.42:51820, "[2001:db8::1]:51820" or vpn.example.net:51820',
      )
    : badEndpoint(`${shown} has no port`, `add the far side's UDP port: ${text}:51820`);
};

/** Not the unspecified address, nor that of a group or of all (RFC 1122, section 3.2.1.3). */
function isReached({ host }: Endpoint): boolean {
  const bits = parseIp6(host);
  if (bits !== undefined) return bits !== 0n && !containsAddress(MULTICAST, bits);
  const [first = 0] = isIpv4(host) ? host.split(".").map(Number) : [1];
  return first > 0 && first < 224;
}

/** A WireGuard public key; messages never show it. */
export const publicKey: ReadScalar<string> = (text) =>
  parseKey(text) ??
  new BadValue(
    "MHLAB_LAB_KEY",
    "this is not a WireGuard public key",
    `a key is 44 characters of base64, as \`wg pubkey\` prints it on the far side; this has ${text.length}`,
  );

/** A DNS domain. */
export const domain: ReadScalar<string> = (text) =>
  parseDomain(text) ??
  new BadValue(
    "MHLAB_LAB_DOMAIN",
    `${showValue(text)} is not a domain name`,
    "a domain looks like home.example",
  );

/** The name of a network interface on the engine's host. */
export const interfaceName: ReadScalar<string> = (text) => {
  if (text === "lo")
    return badInterface("lo is the loopback interface", "name an Ethernet interface; `ip link` lists them");
  if (text.length > MAX_INTERFACE_NAME) {
    return badInterface(
      `${showValue(text)} has ${text.length} characters`,
      `Linux allows ${MAX_INTERFACE_NAME} in an interface name`,
    );
  }
  return (
    parseInterfaceName(text) ??
    badInterface(
      `${showValue(text)} cannot be an interface name`,
      "no spaces, quotes or any of / : % \\ * ? # $; `ip link` lists the names",
    )
  );
};
