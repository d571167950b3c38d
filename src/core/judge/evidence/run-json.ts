import * as z from "zod";
import { reasonOf } from "../../model/errors.ts";
import { runShape, type RunData, type RunRecord } from "../scenario/record.ts";

/** The record without its tables, as JSON. */
export function writeRunJson(record: RunRecord): string {
  return `${JSON.stringify(z.encode(runShape, record), null, 2)}\n`;
}

/** A text that is no such JSON; the message says at which key. */
export class NoRecord extends Error {}

/** The record without its tables. Throws NoRecord. */
export function readRunJson(text: string): RunData {
  const { success, data, error } = runShape.safeParse(parsed(text));
  if (success) return data;
  const [first] = error.issues;
  throw new NoRecord(`${(first?.path ?? []).join(".") || "the whole"}: ${first?.message ?? "is wrong"}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NoRecord(reasonOf(error));
  }
}
