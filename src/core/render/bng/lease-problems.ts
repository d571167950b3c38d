import { containsPrefix, parsePrefix6, type Prefix6 } from "../../model/ip6.ts";
import type { AddressLease, Delegation, Problem } from "../../model/status/model.ts";
import type { BngConfig } from "./config.ts";
import { capacityOf } from "./kea.ts";

const LONGEST_LIST = 8;

/** What a provider leases, and whether somebody got nothing of it lately. */
export interface Leased {
  readonly delegations: Delegation[];
  readonly addresses: AddressLease[];
  readonly refused: { readonly prefix: boolean; readonly address: boolean };
  /** Why the kernel cannot be kept equal to it; undefined while it can. */
  readonly failure?: string | undefined;
}

/** What is wrong with what a provider leases: that it cannot be kept up, delegations that are not routed, and a pool that had nothing left for somebody. */
export function leaseProblems(
  config: BngConfig,
  { delegations, addresses, refused, failure }: Leased,
): Problem[] {
  const unrouted = delegations.filter(({ routed }) => !routed);
  const problems: Problem[] = unrouted.slice(0, LONGEST_LIST).map(({ prefix }) => ({
    code: "not-routed",
    message: `${prefix} is delegated, but not routed to its CPE`,
  }));
  const more = unrouted.length - LONGEST_LIST;
  if (more > 0)
    problems.push({ code: "not-routed", message: `${more} more prefixes are delegated, but not routed` });
  if (failure !== undefined)
    problems.unshift({
      code: "leases-not-kept",
      message: `routes cannot be kept equal to the leases: ${failure}`,
    });
  const capacity = capacityOf(config);
  const exhausted = (message: string): void => void problems.push({ code: "pool-exhausted", message });
  const inPool = (): number => delegations.filter(({ prefix }) => isIn(config.pool, prefix)).length;
  if (refused.prefix && capacity.delegations > 0 && inPool() >= capacity.delegations)
    exhausted(`all ${capacity.delegations} prefixes are delegated, and a customer was told NoPrefixAvail`);
  const onLink = (): number =>
    addresses.filter(({ address }) => isIn(config.transfer, `${address}/128`)).length;
  if (refused.address && capacity.addresses > 0 && onLink() >= capacity.addresses)
    exhausted(`all ${capacity.addresses} addresses are leased, and a customer was told NoAddrsAvail`);
  return problems;
}

/** Of a former prefix there is nothing to be had. */
function isIn(network: Prefix6 | undefined, leased: string): boolean {
  const prefix = parsePrefix6(leased);
  return network !== undefined && prefix !== undefined && containsPrefix(network, prefix);
}
