/** Readers of single values, shared by the BNG's environment and the lab file: text in, value out, undefined when wrong. */
import { parseInterfaceAddress6, parseIp6, prefixOf, type Prefix6 } from "../ip6.ts";
import { MAX_INTERFACE_NAME } from "../names.ts";

/** Where the far side of a tunnel listens. */
export interface Endpoint {
  /** IPv4, IPv6 without brackets, or a DNS name. */
  readonly host: string;
  readonly port: number;
}

/** Reads one value; undefined when the text is not one. */
export type ParseValue<T> = (text: string) => T | undefined;

/** What the kernel takes in an interface's name, and the programs that are told of it do not: quotes, patterns, comments. */
const INTERFACE_NAME = /^[^\s/:%"'`\\*?#$\p{Cc}]+$/u;

/** Whether a text can name a network interface (kernel rule: no slash, no colon, no space, 15 characters). */
export function parseInterfaceName(text: string): string | undefined {
  return text.length <= MAX_INTERFACE_NAME && INTERFACE_NAME.test(text) && text !== "." && text !== ".."
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

/** Whether a host is an address of either family, so that nobody need look it up. */
export function isAddress(host: string): boolean {
  return isIpv4(host) || parseIp6(host) !== undefined;
}

/** Writes an endpoint so that parseEndpoint reads the same. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Whether a text is a dotted IPv4 address. */
export function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** The address inside a tunnel, with or without length; bare means /128. */
export function parseTunnelAddress(text: string): { address: bigint; length: number } | undefined {
  return parseInterfaceAddress6(text.includes("/") ? text : `${text}/128`);
}

/** A provider's prefix, /32 to /64; a bare address means /48. */
export function parseAssignedPrefix(text: string): Prefix6 | undefined {
  const parsed = parseInterfaceAddress6(text.includes("/") ? text : `${text}/48`);
  if (parsed === undefined || parsed.length < 32 || parsed.length > 64) return undefined;
  const prefix = prefixOf(parsed.address, parsed.length);
  return prefix.bits === parsed.address ? prefix : undefined;
}

/** A DNS name of letters, digits, hyphens and dots. */
export function parseDomain(text: string): string | undefined {
  return text.length <= 253 &&
    /^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?$/.test(text)
    ? text
    : undefined;
}

/** A DNS name in the form in which the same names are equal: in small letters, without a dot at its end. */
export function canonicalDomain(name: string): string {
  return name.replace(/\.$/, "").toLowerCase();
}

/** A whole number within bounds. */
export function integer(min: number, max: number): ParseValue<number> {
  return (text) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  };
}

/** One word of a given set. */
export function oneOf<T extends string>(values: readonly T[]): ParseValue<T> {
  return (text) => values.find((value) => value === text);
}

/** Values with commas or spaces between. */
export function list<T>(parse: ParseValue<T>): ParseValue<T[]> {
  return (text) => {
    const values: T[] = [];
    for (const item of text.split(/[,\s]+/).filter((part) => part !== "")) {
      const value = parse(item);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  };
}

const LONGEST_SHOWN = 80;

/** A wrong value as messages show it: quoted, on one line, not endless, and never one that looks like a key. */
export function showValue(text: string): string {
  const shown = text
    .replaceAll(/[A-Za-z0-9+/]{40,}=*/g, "(looks like a key, not shown)")
    .replaceAll(/\p{Cc}+/gu, " ");
  return `'${shown.length > LONGEST_SHOWN ? `${shown.slice(0, LONGEST_SHOWN)}…` : shown}'`;
}
