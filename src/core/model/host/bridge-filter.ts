/** Whether the host's packet filter starves a bridge: br_netfilter hands bridged IPv6 to the forward chains (Docker's habit). */

interface Chain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly hook?: string;
  readonly policy?: string;
}

interface Rule {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly expr?: readonly unknown[];
}

/**
 * The forward chains that drop what crosses a bridge, from `nft -j list ruleset`: their policy drops, and no rule accepts
 * everything or names the bridge. `bridge` is undefined when no certain one is meant.
 */
export function droppingForwardChains(ruleset: string, bridge: string | undefined): string[] {
  const { nftables = [] } = JSON.parse(ruleset) as { nftables?: { chain?: Chain; rule?: Rule }[] };
  const rules = nftables.flatMap(({ rule }) => (rule === undefined ? [] : [rule]));
  return nftables
    .flatMap(({ chain }) => (chain === undefined ? [] : [chain]))
    .filter(
      ({ family, hook, policy }) => hook === "forward" && policy === "drop" && /^(ip6|inet)$/.test(family),
    )
    .filter(
      (chain) =>
        !rules.some(
          (rule) =>
            rule.family === chain.family &&
            rule.table === chain.table &&
            rule.chain === chain.name &&
            lets(rule, bridge),
        ),
    )
    .map(({ family, table, name }) => `${family} ${table} ${name}`);
}

function lets({ expr = [] }: Rule, bridge: string | undefined): boolean {
  const accepts = expr.some((part) => typeof part === "object" && part !== null && "accept" in part);
  if (!accepts) return false;
  const conditions = expr.filter(
    (part) => typeof part === "object" && part !== null && !("accept" in part) && !("counter" in part),
  );
  if (conditions.length === 0) return true;
  return bridge !== undefined && conditions.every((part) => JSON.stringify(part).includes(`"${bridge}"`));
}

/** What to run so that bridged frames pass again. */
export const LET_BRIDGED_PASS = "sudo sysctl -w net.bridge.bridge-nf-call-ip6tables=0";
