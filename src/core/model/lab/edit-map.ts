import { isCollection, isMap, isNode, isScalar, type Pair, type YAMLMap } from "yaml";
import { insertLines, removeFlow, spanOf } from "./edit-list.ts";
import {
  blockEnd,
  blockStart,
  colonOf,
  columnOf,
  contentEnd,
  isBlank,
  lineStart,
  ownPair,
  pairEnd,
  pairStart,
  splice,
  type Source,
} from "./edit-source.ts";
import { flowText, lineText, type Value } from "../yaml/edit-values.ts";

/** The order in which keys of a provider are usually written. */
const ORDER = [
  "name",
  "prefix",
  "wireguard",
  "delegation",
  "subscriber",
  "dns",
  "endpoint",
  "peer",
  "address",
  "length",
  "preferred",
  "valid",
];

/** The text with the value at a path below a map set, or taken away when it is undefined. */
export function setPath(
  source: Source,
  map: YAMLMap,
  path: readonly string[],
  value: Value | undefined,
): string {
  const [key = "", ...rest] = path;
  const pair = ownPair(map, key);
  if (rest.length > 0 && pair !== undefined && isMap(pair.value)) {
    const inner = pair.value;
    const left = inner.items.filter((one) => rest.length > 1 || one !== ownPair(inner, rest[0] ?? ""));
    if (value !== undefined || left.length > 0) return setPath(source, inner, rest, value);
    return removePair(source, map, pair);
  }
  if (value === undefined) return pair === undefined ? source.text : removePair(source, map, pair);
  const whole = rest.reduceRight<Value>((inside, name) => ({ [name]: inside }), value);
  return pair === undefined
    ? insertPair(source, map, key, whole)
    : replaceValue(source, pair, { value: whole, flow: map.flow === true });
}

/** The text with the only pair of a map replaced by another one. */
export function replaceOnlyPair(source: Source, map: YAMLMap, key: string, value: Value): string | undefined {
  const [only, ...others] = map.items;
  if (only === undefined || others.length > 0) return undefined;
  const json = source.text[pairStart(only)] === '"';
  const written = `${json ? JSON.stringify(key) : key}: ${map.flow === true ? flowText(value, json) : lineText(value)}`;
  return splice(source.text, pairStart(only), pairEnd(source.text, only), written);
}

function replaceValue(
  { text }: Source,
  pair: Pair,
  { value, flow }: { value: Value; flow: boolean },
): string {
  const node = pair.value;
  const json = flow && text[pairStart(pair)] === '"';
  const written = flow ? flowText(value, json) : lineText(value);
  if (isBlank(node)) return splice(text, colonOf(pair), colonOf(pair), ` ${written}`);
  const block = isCollection(node) && node.flow !== true;
  const folded = isScalar(node) && (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED");
  if (block || folded) return splice(text, colonOf(pair), contentEnd(text, node), ` ${written}`);
  const start = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  return splice(text, start, contentEnd(text, node), written);
}

function insertPair(source: Source, map: YAMLMap, key: string, value: Value): string {
  const { text } = source;
  const rank = ORDER.indexOf(key);
  const before = map.items.findLast((pair) => {
    const other = ORDER.indexOf(textOf(pair));
    return other !== -1 && other < rank;
  });
  const after = before ?? map.items.at(-1);
  if (map.flow === true) {
    const at = after === undefined ? (map.range?.[0] ?? 0) + 1 : spanOf(after)[1];
    const json = after !== undefined && text[pairStart(after)] === '"';
    const written = `${json ? JSON.stringify(key) : key}: ${flowText(value, json)}`;
    return splice(text, at, at, after === undefined ? written : `, ${written}`);
  }
  const column = columnOf(text, pairStart(after ?? map.items[0] ?? ({} as Pair)));
  const at = blockEnd(text, pairEnd(text, after), column);
  return insertLines(source, at, [`${" ".repeat(column)}${key}: ${lineText(value)}`]);
}

function removePair({ text }: Source, map: YAMLMap, pair: Pair): string {
  const index = map.items.indexOf(pair);
  if (map.flow === true) return removeFlow(text, map.items, index);
  const start = pairStart(pair);
  const column = columnOf(text, start);
  const alone = text.slice(lineStart(text, start), start).trim() === "";
  const next = map.items[index + 1];
  if (!alone && next !== undefined) return splice(text, start, pairStart(next), "");
  return splice(text, blockStart(text, start, column), blockEnd(text, pairEnd(text, pair), column), "");
}

function textOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : "";
}
