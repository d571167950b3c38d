import type { Prefix6 } from "../ip6.ts";

/** BIRD's buffer, in octets; what does not fit into it is not announced, and nobody is told. */
export const LONGEST_ADVERTISEMENT = 1024;
/** Header, MTU, and the option of the transfer network (RFC 4861, section 4). */
const FIXED = 16 + 8 + 32;

/** What makes an advertisement longer than the shortest. */
interface Announced {
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly captivePortal: string | undefined;
  readonly pvd: { readonly name: string | undefined };
  readonly advertised: {
    readonly pref64: Prefix6 | undefined;
    readonly prefixes: readonly unknown[];
    readonly routes: readonly { readonly prefix: Prefix6 }[];
  };
}

/** How long the router advertisement is that says all of this, in octets. */
export function advertisementLength({ dns, dnsSearch, captivePortal, pvd, advertised }: Announced): number {
  const { pref64, prefixes, routes } = advertised;
  return sum([
    FIXED,
    32 * prefixes.length,
    ...routes.map(({ prefix: { length } }) => (length === 0 ? 8 : length <= 64 ? 16 : 24)),
    dns.length === 0 ? 0 : 8 + 16 * dns.length,
    dnsSearch.length === 0 ? 0 : units(8 + sum(dnsSearch.map(nameLength))),
    pref64 === undefined ? 0 : 16,
    pvd.name === undefined ? 0 : units(6 + nameLength(pvd.name)),
    captivePortal === undefined ? 0 : units(2 + captivePortal.length),
  ]);
}

/** Options fill units of eight octets. */
function units(octets: number): number {
  return Math.ceil(octets / 8) * 8;
}

/** RFC 1035, section 3.1: a length before each label, and one at the end. */
function nameLength(domain: string): number {
  return domain.replace(/\.$/, "").length + 2;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
