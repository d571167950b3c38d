/** Which problems come of a renumbering: its customers find out by them. */
import { containsPrefix, parsePrefix6 } from "../ip6.ts";
import type { PrefixState } from "./phases.ts";

/** What stands beside the ids of faults as a reason. */
export const RENUMBERING = "renumbering";
/** What a customer of a provider without a prefix has. */
const WITHOUT_PREFIX: ReadonlySet<string> = new Set([
  "no-router",
  "no-delegation",
  "no-address",
  "unreachable",
]);

type Prefixes = readonly { readonly prefix: string; readonly state: PrefixState }[];

/** What a provider has, and has given. */
export interface Renumbered {
  readonly prefixes: Prefixes;
  readonly override: { readonly prefixes?: unknown };
  readonly delegations: readonly { readonly prefix: string }[];
}

/** Whether a provider has, or had, another prefix than its lab file says. */
export function isRenumbered(prefixes: Prefixes, override: { readonly prefixes?: unknown }): boolean {
  return prefixes.length > 1 || override.prefixes !== undefined;
}

/**
 * Whether the prefixes of a provider explain a problem of who depends on it: it has none, or a CPE still uses a delegation that
 * ended with its prefix and does not know it yet, also when the provider has come back to that prefix.
 */
export function prefixesExplain(
  code: string,
  { prefixes, override, delegations }: Renumbered,
  delegated: string | null | undefined,
): boolean {
  if (prefixes.length === 0) return false;
  if (!prefixes.some(({ state }) => state === "current")) return WITHOUT_PREFIX.has(code);
  const held = parsePrefix6(delegated ?? "");
  if (code !== "unreachable" || held === undefined) return false;
  if (isRenumbered(prefixes, override) && !delegations.some(({ prefix }) => prefix === delegated))
    return true;
  return !prefixes.some(({ prefix, state }) => {
    const live = state === "withdrawn" ? undefined : parsePrefix6(prefix);
    return live !== undefined && containsPrefix(live, held);
  });
}
