import {
  containsAddress,
  containsPrefix,
  formatIp6,
  formatPrefix6,
  parseIp6,
  parsePrefix6,
  subnet,
  type Prefix6,
} from "../ip6.ts";
import { defaultPool } from "../settings/delegation.ts";
import type { Environment } from "../settings/environment-reader.ts";
import { parseAssignedPrefix } from "../values/parse.ts";
import type { PrefixPhases } from "./phases.ts";

const PREFIX = "ASSIGNED_PREFIX";
const POOL = "DELEGATED_PREFIX";
/** What else may name places in the assigned prefix. */
const PLACES = ["DELEGATED_EXCLUDE", "DHCPV6_RESERVATIONS", "RA_PREFIXES"];
/** What renumbering changes: by an overlay's settings it would be without any of its care. */
export const RENUMBERING_VARIABLES: ReadonlySet<string> = new Set([PREFIX, POOL]);

/** The prefix that an environment assigns; undefined when it is wrong. */
export function assignedPrefix(environment: Environment): Prefix6 | undefined {
  return parseAssignedPrefix(environment[PREFIX] ?? "");
}

/** The environment of a provider by its phases: with the current prefix, or where it has none the last one. */
export function renumberedEnvironment(
  environment: Environment,
  phases: PrefixPhases | undefined,
): Environment {
  const prefix = parsePrefix6(phases?.[0]?.prefix ?? "");
  return prefix === undefined ? environment : environmentFor(environment, prefix);
}

/**
 * The same provider with another prefix: its pool is at the same place there, and so is what is excluded, reserved or announced of it. What
 * has a place of its own has none in a prefix of another length, so that stays as it is and is found wrong by whoever reads it.
 */
export function environmentFor(environment: Environment, prefix: Prefix6): Environment {
  const before = assignedPrefix(environment);
  const pool = parsePrefix6(environment[POOL] ?? "");
  const other = { ...environment, [PREFIX]: formatPrefix6(prefix), ...placesIn(prefix, environment) };
  if (before === undefined || pool === undefined || !containsPrefix(before, pool)) return other;
  const usual = defaultPool(before);
  if (usual !== undefined && formatPrefix6(usual) === formatPrefix6(pool)) return without(other, POOL);
  if (before.length !== prefix.length) return other;
  const index = (pool.bits - before.bits) >> BigInt(128 - pool.length);
  return { ...other, [POOL]: formatPrefix6(subnet(prefix, pool.length, index)) };
}

/** What is named in the present prefix, at the same place of another one that is as long. */
function placesIn(prefix: Prefix6, environment: Environment): Environment {
  const before = assignedPrefix(environment);
  if (before === undefined || before.length !== prefix.length) return {};
  const move = (bits: bigint): bigint => prefix.bits | (bits ^ before.bits);
  const moved = (word: string): string => {
    const block = parsePrefix6(word);
    if (block !== undefined && containsPrefix(before, block))
      return formatPrefix6({ ...block, bits: move(block.bits) });
    const address = parseIp6(word);
    return address !== undefined && containsAddress(before, address) ? formatIp6(move(address)) : word;
  };
  return Object.fromEntries(
    PLACES.flatMap((variable) => {
      const text = environment[variable];
      return text === undefined
        ? []
        : [
            [
              variable,
              text
                .split(/([\s,=]+)/)
                .map(moved)
                .join(""),
            ],
          ];
    }),
  );
}

function without(environment: Environment, variable: string): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => name !== variable));
}
