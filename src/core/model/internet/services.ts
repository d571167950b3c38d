/** What the bundled internet does for single providers: a resolver, a NAT64, a provisioning domain. */
import { stableHash, takeFree } from "../names.ts";
import type { Pvd } from "./pvd.ts";

/** What the bundled internet does for one provider. */
export interface ProviderServices {
  readonly provider: string;
  readonly resolver?: ResolverService;
  readonly nat64?: TranslatorService;
  readonly pvd?: PvdService;
}

/** A resolver for one provider. */
export interface ResolverService {
  readonly address: string;
  /** The prefix of the addresses that it makes of IPv4 ones (DNS64). */
  readonly dns64?: string;
  readonly answers: readonly { readonly name: string; readonly address: string }[];
}

/** A NAT64 for one provider. */
export interface TranslatorService {
  readonly prefix: string;
  /** The IPv4 addresses that its customers have on the other side. */
  readonly pool: string;
  /** Whom its ICMPv6 errors are from. */
  readonly address: string;
}

/** The provisioning domain that one provider is, served by HTTPS. */
export interface PvdService extends Pvd {
  /** How long it holds after it was fetched, in seconds. */
  readonly expiresS: number;
}

/** RFC 2544 and 5735: addresses for tests, of which each NAT64 gives its customers a /24. */
const FIRST_POOL = [198, 18] as const;
const POOLS = 512;

/** The pool of each provider's NAT64, as derived as its tunnel; throws RangeError for more than 512. */
export function translatorPools(lab: string, providers: readonly string[]): ReadonlyMap<string, string> {
  if (providers.length > POOLS) throw new RangeError(`there are pools for ${POOLS} translators only`);
  const used = new Set<number>();
  return new Map(
    providers.map((provider) => {
      const number = takeFree(used, stableHash(`${lab}/${provider}/nat64`), POOLS);
      const [first, second] = FIRST_POOL;
      return [provider, `${first}.${second + (number >> 8)}.${number & 0xff}.0/24`];
    }),
  );
}
