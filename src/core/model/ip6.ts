import ipaddr from "ipaddr.js";

/** An IPv6 prefix (RFC 4291): `bits` is the 128-bit address with all host bits zero, `length` is 0 to 128. */
export interface Prefix6 {
  readonly bits: bigint;
  readonly length: number;
}

const ALL_ONES = (1n << 128n) - 1n;

/** The mask of a prefix length: so many ones, then zeros. */
export function maskOf(length: number): bigint {
  return ALL_ONES ^ hostMask(length);
}

function hostMask(length: number): bigint {
  return ALL_ONES >> BigInt(length);
}

/** Parses an IPv6 address without zone; undefined when the text is not one. */
export function parseIp6(text: string): bigint | undefined {
  if (text.includes("%")) return undefined;
  try {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = ipaddr.IPv6.parse(text).parts;
    // By 32 bits: each step makes a bigint, and a BNG reads thousands of leases at once.
    return (quarter(a, b) << 96n) | (quarter(c, d) << 64n) | (quarter(e, f) << 32n) | quarter(g, h);
  } catch {
    return undefined;
  }
}

function quarter(high: number, low: number): bigint {
  return BigInt(high * 0x1_0000 + low);
}

/** Formats a 128-bit address as RFC 5952 text. */
export function formatIp6(bits: bigint): string {
  const parts = [96n, 64n, 32n, 0n].flatMap((shift) => {
    const word = Number((bits >> shift) & 0xffff_ffffn);
    return [word >>> 16, word & 0xffff];
  });
  return new ipaddr.IPv6(parts).toRFC5952String();
}

/** Parses `address/length`; undefined when malformed or when host bits are set. */
export function parsePrefix6(text: string): Prefix6 | undefined {
  const interfaceAddress = parseInterfaceAddress6(text);
  if (interfaceAddress === undefined) return undefined;
  const { address, length } = interfaceAddress;
  return (address & hostMask(length)) === 0n ? { bits: address, length } : undefined;
}

/** Parses `address/length`, keeping host bits; undefined when malformed. */
export function parseInterfaceAddress6(text: string): { address: bigint; length: number } | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const address = match?.[1] === undefined ? undefined : parseIp6(match[1]);
  const length = Number(match?.[2]);
  if (address === undefined || !(length <= 128)) return undefined;
  return { address, length };
}

/** Formats a prefix as `address/length`. */
export function formatPrefix6(prefix: Prefix6): string {
  return `${formatIp6(prefix.bits)}/${prefix.length}`;
}

/** The prefix of the given length that covers an address. */
export function prefixOf(address: bigint, length: number): Prefix6 {
  return { bits: address & maskOf(length), length };
}

/** Whether the prefix covers the address. */
export function containsAddress(prefix: Prefix6, address: bigint): boolean {
  return prefixOf(address, prefix.length).bits === prefix.bits;
}

/** Whether `outer` covers all of `inner`. */
export function containsPrefix(outer: Prefix6, inner: Prefix6): boolean {
  return outer.length <= inner.length && containsAddress(outer, inner.bits);
}

/** Whether two prefixes share an address. */
export function overlaps(one: Prefix6, other: Prefix6): boolean {
  return containsPrefix(one, other) || containsPrefix(other, one);
}

/** How many subnets of the given length a prefix holds; 0 when the length is shorter than the prefix. */
export function subnetCount(prefix: Prefix6, length: number): bigint {
  return length < prefix.length ? 0n : 1n << BigInt(length - prefix.length);
}

/** Subnet number `index` of the given length; throws RangeError when the prefix does not hold it. */
export function subnet(prefix: Prefix6, length: number, index: bigint): Prefix6 {
  if (length > 128 || index < 0n || index >= subnetCount(prefix, length)) {
    throw new RangeError(`${formatPrefix6(prefix)} has no /${length} number ${index}`);
  }
  return { bits: prefix.bits | (index << BigInt(128 - length)), length };
}

/** Address number `index` of a prefix; throws RangeError when the prefix does not hold it. */
export function addressIn(prefix: Prefix6, index: bigint): bigint {
  return subnet(prefix, 128, index).bits;
}

/** An unsigned number as so many octets in network byte order. */
export function octetsOf(value: number | bigint, octets: number): number[] {
  return Array.from({ length: octets }, (_, index) =>
    Number((BigInt(value) >> BigInt(8 * (octets - 1 - index))) & 0xffn),
  );
}
