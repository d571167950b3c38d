/** The prefixes of a provider: one as a rule, several while it is renumbered. */
import { containsPrefix, type Prefix6 } from "../../model/ip6.ts";
import type { BngConfig, Network } from "./config.ts";

/** All of them: the current one first, if there is one. */
export function networksOf(config: BngConfig): readonly Network[] {
  const { networks, prefix, transfer, pool, delegatedLength } = config;
  return networks ?? [{ prefix, transfer, pool, delegatedLength, state: "current", endsAtS: undefined }];
}

/** The one that is announced and delegated as ever; undefined when everything was withdrawn. */
export function currentNetwork(config: BngConfig): Network | undefined {
  return networksOf(config).find(({ state }) => state === "current");
}

/** Those that are routed, and whose sources are allowed. */
export function liveNetworks(config: BngConfig): Network[] {
  return networksOf(config).filter(({ state }) => state !== "withdrawn");
}

/** Whether what was leased is of a network that lives: an address of its link, or a prefix of its pool. */
export function isLive(config: BngConfig, leased: Prefix6): boolean {
  return liveNetworks(config).some(({ transfer, pool, delegatedLength }) =>
    leased.length === 128
      ? containsPrefix(transfer, leased)
      : pool !== undefined && leased.length === delegatedLength && containsPrefix(pool, leased),
  );
}
