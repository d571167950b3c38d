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
import { isMap, setAt, valueAt, type DocumentValue, type NodeDocument } from "../document.ts";
import { defaultPool } from "../settings/delegation.ts";
import type { PrefixPhases } from "./phases.ts";

const PREFIX = "prefix";
const POOL = "delegation.prefix";
/** What else may name places in the provider's prefix. */
const PLACES = ["delegation.exclude", "delegation.reservations", "router-advertisement.prefixes"];
/** What renumbering changes: as settings of an override it would be without any of its care. */
export const RENUMBERING_PATHS: ReadonlySet<string> = new Set([PREFIX, POOL]);

/** The prefix of a provider's document; undefined when it is wrong. */
export function prefixOfDocument(document: NodeDocument): Prefix6 | undefined {
  return prefixAt(document, PREFIX);
}

function prefixAt(document: NodeDocument, path: string): Prefix6 | undefined {
  const text = valueAt(document, path);
  return typeof text === "string" ? parsePrefix6(text) : undefined;
}

/** The document of a provider by its phases: with the current prefix, or where it has none the last one. */
export function renumberedDocument(document: NodeDocument, phases: PrefixPhases | undefined): NodeDocument {
  const prefix = parsePrefix6(phases?.[0]?.prefix ?? "");
  return prefix === undefined ? document : documentFor(document, prefix);
}

/**
 * The same provider with another prefix: its pool is at the same place there, and so is what is excluded, reserved or announced of it. What
 * has a place of its own has none in a prefix of another length, so that stays as it is and is found wrong by whoever reads it.
 */
export function documentFor(document: NodeDocument, prefix: Prefix6): NodeDocument {
  const before = prefixOfDocument(document);
  const pool = prefixAt(document, POOL);
  const other = setAt(moved(document, before, prefix), [PREFIX], formatPrefix6(prefix));
  if (before === undefined || pool === undefined || !containsPrefix(before, pool)) return other;
  const usual = defaultPool(before);
  const place = POOL.split(".");
  if (usual !== undefined && formatPrefix6(usual) === formatPrefix6(pool))
    return setAt(other, place, undefined);
  if (before.length !== prefix.length) return other;
  const index = (pool.bits - before.bits) >> BigInt(128 - pool.length);
  return setAt(other, place, formatPrefix6(subnet(prefix, pool.length, index)));
}

/** With what is named in the present prefix at the same place of another one that is as long. */
function moved(document: NodeDocument, before: Prefix6 | undefined, prefix: Prefix6): NodeDocument {
  if (before === undefined || before.length !== prefix.length) return document;
  const move = (bits: bigint): bigint => prefix.bits | (bits ^ before.bits);
  const movedText = (text: string): string => {
    const block = parsePrefix6(text);
    if (block !== undefined && containsPrefix(before, block))
      return formatPrefix6({ ...block, bits: move(block.bits) });
    const address = parseIp6(text);
    return address !== undefined && containsAddress(before, address) ? formatIp6(move(address)) : text;
  };
  const movedValue = (value: DocumentValue): DocumentValue => {
    if (typeof value === "string") return movedText(value);
    return isMap(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, movedValue(inner)]))
      : value.map(movedValue);
  };
  return PLACES.reduce((found, path) => {
    const value = valueAt(found, path);
    return value === undefined ? found : setAt(found, path.split("."), movedValue(value));
  }, document);
}
