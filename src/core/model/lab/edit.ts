/** Changes a lab file's text through its YAML document; every line that is not concerned stays as it is. */
import { isMap, isSeq, type YAMLMap, type YAMLSeq } from "yaml";
import { insertItem, insertLines, itemLines, removeItem } from "./edit-list.ts";
import { replaceOnlyPair, setPath } from "./edit-map.ts";
import {
  blockEnd,
  colonOf,
  columnOf,
  isBlank,
  openSource,
  ownPair,
  pairStart,
  splice,
  type Source,
} from "./edit-source.ts";
import { flowText, type Value } from "../yaml/edit-values.ts";

/** An entry of a list of the file, its keys in the order in which they are written. */
export interface Entry {
  readonly [key: string]: Value | undefined;
}

/** One value of an entry to set; undefined takes it away. */
export interface Change {
  readonly path: readonly string[];
  readonly value: Value | undefined;
}

/** The new text, or why it cannot be made without touching more than it should. */
export type Edited =
  | { readonly text: string; readonly refusal?: never }
  | { readonly refusal: { readonly message: string; readonly hint: string }; readonly text?: never };

const BOM = "\uFEFF";

/** Adds an entry at the end of `providers` or `cpes`. */
export function addEntry(text: string, list: "providers" | "cpes", entry: Entry): Edited {
  return edit(
    text,
    (data) => appendTo(data, list, entry),
    (source) => {
      const root = source.document.contents;
      if (!isMap(root)) return undefined;
      const pair = ownPair(root, list);
      if (pair === undefined) return appendList(source, root, list, entry);
      if (isSeq(pair.value)) {
        return pair.value.items.length === 0 && pair.value.flow !== true
          ? undefined
          : insertItem(source, pair.value, entry);
      }
      if (!isBlank(pair.value) || root.flow === true) return undefined;
      const column = columnOf(source.text, pairStart(pair));
      return insertLines(source, blockEnd(source.text, colonOf(pair), column), itemLines(entry, column + 2));
    },
  );
}

/** Takes the entry of a name out of `providers` or `cpes`; with the last one the list goes as well. */
export function removeEntry(text: string, list: "providers" | "cpes", name: string): Edited {
  return edit(
    text,
    (data) => withoutEntry(data, list, name),
    (source) => {
      const root = source.document.contents;
      const found = findEntry(source, list, name);
      if (found === undefined || !isMap(root)) return undefined;
      return found.seq.items.length === 1
        ? setPath(source, root, [list], undefined)
        : removeItem(source, found.seq, found.index);
    },
  );
}

/** Changes values of the entry of a name in `providers` or `cpes`. */
export function changeEntry(
  text: string,
  list: "providers" | "cpes",
  { name, changes }: { name: string; changes: readonly Change[] },
): Edited {
  let at = name;
  let edited: Edited = { text };
  for (const change of changes) {
    if (edited.text === undefined) return edited;
    const current = at;
    edited = edit(
      edited.text,
      (data) => withChange(data, list, { name: current, change }),
      (source) => {
        const entry = findEntry(source, list, current)?.entry;
        return entry === undefined ? undefined : applyChange(source, entry, change);
      },
    );
    if (change.path.length === 1 && change.path[0] === "name" && typeof change.value === "string")
      at = change.value;
  }
  return edited;
}

/** What a lab file says, every scalar as it is written; undefined when it is no map, or its aliases lead nowhere. */
export function readLoosely(text: string): Record<string, unknown> | undefined {
  const { document } = openSource(text.replace(BOM, ""));
  if (document.errors.length > 0 || !isMap(document.contents)) return undefined;
  try {
    return plain(document.toJS({ maxAliasCount: 100 }));
  } catch {
    // An alias whose anchor is not there, one that contains itself, or a merge of what is no map.
    return undefined;
  }
}

