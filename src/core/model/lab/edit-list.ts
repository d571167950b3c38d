import { isMap, isNode, isPair, type YAMLMap, type YAMLSeq } from "yaml";
import {
  blockEnd,
  blockStart,
  columnOf,
  contentEnd,
  dashOf,
  lineStart,
  nextLine,
  splice,
  type Source,
} from "./edit-source.ts";
import { blockLines, flowText, type Value } from "../yaml/edit-values.ts";

type Entry = { readonly [key: string]: Value | undefined };

/** The text with an entry added at the end of a list, in the manner of the list. */
export function insertItem(source: Source, list: YAMLSeq, entry: Entry): string {
  return list.flow === true ? insertFlow(source, list, entry) : insertBlock(source, list, entry);
}

/** The text with lines of a new item put at a place; `column` is that of its dash. */
export function insertLines({ text, eol }: Source, at: number, lines: readonly string[]): string {
  const cut = at > 0 && text[at - 1] !== "\n";
  const block = lines.join(eol);
  return splice(text, at, at, cut ? `${eol}${block}` : `${block}${eol}`);
}

/** An entry as a block item. */
export function itemLines(entry: Entry, column: number, inner = 2): string[] {
  const [first = "", ...rest] = blockLines(entry, ["wireguard"]);
  const dash = `${" ".repeat(column)}-${" ".repeat(inner - 1)}`;
  return [`${dash}${first}`, ...rest.map((line) => `${" ".repeat(column + inner)}${line}`)];
}

/** The text without one item of a list, with the comments that stand right above it. */
export function removeItem(source: Source, list: YAMLSeq, index: number): string {
  const { text } = source;
  if (list.flow === true) return removeFlow(text, list.items, index);
  const dash = dashOf(list, index);
  const column = columnOf(text, dash);
  let start = blockStart(text, dash, column);
  let end = blockEnd(text, Math.max(contentEnd(text, list.items[index]), dash + 1), column);
  if (index < list.items.length - 1) {
    while (end < text.length && isBlankLine(text, end)) end = nextLine(text, end);
  } else {
    while (start > 0 && isBlankLine(text, lineStart(text, start - 1))) start = lineStart(text, start - 1);
  }
  const rest = splice(text, start, end, "");
  return end === text.length && !text.endsWith("\n") ? rest.replace(/\r?\n$/, "") : rest;
}

/** The text without one of the values or pairs between brackets or braces. */
export function removeFlow(text: string, items: readonly unknown[], index: number): string {
  const [start, end] = spanOf(items[index]);
  if (index > 0) return splice(text, spanOf(items[index - 1])[1], end, "");
  const next = items[index + 1];
  return splice(text, start, next === undefined ? end : spanOf(next)[0], "");
}

/** Start and end of a value or a pair between brackets or braces. */
export function spanOf(item: unknown): [start: number, end: number] {
  if (isPair(item)) {
    const key = spanOf(item.key);
    const value = isNode(item.value) ? spanOf(item.value) : key;
    return [key[0], Math.max(key[1], value[1])];
  }
  return isNode(item) ? [item.range?.[0] ?? 0, item.range?.[1] ?? 0] : [0, 0];
}

function insertBlock(source: Source, list: YAMLSeq, entry: Entry): string {
  const { text } = source;
  const index = list.items.length - 1;
  const last = list.items[index];
  const dash = dashOf(list, index);
  const column = columnOf(text, dash);
  const at = blockEnd(text, Math.max(contentEnd(text, last), dash + 1), column);
  const lines =
    isMap(last) && last.flow === true
      ? [`${" ".repeat(column)}- ${flowText(entry, isJson(text, last))}`]
      : itemLines(entry, column, innerOf(text, last, dash));
  return insertLines(source, at, isSpaced(text, list) ? ["", ...lines] : lines);
}

function innerOf(text: string, last: unknown, dash: number): number {
  const [start] = isMap(last) ? spanOf(last.items[0]) : [0];
  return start > dash && lineStart(text, start) === lineStart(text, dash) ? start - dash : 2;
}

/** Whether a blank line stands between the last two items; a single item that takes lines gets one as well. */
function isSpaced(text: string, list: YAMLSeq): boolean {
  const index = list.items.length - 1;
  if (index === 0) return contentEnd(text, list.items[0]) > nextLine(text, dashOf(list, 0));
  const between = text.slice(contentEnd(text, list.items[index - 1]), dashOf(list, index));
  return /\n[ \t]*\r?\n/.test(between);
}

function insertFlow({ text, eol }: Source, list: YAMLSeq, entry: Entry): string {
  const last = list.items.at(-1);
  if (last === undefined) {
    const at = (list.range?.[0] ?? 0) + 1;
    return splice(text, at, at, flowText(entry));
  }
  const [start, end] = spanOf(last);
  const indent = text.slice(lineStart(text, start), start);
  const separator = indent.trim() === "" ? `,${eol}${indent}` : ", ";
  return splice(text, end, end, `${separator}${flowText(entry, isMap(last) && isJson(text, last))}`);
}

function isJson(text: string, map: YAMLMap): boolean {
  return text[spanOf(map.items[0])[0]] === '"';
}

function isBlankLine(text: string, at: number): boolean {
  return text.slice(at, nextLine(text, at)).trim() === "";
}
