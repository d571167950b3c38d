import type { Delegation } from "./delegations.ts";

/** A routing rule, as `ip -6 -j rule` shows it. */
export interface RuleEntry {
  priority: number;
  src: string;
  srclen?: number;
  table: string;
  suppress_prefixlen?: number;
}

/** A route of the CPE's own making, as `ip -6 -j route show table all proto 202` shows it. */
export interface RouteEntry {
  type?: string;
  dst: string;
  gateway?: string;
  dev?: string;
  prefsrc?: string;
  table?: string;
  metric?: number;
}

/** What the routing needs to know of a WAN. */
export interface WanRouting {
  /** Its number, as in a delegation. */
  readonly wan: number;
  readonly interface: string;
  readonly router: string | undefined;
  /** Its global addresses, without length. */
  readonly addresses: readonly string[];
}

/** Marks the routes of the agent. */
export const ROUTE_PROTOCOL = "202";
/** WAN number i has table FIRST_TABLE + i. */
export const FIRST_TABLE = 100;
const MAIN_RULE = 1000;
export const SOURCE_RULE = 1100;
export const LAST_METRIC = 4278198272;
/** The end of the way of a source that has none of its own. */
export const END_RULE = 1190;
export const END_TABLE = 98;
const INTERNET = "2000::/3";
/** All but the default routes of the main table counts first. */
export const MAIN_RULE_TEXT = `priority ${MAIN_RULE} from all lookup main suppress_prefixlength 0`;
const isOwn = ({ priority }: RuleEntry): boolean => priority >= MAIN_RULE && priority < 2000;

/**
 * Rules that send each packet out by the WAN that its source belongs to (RFC 8678 calls it source address dependent
 * routing): all but the default routes of the main table count first, then the table of the source's WAN. An address of its own
 * that is so new that it has no rule yet leaves nowhere, and not by whichever WAN the kernel prefers (RFC 2827).
 */
export function desiredRules(wans: readonly WanRouting[], delegations: readonly Delegation[]): string[] {
  return [
    MAIN_RULE_TEXT,
    ...delegations.map(({ prefix, wan }) => sourceRule(prefix, wan)),
    ...wans.flatMap(({ addresses, wan }) => addresses.map((address) => sourceRule(`${address}/128`, wan))),
    `priority ${END_RULE} from ${INTERNET} lookup ${END_TABLE}`,
  ];
}

function sourceRule(source: string, wan: number): string {
  return `priority ${SOURCE_RULE + wan} from ${source} lookup ${FIRST_TABLE + wan}`;
}

/** The agent's own rules among those present, in the words of desiredRules. */
export function presentRules(entries: readonly RuleEntry[]): string[] {
  return entries.filter(isOwn).map(({ priority, src, srclen, table, suppress_prefixlen: suppress }) => {
    const source = src === "all" ? src : `${src}/${srclen ?? 128}`;
    const rest = suppress === undefined ? "" : ` suppress_prefixlength ${suppress}`;
    return `priority ${priority} from ${source} lookup ${table}${rest}`;
  });
}

/**
 * Routes: per WAN a default route by its router, and an end of its table so that no packet with its source leaves
 * elsewhere; per delegation an unreachable route for what the LAN does not use (RFC 7084 WPD-5).
 */
export function desiredRoutes(wans: readonly WanRouting[], delegations: readonly Delegation[]): string[] {
  return [
    ...wans.flatMap(({ interface: name, router, wan }) => {
      const table = String(FIRST_TABLE + wan);
      return [
        ...(router === undefined ? [] : [`default via ${router} dev ${name} table ${table} metric 1024`]),
        `unreachable default dev lo table ${table} metric ${LAST_METRIC}`,
      ];
    }),
    `unreachable default dev lo table ${END_TABLE} metric ${LAST_METRIC}`,
    ...delegations.map(({ prefix }) => `unreachable ${prefix} dev lo table main metric ${LAST_METRIC}`),
  ];
}

/** The routes present, in the words of desiredRoutes. */
export function presentRoutes(entries: readonly RouteEntry[]): string[] {
  return entries.map(({ type, dst, gateway, dev, prefsrc, table = "main", metric = 1024 }) => {
    const kind = type === undefined || type === "unicast" ? "" : `${type} `;
    const via = gateway === undefined ? "" : ` via ${gateway}`;
    const source = prefsrc === undefined ? "" : ` src ${prefsrc}`;
    return `${kind}${dst}${via} dev ${dev ?? "lo"}${source} table ${table} metric ${metric}`;
  });
}

/** What `ip -batch` must do to turn the present into the desired; additions first, so that nothing is missing meanwhile. */
export function changes(
  object: "rule" | "route",
  present: readonly string[],
  desired: readonly string[],
): string[] {
  const protocol = object === "route" ? ` proto ${ROUTE_PROTOCOL}` : "";
  return [
    ...[...new Set(desired)]
      .filter((entry) => !present.includes(entry))
      .map((entry) => `${object} add ${entry}${protocol}`),
    ...present
      .filter((entry) => !desired.includes(entry))
      .map((entry) => `${object} del ${entry}${protocol}`),
  ];
}

/** The default router of an interface among the routes that the kernel learned from advertisements. */
export function routerOf(
  routes: readonly (RouteEntry & { nexthops?: readonly { gateway?: string; dev?: string }[] })[],
  name: string,
): string | undefined {
  return routes.flatMap((route) => [route, ...(route.nexthops ?? [])]).find(({ dev }) => dev === name)
    ?.gateway;
}
