import type { NodeStatus } from "../status/model.ts";
import { applyChange } from "./apply.ts";
import { diffCounters } from "./diff-counters.ts";
import type { Change } from "./event.ts";
import type { ListPart, ObjectPart } from "./parts.ts";
import { fieldsOf, same, sameBut, type Json } from "./same.ts";
import { tableOf } from "./tables.ts";

/** What makes a status another one of the same node. Countdowns are no change. */
export interface Difference {
  readonly changes: readonly Change[];
  /** What somebody knows who is told these changes. */
  readonly known: NodeStatus;
  /** The counters that he does not know then, as they are now. */
  readonly counters: Change | undefined;
}

/** With so many changes, all counters go with them: following what is known of each is more work. */
const MANY = 64;

/** Compares two statuses of one node. */
export function diffStatus(before: NodeStatus, after: NodeStatus): Difference {
  const changes = diffParts(before, after);
  if (changes.length > MANY) {
    const all = diffCounters(undefined, after);
    return { changes: all === undefined ? changes : [...changes, all], known: after, counters: undefined };
  }
  const known = changes.reduce(applyChange, before);
  return { changes, known, counters: diffCounters(known, after) };
}

function diffParts(before: NodeStatus, after: NodeStatus): Change[] {
  const [one, other] = [fieldsOf(before), fieldsOf(after)];
  const changes: object[] = [];
  const plain = new Map<string, Record<string, unknown>>();
  const absent = new Map<string, string[]>();
  let state: Record<string, unknown> | undefined;
  for (const [key, part] of tableOf(after.role)) {
    const [old, now] = [one[key], other[key]];
    if (part.told === "state") {
      if (!same(old, now)) state = {};
    } else if (part.told === "plain") {
      if (same(old, now)) continue;
      plain.set(part.event, { ...plain.get(part.event), ...(now === undefined ? {} : { [key]: now }) });
      if (now === undefined) absent.set(part.event, [...(absent.get(part.event) ?? []), key]);
    } else if (part.told === "object") changes.push(...diffObject(old as Json, now as Json, part));
    else if (part.told === "list") changes.push(...diffList(old as Json[], now as Json[], part));
  }
  for (const [event, value] of plain) {
    const gone = absent.get(event);
    changes.push({ event, [event]: value, ...(gone === undefined ? {} : { absent: gone }) });
  }
  if (state !== undefined) changes.push({ event: "state", state: other["state"], ready: other["ready"] });
  return changes as Change[];
}

function diffObject(before: Json, after: Json, { event, fields }: ObjectPart): object[] {
  const changes: object[] = [];
  const lists = Object.entries(fields).filter((one): one is [string, ListPart] => one[1].told === "list");
  if (!sameBut(before, after, fields)) {
    const told = Object.fromEntries(
      Object.entries(after).filter(([key]) => !lists.some(([name]) => name === key)),
    );
    changes.push({ event, [event]: told });
  }
  for (const [key, part] of lists)
    changes.push(...diffList((before[key] ?? []) as Json[], (after[key] ?? []) as Json[], part));
  return changes;
}

/** Entries with a key twice are told apart by their order, so that each keeps its own place. */
function keysOf(entries: readonly Json[], part: ListPart): string[] {
  const times = new Map<string, number>();
  return entries.map((entry) => {
    const key = part.key(entry as never);
    const nth = times.get(key) ?? 0;
    times.set(key, nth + 1);
    return nth === 0 ? key : `${key} ${nth}`;
  });
}

function diffList(before: readonly Json[], after: readonly Json[], part: ListPart): object[] {
  const { event, fields } = part;
  const [oldKeys, newKeys] = [keysOf(before, part), keysOf(after, part)];
  const known = new Map(oldKeys.map((key, index) => [key, before[index] ?? {}]));
  const wanted = new Set(newKeys);
  const told = (change: string, entry: Json, index?: number): object =>
    index === undefined || part.order !== undefined
      ? { event, change, [event]: entry }
      : { event, change, index, [event]: entry };
  const changes: object[] = [];
  // Backwards, as they are taken out: of entries with one key the last goes first.
  for (let index = oldKeys.length - 1; index >= 0; index--)
    if (!wanted.has(oldKeys[index] ?? "")) changes.push(told("removed", before[index] ?? {}));
  const work = oldKeys.filter((key) => wanted.has(key));
  for (const [index, key] of newKeys.entries()) {
    const entry = after[index] ?? {};
    const old = known.get(key);
    if (old === undefined) {
      changes.push(told("added", entry, index));
      work.splice(index, 0, key);
      continue;
    }
    const moved = part.order === undefined && work[index] !== key;
    if (moved) {
      work.splice(work.indexOf(key, index), 1);
      work.splice(index, 0, key);
    }
    if (moved || !sameBut(old, entry, fields)) changes.push(told("changed", entry, index));
  }
  return changes;
}
