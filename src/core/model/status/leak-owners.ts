import { containsAddress, parseIp6, parsePrefix6 } from "../ip6.ts";
import type { LeakedAddress, ProviderStatus } from "./model.ts";

/** Names the provider of the lab whose prefix each leaked address is of: the one with the longest, where prefixes lie in each other. */
export function withOwners<L extends { readonly addresses: readonly LeakedAddress[] }>(
  leaks: L,
  providers: readonly Pick<ProviderStatus, "name" | "prefixes">[],
): L {
  const all = providers.flatMap(({ name, prefixes }) =>
    prefixes.flatMap((one) => {
      const prefix = parsePrefix6(one.prefix);
      return prefix === undefined ? [] : [{ name, prefix }];
    }),
  );
  const longestFirst = all.toSorted((one, other) => other.prefix.length - one.prefix.length);
  return {
    ...leaks,
    addresses: leaks.addresses.map((leaked) => {
      const bits = parseIp6(leaked.address);
      const owner = longestFirst.find(({ prefix }) => bits !== undefined && containsAddress(prefix, bits));
      return { ...leaked, provider: owner?.name ?? leaked.provider };
    }),
  };
}
