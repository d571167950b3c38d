import { lanPrefixText, type Delegation } from "./delegations.ts";

/** RFC 9096 L-16: caps on what a CPE advertises, however long the lease is. */
const LONGEST_PREFERRED_S = 2700;
const LONGEST_VALID_S = 5400;
/** RFC 9096 L-16. */
const ROUTER_LIFETIME_S = 2700;

/**
 * The configuration of radvd for the LAN at a moment: a /64 of each delegation with lifetimes that do not outlive the lease
 * and count down (RFC 9096 L-15), a stale one with lifetimes of zero (L-13), a route to each delegation (RFC 7084 L-3), and a
 * router lifetime of zero without any usable WAN (G-4).
 */
export function renderRadvd(
  lan: string,
  delegations: readonly Delegation[],
  dns: readonly string[],
  now: number,
): string {
  const left = (until: number, cap: number): number => Math.max(0, Math.min(Math.floor(until - now), cap));
  const routes = delegations.some(({ active }) => active);
  return [
    `interface ${lan} {`,
    "  AdvSendAdvert on;",
    "  IgnoreIfMissing on;",
    "  MinRtrAdvInterval 10;",
    "  MaxRtrAdvInterval 30;",
    `  AdvDefaultLifetime ${routes ? ROUTER_LIFETIME_S : 0};`,
    ...delegations.flatMap(({ prefix, active, stale, preferredUntil, validUntil }) => {
      const preferred = active ? left(preferredUntil, LONGEST_PREFERRED_S) : 0;
      return [
        `  prefix ${lanPrefixText(prefix)} {`,
        // radvd leaves a prefix out when it counts down and is at zero; a deprecated one must be told.
        `    AdvOnLink on; AdvAutonomous on; DecrementLifetimes ${preferred > 0 ? "on" : "off"};`,
        `    AdvValidLifetime ${stale === true ? 0 : left(validUntil, LONGEST_VALID_S)};`,
        `    AdvPreferredLifetime ${preferred};`,
        "  };",
      ];
    }),
    ...delegations.flatMap(({ prefix, active, validUntil }) =>
      // A route that says the same as the prefix option is left out (erratum 7699).
      active && prefix !== lanPrefixText(prefix)
        ? [`  route ${prefix} { AdvRouteLifetime ${left(validUntil, LONGEST_VALID_S)}; RemoveRoute on; };`]
        : [],
    ),
    ...(dns.length > 0 ? [`  RDNSS ${dns.join(" ")} { AdvRDNSSLifetime ${ROUTER_LIFETIME_S}; };`] : []),
    "};",
    "",
  ].join("\n");
}
