import { translatorPools, type ProviderServices } from "../../../model/internet/services.ts";
import { formatPrefix6 } from "../../../model/ip6.ts";
import type { Lab, Provider } from "../../../model/lab/model.ts";
import { ownResolver } from "../../../model/settings/resolver.ts";
import type { Surroundings } from "./container.ts";

/** What the bundled internet does for single providers of a lab; nothing for those who are content with what all have. */
export function internetServices(lab: Lab, { tunnels }: Surroundings): ProviderServices[] {
  const translated = lab.providers.filter(isTranslated).map(({ name }) => name);
  const pools = translatorPools(lab.name, translated);
  return lab.providers
    .map((provider): ProviderServices => {
      const tunnel = tunnels.get(provider.name);
      const { advertised, resolver } = provider;
      const own = ownResolver(resolver, advertised.pref64);
      const pool = pools.get(provider.name);
      return {
        provider: provider.name,
        ...(own === undefined || tunnel === undefined
          ? {}
          : {
              resolver: {
                address: tunnel.resolverAddress,
                ...(own.dns64 === undefined ? {} : { dns64: formatPrefix6(own.dns64) }),
                answers: own.answers,
              },
            }),
        ...(pool === undefined || tunnel === undefined || advertised.pref64 === undefined
          ? {}
          : {
              nat64: {
                prefix: formatPrefix6(advertised.pref64),
                pool,
                address: tunnel.translatorAddress,
              },
            }),
        ...pvdOf(provider),
      };
    })
    .filter((services) => Object.keys(services).length > 1);
}

function isTranslated({ advertised, resolver }: Provider): boolean {
  return advertised.pref64 !== undefined && resolver.nat64 === "bundled";
}

function pvdOf({ pvd, prefix }: Provider): Pick<ProviderServices, "pvd"> {
  const { name, http, noInternet, zones, expiresS } = pvd;
  if (name === undefined || !http) return {};
  return { pvd: { name, noInternet, zones, prefixes: [formatPrefix6(prefix)], expiresS } };
}
