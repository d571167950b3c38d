import { formatIp6, formatPrefix6, parseIp6, prefixOf } from "../../model/ip6.ts";

/** Something leased, with the Unix times in seconds at which its lifetimes end. */
export interface Leased {
  /** An address, or a prefix with its length. */
  readonly value: string;
  readonly preferredUntil: number;
  readonly validUntil: number;
}

/** What a WAN's DHCPv6 client holds (RFC 8415). */
export interface Lease {
  readonly addresses: readonly Leased[];
  /** The one that is preferred longest first: beside it there is a deprecated one while the provider is renumbered. */
  readonly prefixes: readonly Leased[];
  readonly dns: readonly string[];
}

/**
 * Reads what dhcpcd's hook wrote: `at=<Unix seconds>`, `reason=…` and dhcpcd's `new_dhcp6_…` variables. Undefined when it
 * says that there is no lease.
 */
export function parseLease(text: string): Lease | undefined {
  const variables = new Map<string, string>();
  for (const line of text.split("\n")) {
    const at = line.indexOf("=");
    if (at > 0) variables.set(line.slice(0, at), line.slice(at + 1));
  }
  const now = Number(variables.get("at") ?? Number.NaN);
  if (!Number.isFinite(now)) return undefined;
  const leased = (key: string, value: string): Leased => ({
    value,
    preferredUntil: now + Number(variables.get(`${key}_pltime`) ?? 0),
    validUntil: now + Number(variables.get(`${key}_vltime`) ?? 0),
  });
  const addresses: Leased[] = [];
  const prefixes: Leased[] = [];
  for (const [key, value] of variables) {
    if (/^new_dhcp6_ia_na\d+_ia_addr\d+$/.test(key)) {
      const bits = parseIp6(value);
      if (bits !== undefined) addresses.push(leased(key, formatIp6(bits)));
    } else if (/^new_dhcp6_ia_pd\d+_prefix\d+$/.test(key)) {
      const bits = parseIp6(value);
      const length = Number(variables.get(`${key}_length`) ?? Number.NaN);
      if (bits !== undefined && length <= 64)
        prefixes.push(leased(key, formatPrefix6(prefixOf(bits, length))));
    }
  }
  // A server that swaps prefixes returns the old one with lifetimes of zero beside the new one.
  const live = (item: Leased): boolean => item.validUntil > now;
  return {
    addresses: addresses.filter(live),
    prefixes: prefixes.filter(live).sort((one, other) => other.preferredUntil - one.preferredUntil),
    dns: (variables.get("new_dhcp6_name_servers") ?? "").split(" ").filter((server) => server !== ""),
  };
}
