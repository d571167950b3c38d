import { formatIp6 } from "../../model/ip6.ts";
import { stableHash } from "../../model/names.ts";

/** A locally administered MAC address that is always the same for a name, so that leases and next hops survive restarts. */
export function stableMac(name: string): string {
  const hash = stableHash(name);
  const bytes = [0x02, 0x6d, hash >>> 24, (hash >>> 16) & 0xff, (hash >>> 8) & 0xff, hash & 0xff];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

/** The link-local address that EUI-64 makes of a MAC address (RFC 4291, appendix A). */
export function linkLocalOf(mac: string): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac.split(":").map((byte) => Number.parseInt(byte, 16));
  const identifier = [a ^ 2, b, c, 0xff, 0xfe, d, e, f];
  return formatIp6((0xfe80n << 112n) | identifier.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n));
}

/** The IAID of the line to a provider: always the same, whatever other lines there are (RFC 8415, 12). */
export function iaidOf(provider: string): number {
  return stableHash(provider) || 1;
}

/** A DUID of the kind that is made of a MAC address (RFC 8415, 11.4). */
export function duidOf(mac: string): string {
  return `00:03:00:01:${mac}`;
}
