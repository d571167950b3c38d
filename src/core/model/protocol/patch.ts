import type { NodeStatus } from "../status/model.ts";
import { isObject, type Kind } from "../values/shape.ts";
import { same, type Json } from "./same.ts";

/** Keys of objects and identities of list entries, from the status down. */
type Path = readonly string[];

/**
 * One difference of two statuses, modelled on JSON Patch (RFC 6902): a list entry is named by its identity instead of its
 * position, `remove` carries the removed value, and `merge` is an operation of our own.
 */
export type Operation =
  /** A new value. An object keeps its lists with identities when the value leaves them out: those have operations of their own. */
  | { readonly op: "replace"; readonly path: Path; readonly value: unknown }
  /** New values of some keys of an object: of what counts or is measured. */
  | { readonly op: "merge"; readonly path: Path; readonly value: Json }
  /** A new entry of a list, at that place. */
  | { readonly op: "add"; readonly path: Path; readonly index: number; readonly value: unknown }
  /** An entry of a list has another place. */
  | { readonly op: "move"; readonly path: Path; readonly index: number }
  | { readonly op: "remove"; readonly path: Path; readonly value: unknown };

/** What makes a status another one of the same node, in the order in which it is applied. */
export type Patch = readonly Operation[];

/** The schema of the statuses of one role. */
export interface StatusShape {
  readonly kind: Kind;
}

type ObjectKind = Extract<Kind, { is: "object" }>;
type ListKind = Extract<Kind, { is: "list" }> & { readonly key: readonly string[] };

/** The differences of two statuses of one node, whose schema says what its status is. */
export function diffStatus({ kind }: StatusShape, before: NodeStatus, after: NodeStatus): Patch {
  const patch: Operation[] = [];
  for (const [key, of] of Object.entries(kind.is === "object" ? kind.keys : {}))
    diffValue(of, [key], [asJson(before)[key], asJson(after)[key]], patch);
  const counted = counters(kind, asJson(before), asJson(after));
  if (counted !== undefined) patch.push({ op: "merge", path: [], value: counted });
  return patch;
}

/** Whether it tells only what counts, is measured, or has another place. */
export function isCounting({ op }: Operation): boolean {
  return op === "merge" || op === "move";
}

/** The status after a patch. What a newer agent tells of keys that are not known here changes only those. */
export function applyPatch<S extends NodeStatus>({ kind }: StatusShape, status: S, patch: Patch): S {
  const patched = patchObject(kind, asJson(status), patch, 0);
  // Whose status it is, no patch can change.
  return { ...patched, role: status.role, name: status.name } as unknown as S;
}

function diffValue(
  kind: Kind,
  path: Path,
  [before, after]: readonly [unknown, unknown],
  patch: Operation[],
): void {
  if (kind.counts === true || before === after) return;
  if (kind.is === "object" && isObject(before) && isObject(after))
    return diffObject(kind, path, [before, after], patch);
  if (isKeyed(kind) && Array.isArray(before) && Array.isArray(after))
    return diffList(kind, path, [before as Json[], after as Json[]], patch);
  if (same(before, after)) return;
  patch.push(
    after === undefined ? { op: "remove", path, value: before } : { op: "replace", path, value: after },
  );
}

/** An object, or an entry of a list, goes as a whole when anything but its counters and its lists with identities differs. */
function diffObject(
  kind: ObjectKind,
  path: Path,
  [before, after]: readonly [Json, Json],
  patch: Operation[],
): void {
  const lists = Object.entries(kind.keys).filter(([, of]) => isKeyed(of));
  const isPlain = (key: string): boolean =>
    kind.keys[key]?.counts !== true && !lists.some(([name]) => name === key);
  const keys = new Set([...Object.keys(before), ...Object.keys(after)].filter(isPlain));
  if ([...keys].some((key) => !same(before[key], after[key]))) {
    const entries = Object.entries(after).filter(([key]) => !lists.some(([name]) => name === key));
    patch.push({ op: "replace", path, value: Object.fromEntries(entries) });
  } else {
    const counted = counters(kind, before, after);
    if (counted !== undefined) patch.push({ op: "merge", path, value: counted });
  }
  for (const [key, of] of lists) diffValue(of, [...path, key], [before[key], after[key]], patch);
}

