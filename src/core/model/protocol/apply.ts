import type { NodeStatus } from "../status/model.ts";
import type { Field, ListPart, ObjectPart, Part } from "./parts.ts";
import { fieldsOf, type Json } from "./same.ts";
import { tableOf } from "./tables.ts";

/** The status after a change. A kind that is not known changes nothing: a newer agent may tell more. */
export function applyChange(status: NodeStatus, change: { readonly event: string }): NodeStatus {
  const [before, told] = [fieldsOf(status), fieldsOf(change)];
  if (change.event === "counters") return count(before, told["counters"] as Json, status.role);
  if (change.event === "state") return merged(before, { state: told["state"], ready: told["ready"] });
  const plain = tableOf(status.role).some(([, part]) => part.told === "plain" && part.event === change.event);
  if (plain) {
    const absent = new Set((told["absent"] as string[] | undefined) ?? []);
    const kept = Object.fromEntries(Object.entries(before).filter(([key]) => !absent.has(key)));
    return merged(kept, told[change.event] as Json);
  }
  for (const [key, part] of tableOf(status.role)) {
    const value =
      part.told === "object" || part.told === "list" ? replaced(before[key], told, part) : undefined;
    if (value !== undefined) return merged(before, { [key]: value });
  }
  return status;
}

/** The new value of a part that the change is about; undefined when it is about another one. */
function replaced(value: unknown, change: Json, part: ObjectPart | ListPart): unknown {
  if (part.told === "list")
    return part.event === change["event"] ? changedList((value ?? []) as Json[], change, part) : undefined;
  const before = (value ?? {}) as Json;
  const lists = Object.entries(part.fields).filter(
    (one): one is [string, ListPart] => one[1].told === "list",
  );
  if (part.event === change["event"]) {
    const kept = Object.fromEntries(lists.map(([key]) => [key, before[key] ?? []]));
    return { ...(change[part.event] as Json), ...kept };
  }
  for (const [key, one] of lists) {
    const entries = replaced(before[key], change, one);
    if (entries !== undefined) return { ...before, [key]: entries };
  }
  return undefined;
}

function changedList(entries: readonly Json[], change: Json, part: ListPart): Json[] {
  const entry = change[part.event] as Json;
  const key = part.key(entry as never);
  const isIt = (one: Json): boolean => part.key(one as never) === key;
  const after = [...entries];
  if (change["change"] === "removed") {
    const last = after.findLastIndex(isIt);
    if (last >= 0) after.splice(last, 1);
    return after;
  }
  // Places before it are as they will be, so one with the same key there is another one.
  const index = (change["index"] as number | undefined) ?? 0;
  const found = change["change"] === "changed" ? after.findIndex((one, at) => at >= index && isIt(one)) : -1;
  if (found >= 0) after.splice(found, 1);
  after.splice(index, 0, entry);
  return sorted(after, part);
}

function sorted(entries: Json[], { order }: ListPart): Json[] {
  return order === undefined ? entries : entries.sort(order as (one: Json, other: Json) => number);
}

function count(before: Json, counters: Json, role: string): NodeStatus {
  const after: Record<string, unknown> = { ...before };
  for (const [key, part] of tableOf(role))
    if (key in counters) after[key] = counted(before[key], counters[key], part);
  return after as unknown as NodeStatus;
}

function counted(before: unknown, counters: unknown, part: Part | Field): unknown {
  switch (part.told) {
    case "object":
      return countedIn((before ?? {}) as Json, counters as Json, part.fields);
    case "list": {
      const known = counters as Readonly<Record<string, Json>>;
      const entries = ((before ?? []) as Json[]).map((entry) => {
        const own = known[part.key(entry as never)];
        return own === undefined ? entry : countedIn(entry, own, part.fields);
      });
      return sorted(entries, part);
    }
    default:
      return counters;
  }
}

function countedIn(before: Json, counters: Json, fields: Readonly<Record<string, Field>>): Json {
  const after: Record<string, unknown> = { ...before };
  for (const key in counters) {
    const field = fields[key];
    after[key] = field === undefined ? counters[key] : counted(before[key], counters[key], field);
  }
  return after;
}

function merged(before: Json, over: Json): NodeStatus {
  return { ...before, ...over } as unknown as NodeStatus;
}
