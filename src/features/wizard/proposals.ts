import { INTERNET_PREFIX } from "../../core/model/internet/config.ts";
import { farAddress } from "../../core/model/far-address.ts";
import { formatIp6, formatPrefix6, overlaps, parsePrefix6, type Prefix6 } from "../../core/model/ip6.ts";
import { stableHash } from "../../core/model/names.ts";
import { parseTunnelAddress } from "../../core/model/values/parse.ts";
import type { Neighbour } from "./question.ts";

const NAMES = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"];

/** The first of alpha, beta, gamma … that is free. */
export function proposeName(taken: readonly string[]): string {
  const free = NAMES.find((name) => !taken.includes(name));
  if (free !== undefined) return free;
  let number = NAMES.length + 1;
  while (taken.includes(`isp${number}`)) number += 1;
  return `isp${number}`;
}

/** A name for a lab that is like that of its folder; `lab` when that has none. */
export function proposeLabName(folder: string): string {
  const slug = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 30);
  return slug === "" ? "lab" : slug;
}

/** The first of 2001:db8:a::/48, 2001:db8:b::/48 … that overlaps no other provider and not the bundled internet. */
export function proposePrefix(neighbours: readonly Neighbour[]): string {
  const taken = [INTERNET_PREFIX, ...neighbours.flatMap(({ prefix }) => parsePrefix6(prefix) ?? [])];
  for (let block = 0xan; ; block += 1n) {
    const prefix = { bits: (0x2001_0db8n << 96n) | (block << 80n), length: 48 };
    if (!taken.some((other) => overlaps(other, prefix))) return formatPrefix6(prefix);
  }
}

/** Whose prefix overlaps this one; undefined when nobody's does. */
export function overlapping(
  prefix: string,
  { neighbours, internet }: { neighbours: readonly Neighbour[]; internet: "bundled" | "real" },
): string | undefined {
  const wanted = parsePrefix6(prefix);
  if (wanted === undefined) return undefined;
  const others: [string, Prefix6 | undefined][] = [
    ...(internet === "bundled" ? ([["the bundled internet", INTERNET_PREFIX]] as [string, Prefix6][]) : []),
    ...neighbours.map((one): [string, Prefix6 | undefined] => [one.name, parsePrefix6(one.prefix)]),
  ];
  return others.find(([, other]) => other !== undefined && overlaps(other, wanted))?.[0];
}

/** An address for the tunnel from a network of its own, a unique local one (RFC 4193) that follows from the prefix. */
export function proposeTunnelAddress(prefix: string): string | undefined {
  const own = parsePrefix6(prefix);
  if (own === undefined) return undefined;
  const shown = formatPrefix6(own);
  const globalId = (BigInt(stableHash(shown)) << 8n) | BigInt(stableHash(`${shown} tunnel`) & 0xff);
  return `${formatIp6((0xfdn << 120n) | (globalId << 80n) | 2n)}/64`;
}

/** The far side's address in the network of the tunnel; undefined when that has no other. */
export function proposeProbe(tunnelAddress: string): string | undefined {
  const own = parseTunnelAddress(tunnelAddress);
  const far = own === undefined ? undefined : farAddress(own, new Set([own.address]));
  return far === undefined ? undefined : formatIp6(far);
}