/** Makes a change, and keeps it only when exactly that has changed. */
function edit(
  text: string,
  expect: (data: Record<string, unknown>) => unknown,
  change: (source: Source) => string | undefined,
): Edited {
  const mark = text.startsWith(BOM) ? BOM : "";
  const body = text.slice(mark.length);
  const before = readLoosely(body);
  const changed = before === undefined ? undefined : change(openSource(body));
  const after = changed === undefined ? undefined : readLoosely(changed);
  if (before === undefined || changed === undefined || after === undefined || !same(expect(before), after)) {
    return {
      refusal: {
        message: "the file is laid out so that mhlab cannot change just this",
        hint: "values that are shared by &anchors and *aliases are yours to edit; `mhlab validate` checks the result",
      },
    };
  }
  return { text: mark + changed };
}

function applyChange(source: Source, entry: YAMLMap, { path, value }: Change): string | undefined {
  const pair = ownPair(entry, path[0] ?? "");
  const [key, ...more] = path;
  const keys = typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : [];
  const [[inner, text] = [], ...others] = keys as [string, Value][];
  if (key === "subscriber" && more.length === 0 && isMap(pair?.value) && others.length === 0) {
    const replaced =
      inner === undefined || text === undefined
        ? undefined
        : replaceOnlyPair(source, pair.value, inner, text);
    if (replaced !== undefined) return replaced;
  }
  return setPath(source, entry, path, value);
}

function findEntry(
  { document }: Source,
  list: string,
  name: string,
): { seq: YAMLSeq; index: number; entry: YAMLMap | undefined } | undefined {
  const root = document.contents;
  const seq = isMap(root) ? ownPair(root, list)?.value : undefined;
  if (!isSeq(seq)) return undefined;
  const names = namesIn(document.toJS({ maxAliasCount: 100 }), list);
  const index = names.indexOf(name);
  const entry = seq.items[index];
  return index === -1 ? undefined : { seq, index, entry: isMap(entry) ? entry : undefined };
}

function appendList(source: Source, root: YAMLMap, list: string, entry: Entry): string | undefined {
  const { text, eol } = source;
  if (root.flow === true) {
    const end = (root.range?.[1] ?? 1) - 1;
    return splice(text, end, end, `${root.items.length === 0 ? "" : ", "}${list}: [${flowText(entry)}]`);
  }
  return insertLines(source, text.length, [
    ...(text.trim() === "" || text.endsWith(`${eol}${eol}`) ? [] : [""]),
    `${list}:`,
    ...itemLines(entry, 2),
  ]);
}

function listIn(data: unknown, list: string): unknown[] {
  const value = plain(data)[list];
  return Array.isArray(value) ? value : [];
}

function namesIn(data: unknown, list: string): unknown[] {
  return listIn(data, list).map((entry) => plain(entry)["name"]);
}

function appendTo(data: Record<string, unknown>, list: string, entry: Entry): unknown {
  return { ...data, [list]: [...listIn(data, list), clean(entry)] };
}

function withoutEntry(data: Record<string, unknown>, list: string, name: string): unknown {
  const rest = listIn(data, list).filter((entry) => plain(entry)["name"] !== name);
  const { [list]: _, ...others } = data;
  return rest.length === 0 ? others : { ...data, [list]: rest };
}

function withChange(
  data: Record<string, unknown>,
  list: string,
  { name, change }: { name: string; change: Change },
): unknown {
  const entries = listIn(data, list).map((entry) =>
    plain(entry)["name"] === name ? setIn(plain(entry), change.path, change.value) : entry,
  );
  return { ...data, [list]: entries };
}

function setIn(data: Record<string, unknown>, path: readonly string[], value: Value | undefined): unknown {
  const [key = "", ...rest] = path;
  const inner = rest.length === 0 ? clean(value) : setIn(plain(data[key]), rest, value);
  const { [key]: _, ...others } = data;
  const empty = inner === undefined || (rest.length > 0 && Object.keys(plain(inner)).length === 0);
  return empty ? others : { ...data, [key]: inner };
}

/** A value without what is undefined in it. */
function clean(value: Value | undefined): unknown {
  if (value === undefined || typeof value === "string" || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, clean(inner)]),
  );
}

function plain(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** Whether two values are equal; the order of keys does not count. */
function same(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => same(item, other[index]));
  }
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return one === other;
  const [left, right] = [plain(one), plain(other)];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && same(left[key], right[key]))
  );
}