function diffList(
  kind: ListKind,
  path: Path,
  [before, after]: readonly [Json[], Json[]],
  patch: Operation[],
): void {
  const [known, wanted] = [byKey(kind, before), byKey(kind, after)];
  if (known === undefined || wanted === undefined) {
    if (!same(before, after)) patch.push({ op: "replace", path, value: after });
    return;
  }
  for (const [key, value] of known)
    if (!wanted.has(key)) patch.push({ op: "remove", path: [...path, key], value });
  const work = [...known.keys()].filter((key) => wanted.has(key));
  for (const [index, [key, value]] of [...wanted].entries()) {
    const old = known.get(key);
    if (old === undefined) {
      patch.push({ op: "add", path: [...path, key], index, value });
      work.splice(index, 0, key);
      continue;
    }
    if (work[index] !== key) {
      work.splice(work.indexOf(key, index), 1);
      work.splice(index, 0, key);
      patch.push({ op: "move", path: [...path, key], index });
    }
    diffValue(kind.of, [...path, key], [old, value], patch);
  }
}

function counters(kind: Kind, before: Json, after: Json): Json | undefined {
  const found = Object.entries(kind.is === "object" ? kind.keys : {}).filter(
    ([key, of]) => of.counts === true && !same(before[key], after[key]),
  );
  return found.length === 0 ? undefined : Object.fromEntries(found.map(([key]) => [key, after[key]]));
}

function patchObject(kind: Kind | undefined, before: Json, patch: Patch, depth: number): Json {
  let after = before;
  const below = new Map<string, Operation[]>();
  for (const operation of patch) {
    const key = operation.path[depth];
    if (key !== undefined) {
      const operations = below.get(key);
      if (operations === undefined) below.set(key, [operation]);
      else operations.push(operation);
    } else if (operation.op === "merge") after = { ...after, ...operation.value };
    else if (operation.op === "replace") after = { ...keyedLists(kind, after), ...(operation.value as Json) };
  }
  for (const [key, operations] of below) after = patchKey(kind, after, key, { operations, depth: depth + 1 });
  return after;
}

interface Below {
  readonly operations: Patch;
  /** How much of their paths leads to where they are applied. */
  readonly depth: number;
}

function patchKey(kind: Kind | undefined, before: Json, key: string, { operations, depth }: Below): Json {
  const of = kind?.is === "object" && Object.hasOwn(kind.keys, key) ? kind.keys[key] : undefined;
  const old = before[key];
  if (of !== undefined && isKeyed(of))
    return { ...before, [key]: patchList(of, (old ?? []) as Json[], operations, depth) };
  if (of?.is === "object") return { ...before, [key]: patchObject(of, asJson(old ?? {}), operations, depth) };
  const last = operations.findLast(({ path }) => path.length === depth);
  if (last?.op === "replace") return { ...before, [key]: last.value };
  if (last?.op !== "remove") return before;
  return Object.fromEntries(Object.entries(before).filter(([name]) => name !== key));
}

function patchList(kind: ListKind, before: readonly Json[], patch: Patch, depth: number): readonly Json[] {
  const whole = patch.find(({ path }) => path.length === depth);
  if (whole !== undefined) return whole.op === "replace" ? (whole.value as Json[]) : before;
  const entries = new Map(before.map((entry) => [keyOf(kind, entry), entry]));
  for (const { op, path } of patch) if (op === "remove") entries.delete(path[depth] ?? "");
  const order = [...entries.keys()];
  for (const operation of patch) {
    const key = operation.path[depth] ?? "";
    const entry = entries.get(key);
    if (operation.op === "add" || (operation.op === "move" && entry !== undefined)) {
      if (operation.op === "add" && keyOf(kind, operation.value as Json) !== key) continue;
      if (entry !== undefined) order.splice(order.indexOf(key), 1);
      order.splice(operation.index, 0, key);
      if (operation.op === "add") entries.set(key, operation.value as Json);
    } else if (entry !== undefined) entries.set(key, patchObject(kind.of, entry, [operation], depth + 1));
  }
  return order.map((key) => entries.get(key) ?? {});
}

/** Entries by their identities, in their order; undefined when two have the same. */
function byKey(kind: ListKind, entries: readonly Json[]): ReadonlyMap<string, Json> | undefined {
  const found = new Map(entries.map((entry) => [keyOf(kind, entry), entry]));
  return found.size === entries.length ? found : undefined;
}

function keyOf({ key }: ListKind, entry: Json): string {
  return key.map((name) => String(entry[name])).join(" ");
}

function keyedLists(kind: Kind | undefined, value: Json): Json {
  const keys = kind?.is === "object" ? kind.keys : {};
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => Object.hasOwn(keys, key) && isKeyed(keys[key])),
  );
}

function isKeyed(kind: Kind | undefined): kind is ListKind {
  return kind?.is === "list" && kind.key !== undefined;
}

function asJson(value: object): Json {
  return value as Json;
}
