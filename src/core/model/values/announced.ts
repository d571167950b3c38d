/** Readers of what only router advertisements and DHCPv6 tell: NAT64 prefixes, routes, DUIDs, addresses of pages. */
import {
  containsPrefix,
  formatIp6,
  formatPrefix6,
  parseIp6,
  parsePrefix6,
  prefixOf,
  type Prefix6,
} from "../ip6.ts";
import { isIpv4, showValue, type ParseValue } from "./parse.ts";
import { BadValue, complaint, type ReadScalar } from "./scalars.ts";

/** RFC 6052: the prefix that every translator may use. */
const WELL_KNOWN_NAT64: Prefix6 = prefixOf(0x0064_ff9bn << 96n, 96);
/** RFC 8215: prefixes of a network's own beside its unicast ones. */
const LOCAL_NAT64 = prefixOf(0x0064_ff9b_0001n << 80n, 48);
const UNICAST = [prefixOf(0x2000n << 112n, 3), prefixOf(0xfc00n << 112n, 7)];
const NAT64_LENGTHS = [32, 40, 48, 56, 64, 96] as const;
/** Bits 64 to 71 of an address with an embedded IPv4 address are zero (RFC 6052, section 2.2). */
const RESERVED_OCTET = 0xffn << 56n;
/** RFC 8415, section 11.1: a type code of two octets and 1 to 128 octets more. */
const DUID = /^[0-9a-f]{2}(:?[0-9a-f]{2}){2,129}$/;
/** RFC 8910, section 2: so that it fits wherever it is told. */
const LONGEST_URI = 255;

const NAT64_LENGTHS_TEXT = NAT64_LENGTHS.map((length) => `/${length}`).join(", ");

/** A prefix in which IPv4 addresses are embedded (RFC 6052). */
const parseNat64Prefix: ParseValue<Prefix6> = (text) => {
  const prefix = parsePrefix6(text);
  if (prefix === undefined || !NAT64_LENGTHS.some((length) => length === prefix.length)) return undefined;
  const known = prefix.bits === WELL_KNOWN_NAT64.bits && prefix.length === WELL_KNOWN_NAT64.length;
  const own = [LOCAL_NAT64, ...UNICAST].some((range) => containsPrefix(range, prefix));
  return (known || own) && (prefix.bits & RESERVED_OCTET) === 0n ? prefix : undefined;
};

/** The same as lab.yaml has it. */
export const nat64Prefix: ReadScalar<Prefix6> = (text) =>
  parseNat64Prefix(text) ??
  new BadValue(
    "MHLAB_LAB_PREFIX",
    `${showValue(text)} is not a prefix for NAT64`,
    `write ${formatPrefix6(WELL_KNOWN_NAT64)} or one of the provider's own, of length ${NAT64_LENGTHS_TEXT} (RFC 6052)`,
  );

/** Where a route leads: any prefix, also `::/0`. */
export const destination: ReadScalar<Prefix6> = (text) =>
  parsePrefix6(text) ??
  new BadValue(
    "MHLAB_LAB_PREFIX",
    `${showValue(text)} is not where a route leads`,
    "a prefix without bits behind its length, such as 2001:db8:f::/48 or ::/0",
  );

/** A DUID (RFC 8415) in its usual form: pairs of small hexadecimal digits with colons between. */
const parseDuid: ParseValue<string> = (text) => {
  const lower = text.toLowerCase();
  if (!DUID.test(lower)) return undefined;
  return (lower.replaceAll(":", "").match(/../g) ?? []).join(":");
};

/** The same as lab.yaml has it. */
export const duid: ReadScalar<string> = (text) =>
  parseDuid(text) ??
  new BadValue(
    "MHLAB_LAB_DUID",
    `${showValue(text)} is not a DUID`,
    "3 to 130 octets in hexadecimal, as `mhlab status` shows them: 00:03:00:01:02:00:00:00:00:42",
  );

/** RFC 8910, section 2: says that there is no portal. */
const UNRESTRICTED = "urn:ietf:params:capport:unrestricted";
const badUri = complaint("MHLAB_LAB_URI");

/** The URI of a captive portal's API (RFC 8910), or the one that says that there is none. */
const parsePortal: ParseValue<string> = (text) =>
  text === UNRESTRICTED || (text.length <= LONGEST_URI && /^https:\/\/[\x21-\x7e]+$/.test(text))
    ? text
    : undefined;

/** The same as lab.yaml has it. */
export const portal: ReadScalar<string> = (text) =>
  parsePortal(text) ??
  badUri(
    `${showValue(text)} is not the address of a captive portal's API`,
    `write https:// and the rest (RFC 8908), or ${UNRESTRICTED}`,
  );

/** An IPv6 address in its RFC 5952 form, or a dotted IPv4 one. */
export const parseAnyAddress: ParseValue<string> = (text) => {
  const bits = parseIp6(text);
  if (bits !== undefined) return formatIp6(bits);
  return isIpv4(text) ? text : undefined;
};

/** The same as lab.yaml has it. */
export const anyAddress: ReadScalar<string> = (text) =>
  parseAnyAddress(text) ??
  new BadValue(
    "MHLAB_LAB_ADDRESS",
    `${showValue(text)} is not an address`,
    "write an IPv6 or an IPv4 address, such as 2001:db8::1 or 192.0.2.1",
  );
