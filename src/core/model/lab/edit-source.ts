/** A lab file's text with the places of everything in it, so that a change touches nothing else. */
import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { keyText } from "../yaml/locate.ts";

/** A text, its YAML document, and how its lines end. */
export interface Source {
  readonly text: string;
  readonly document: Document;
  readonly eol: "\n" | "\r\n";
}

/** Reads a text as the lab parser does: every scalar is text. */
export function openSource(text: string): Source {
  const document = parseDocument(text, {
    schema: "failsafe",
    merge: true,
    prettyErrors: false,
    keepSourceTokens: true,
  });
  return { text, document, eol: text.includes("\r\n") ? "\r\n" : "\n" };
}

/** The text with a part of it replaced. */
export function splice(text: string, start: number, end: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** Where the line of a place begins. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** Where the next line begins, or the end of the text. */
export function nextLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end + 1;
}

/** How many characters stand before a place in its line. */
export function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}

/** Where the last character of a value is, comments and blanks after it left out. */
export function contentEnd(text: string, node: unknown): number {
  if (isMap(node) && node.flow !== true) return pairEnd(text, node.items.at(-1));
  if (isSeq(node) && node.flow !== true) {
    return Math.max(contentEnd(text, node.items.at(-1)), dashOf(node, node.items.length - 1) + 1);
  }
  let end = isNode(node) ? (node.range?.[1] ?? 0) : 0;
  while (end > 0 && /\s/.test(text[end - 1] ?? "")) end -= 1;
  return end;
}

/** Where the last character of a key with its value is. */
export function pairEnd(text: string, pair: Pair | undefined): number {
  return pair === undefined ? 0 : Math.max(colonOf(pair), contentEnd(text, pair.value));
}

/** Where a key begins. */
export function pairStart(pair: Pair): number {
  return isNode(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
}

/** Right behind the colon of a key; of a key without one, behind the key. */
export function colonOf(pair: Pair): number {
  const colon = pair.srcToken?.sep?.find(({ type }) => type === "map-value-ind");
  if (colon !== undefined) return colon.offset + colon.source.length;
  return isNode(pair.key) ? (pair.key.range?.[1] ?? 0) : 0;
}

/** Where the dash of an item of a block list is. */
export function dashOf(seq: YAMLSeq, index: number): number {
  const token = seq.srcToken;
  const item = token !== undefined && "items" in token ? token.items[index] : undefined;
  return item?.start.find(({ type }) => type === "seq-item-ind")?.offset ?? -1;
}

/** The pair of a key in a map; what the map merges by `<<` is not looked at. */
export function ownPair(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => keyText(pair) === key);
}

/** Whether a value is written as nothing. */
export function isBlank(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.range?.[0] === node.range?.[1]);
}

/** The next line after a block's content, with the comments that are indented deeper than its column. */
export function blockEnd(text: string, contentEndsAt: number, column: number): number {
  let end = nextLine(text, contentEndsAt);
  for (let at = end; at < text.length; at = nextLine(text, at)) {
    const line = text.slice(at, nextLine(text, at));
    const indent = /^( *)#/.exec(line)?.[1];
    if (indent === undefined && line.trim() !== "") break;
    if (indent !== undefined && indent.length <= column) break;
    if (indent !== undefined) end = nextLine(text, at);
  }
  return end;
}

/** Where a block begins, with the comments that stand right above it in its column. */
export function blockStart(text: string, at: number, column: number): number {
  let start = lineStart(text, at);
  while (start > 0) {
    const above = lineStart(text, start - 1);
    const indent = /^( *)#/.exec(text.slice(above, start))?.[1];
    if (indent?.length !== column) break;
    // The first lines of a file speak of the file.
    if (above === 0) break;
    start = above;
  }
  return start;
}
