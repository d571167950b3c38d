// IPv6 addresses as numbers.

/** 128 bits of an address, by its text (RFC 4291, section 2.2). */
export function bitsOf(address) {
  const [head, tail] = address.split("::");
  const groups = (text) => (text === undefined || text === "" ? [] : text.split(":"));
  const [front, back] = [groups(head), groups(tail)];
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - front.length - back.length }, () => "0");
  return [...front, ...zeros, ...back].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** Whether a prefix (`2001:db8::/32`) has an address. */
export function contains(prefix, address) {
  const [network, length] = prefix.split("/");
  const shift = BigInt(128 - Number(length));
  return bitsOf(network) >> shift === bitsOf(address) >> shift;
}

/** The same text for the same address. */
export function canonical(address) {
  return bitsOf(address).toString(16);
}
