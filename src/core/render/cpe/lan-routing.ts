/** How a host sends on a LAN of several routers: each packet to the router that its source is from (RFC 8028, RFC 6724 rule 5.5). */
import type { RouterAdvertisement } from "./advertisement.ts";
import type { LanRouter } from "./documents.ts";
import { isFrom } from "./forget.ts";
import {
  END_RULE,
  END_TABLE,
  FIRST_TABLE,
  LAST_METRIC,
  MAIN_RULE_TEXT,
  SOURCE_RULE,
  type RouteEntry,
} from "./routing.ts";

export const PREFERENCES = ["high", "medium", "low"] as const;
export type Preference = (typeof PREFERENCES)[number];

/** A default router as the kernel keeps it (RFC 4861, 4191). */
export interface DefaultRouter {
  readonly address: string;
  readonly preference: Preference;
}

/** What a host has to send by. */
export interface LanState {
  readonly interface: string;
  /** In the order of the lab file. */
  readonly expected: readonly LanRouter[];
  readonly routers: readonly DefaultRouter[];
  readonly heard: readonly RouterAdvertisement[];
  readonly addresses: readonly LanAddress[];
}

/** A global address of a host. */
export interface LanAddress {
  readonly address: string;
  /** Whether new connections may use it. */
  readonly preferred: boolean;
  /** Whether somebody gave it by hand: no router is to be asked for it. */
  readonly byHand: boolean;
}

/** Of addresses that were given by hand: before the end of those that are announced. */
const BY_HAND_RULE = 1150;
/** Of what sends without a source: after the rules of the sources. */
const REST_RULE = 1200;
/** All that a router can announce (RFC 4291, RFC 4193). */
const ANNOUNCEABLE = ["2000::/3", "fc00::/7"];
const REST_TABLE = 99;
const METRIC = 1024;

/** The default routers among the kernel's routes, without those whose lifetime has ended. */
export function defaultRouters(
  routes: readonly (RouteEntry & { pref?: string; expires?: number })[],
  name: string,
): DefaultRouter[] {
  return routes.flatMap(({ gateway, dev, pref, expires = 1 }) => {
    if (gateway === undefined || dev !== name || expires <= 0) return [];
    return { address: gateway, preference: PREFERENCES.find((one) => one === pref) ?? "medium" };
  });
}

/** Whose prefix an address is from: of several that announce it the best usable one, or one that is known; else undefined. */
export function routerOfSource(address: string, state: LanState): string | undefined {
  const announcing = state.heard
    .filter(({ prefixes }) => prefixes.some((prefix) => isFrom(address, [prefix])))
    .map(({ router }) => router);
  return ranked(state).find((router) => announcing.includes(router)) ?? announcing[0];
}

/**
 * Rules: a source's packets go by the table of its router or nowhere, also in the moment in which it is not known yet who
 * announced it; what has no source, or one that was given by hand, by that of all routers.
 */
export function desiredLanRules(state: LanState): string[] {
  const order = routerOrder(state);
  const prefixes = [...new Set(state.heard.flatMap((one) => one.prefixes))].sort();
  return [
    MAIN_RULE_TEXT,
    ...prefixes.map((prefix) => {
      const index = order.indexOf(routerOfSource(prefix.replace(/\/.*$/, ""), state) ?? "");
      return `priority ${SOURCE_RULE + index} from ${prefix} lookup ${FIRST_TABLE + index}`;
    }),
    ...state.addresses
      .filter(({ address, byHand }) => byHand && routerOfSource(address, state) === undefined)
      .map(({ address }) => `priority ${BY_HAND_RULE} from ${address}/128 lookup ${REST_TABLE}`),
    ...ANNOUNCEABLE.map((prefix) => `priority ${END_RULE} from ${prefix} lookup ${END_TABLE}`),
    `priority ${REST_RULE} from all lookup ${REST_TABLE}`,
  ];
}

/**
 * Routes: a table per usable router, and an end for all of them, so that nothing leaves by another provider; and a table
 * with all usable routers, the preferred first, each with an address of its own prefix as source. A host's kernel passes
 * over a router that does not answer (RFC 4861, 6.3.6) and does not ask for it again while its table holds another route:
 * therefore the end is in a table of its own.
 */
export function desiredLanRoutes(state: LanState): string[] {
  const order = routerOrder(state);
  const rank = ranked(state);
  const own = rank.map(
    (router) =>
      `default via ${router} dev ${state.interface} table ${FIRST_TABLE + order.indexOf(router)} metric ${METRIC}`,
  );
  const rest = rank.flatMap((router) => {
    const source = state.addresses.find(
      ({ address, preferred }) => preferred && routerOfSource(address, state) === router,
    );
    if (source === undefined) return [];
    const preference = state.routers.find(({ address }) => address === router)?.preference ?? "medium";
    const metric = METRIC + 100 * PREFERENCES.indexOf(preference) + order.indexOf(router);
    return [
      `default via ${router} dev ${state.interface} src ${source.address} table ${REST_TABLE} metric ${metric}`,
    ];
  });
  return [...own, `unreachable default dev lo table ${END_TABLE} metric ${LAST_METRIC}`, ...rest];
}

/**
 * Whether advertisements must be asked for: a router that is expected is not there, or the kernel has a router or an address
 * that nobody was heard to announce.
 */
export function hasQuestions(state: LanState): boolean {
  const heard = new Set(state.heard.map(({ router }) => router));
  const usable = new Set(ranked(state));
  return (
    state.expected.some(({ address }) => !usable.has(address)) ||
    state.routers.some(({ address }) => !heard.has(address)) ||
    state.addresses.some(({ address }) => routerOfSource(address, state) === undefined)
  );
}

/** The advertisements after some were heard: a newer one of a router replaces what it said; who is of no more use is forgotten. */
export function nextHeard(state: LanState, answers: readonly RouterAdvertisement[]): RouterAdvertisement[] {
  const fresh = new Map([...state.heard, ...answers].map((one) => [one.router, one]));
  const usable = new Set(ranked(state));
  return [...fresh.values()].filter(
    ({ router, prefixes }) =>
      usable.has(router) ||
      answers.some((answer) => answer.router === router) ||
      state.addresses.some(({ address }) => prefixes.some((prefix) => isFrom(address, [prefix]))),
  );
}

/** Usable routers, the preferred first; among equals in the order of the lab file. */
export function ranked(state: LanState): string[] {
  const order = routerOrder(state);
  return [...state.routers]
    .sort(
      (one, other) =>
        PREFERENCES.indexOf(one.preference) - PREFERENCES.indexOf(other.preference) ||
        order.indexOf(one.address) - order.indexOf(other.address),
    )
    .map(({ address }) => address);
}

/** The number of each router, for its table: those of the lab file first, so that a stranger moves none of them. */
function routerOrder({ expected, routers, heard }: LanState): string[] {
  const known = expected.map(({ address }) => address);
  const others = [...routers.map(({ address }) => address), ...heard.map(({ router }) => router)];
  return [...new Set([...known, ...others.sort()])];
}
