/** What the lab file takes from a shared LAN while a host is on it: nobody announces the end of that (RFC 4861 would wait for its lifetime). */
import { containsAddress, parseIp6, parsePrefix6 } from "../../model/ip6.ts";
import type { LanRouter } from "./documents.ts";

/** Routers and networks that were expected once and are not any more. */
export interface Forgotten {
  readonly routers: readonly string[];
  /** With lengths. */
  readonly prefixes: readonly string[];
}

export const NOTHING_FORGOTTEN: Forgotten = { routers: [], prefixes: [] };

/** What is to be forgotten after the expected routers were `before` and are `now`; what is expected again is not. */
export function nextForgotten(
  known: Forgotten,
  before: readonly LanRouter[],
  now: readonly LanRouter[],
): Forgotten {
  return {
    routers: without([...known.routers, ...addressesOf(before)], addressesOf(now)),
    prefixes: without([...known.prefixes, ...prefixesOf(before)], prefixesOf(now)),
  };
}

function without(values: readonly string[], present: readonly string[]): string[] {
  return [...new Set(values)].filter((value) => !present.includes(value));
}

/** Whether an address is from one of these prefixes. */
export function isFrom(address: string, prefixes: readonly string[]): boolean {
  const inner = parseIp6(address);
  return prefixes.some((text) => {
    const prefix = parsePrefix6(text);
    return inner !== undefined && prefix !== undefined && containsAddress(prefix, inner);
  });
}

function addressesOf(routers: readonly LanRouter[]): string[] {
  return routers.map(({ address }) => address);
}

function prefixesOf(routers: readonly LanRouter[]): string[] {
  return routers.flatMap(({ prefix }) => prefix ?? []);
}
