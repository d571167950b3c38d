import type { NodeStatus } from "../status/model.ts";
import type { Change } from "./event.ts";
import type { Field, ListPart, ObjectPart } from "./parts.ts";
import { fieldsOf, same, type Json } from "./same.ts";
import { tableOf } from "./tables.ts";

/** The counters that differ, as they are now; all of them without a status before. Undefined when none does. */
export function diffCounters(before: NodeStatus | undefined, after: NodeStatus): Change | undefined {
  const [one, other] = [fieldsOf(before ?? {}), fieldsOf(after)];
  const counters: Record<string, unknown> = {};
  for (const [key, part] of tableOf(after.role)) {
    if (part.told === "state" || part.told === "plain") continue;
    const found = counterOf(one[key], other[key], part);
    if (found !== undefined) counters[key] = found;
  }
  return Object.keys(counters).length === 0 ? undefined : { event: "counters", counters };
}

function counterOf(before: unknown, after: unknown, field: Field | ObjectPart): unknown {
  switch (field.told) {
    case "counter":
      return same(before, after) ? undefined : after;
    case "object":
      return countersIn((before ?? {}) as Json, (after ?? {}) as Json, field.fields);
    case "list":
      return listCounters((before ?? []) as Json[], (after ?? []) as Json[], field);
  }
}

function countersIn(before: Json, after: Json, fields: Readonly<Record<string, Field>>): Json | undefined {
  const found: Record<string, unknown> = {};
  let some = false;
  for (const key in fields) {
    const field = fields[key];
    const value = field === undefined ? undefined : counterOf(before[key], after[key], field);
    if (value === undefined) continue;
    found[key] = value;
    some = true;
  }
  return some ? found : undefined;
}

function listCounters(before: readonly Json[], after: readonly Json[], part: ListPart): Json | undefined {
  if (!Object.values(part.fields).some(({ told }) => told === "counter")) return undefined;
  const known = new Map(before.map((entry) => [part.key(entry as never), entry]));
  const found: Record<string, Json> = {};
  for (const entry of after) {
    const key = part.key(entry as never);
    const counters = countersIn(known.get(key) ?? {}, entry, part.fields);
    if (counters !== undefined) found[key] = counters;
  }
  return Object.keys(found).length === 0 ? undefined : found;
}
