import type { MemberStatus } from "../status/model.ts";
import { parseUtc } from "../utc.ts";
import type { Countdown, Field, ListPart } from "./parts.ts";
import { fieldsOf, type Json } from "./same.ts";
import { tableOf } from "./tables.ts";

/** The status with all that counts up or down as it is at that time, in seconds since 1970 by the agent's clock. */
export function recount<S extends MemberStatus>(status: S, nowS: number): S {
  const before = fieldsOf(status);
  const after: Record<string, unknown> = { ...before };
  for (const [key, part] of tableOf(status.role)) {
    if (part.told === "object") after[key] = recountFields(before[key] as Json, part.fields, nowS);
    else if (part.told === "list") after[key] = recountList(before[key] as Json[], part, nowS);
  }
  return after as unknown as S;
}

function recountList(entries: readonly Json[], part: ListPart, nowS: number): readonly Json[] {
  const counts = Object.values(part.fields).some(({ told }) => told === "countdown");
  return counts ? entries.map((entry) => recountFields(entry, part.fields, nowS)) : entries;
}

function recountFields(before: Json, fields: Readonly<Record<string, Field>>, nowS: number): Json {
  const after: Record<string, unknown> = { ...before };
  for (const key in fields) {
    const field = fields[key];
    if (field?.told === "countdown") after[key] = secondsOf(before[field.of], field, nowS, before[key]);
    else if (field?.told === "list") after[key] = recountList(before[key] as Json[], field, nowS);
  }
  return after;
}

/** Never below 0: what is over is over, and clocks differ. What is no time leaves the count as it was told. */
function secondsOf(time: unknown, { direction }: Countdown, nowS: number, told: unknown): unknown {
  if (time === null) return null;
  const at = typeof time === "string" ? parseUtc(time) : undefined;
  if (at === undefined) return told;
  return Math.max(0, Math.round(direction === "until" ? at - nowS : nowS - at));
}
