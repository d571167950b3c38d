/** What changes what a member should be while it runs: kept in the member's volume, and no part of the lab file. */
import { showValue } from "../values/parse.ts";

/** The overlay of a member; grows with faults and prefixes. */
export interface Overlay {
  /** Values that stand in the place of those of the environment, by variable. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A member that does what its lab file says. */
export const EMPTY_OVERLAY: Overlay = { settings: {} };

/** Whether an overlay changes nothing. */
export function isEmptyOverlay({ settings }: Overlay): boolean {
  return Object.keys(settings).length === 0;
}

/** Reads the text of an overlay's file; throws an Error that says what is wrong. Keys of later versions are left out. */
export function parseOverlay(text: string): Overlay {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value)) throw new Error("the overlay is not an object");
  return { settings: parseSettings(value["settings"] ?? {}) };
}

/** Reads settings by variable; throws an Error that names the one that is no text. */
export function parseSettings(value: unknown): Record<string, string> {
  if (!isRecord(value)) throw new Error("settings are not an object");
  return Object.fromEntries(
    Object.entries(value).map(([variable, text]) => {
      if (typeof text !== "string") throw new Error(`${showValue(variable)} is not a text`);
      return [variable, text];
    }),
  );
}

/** An overlay for people, as `NAME=value` words in the order of their names. */
export function describeOverlay({ settings }: Overlay): string {
  return Object.entries(settings)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([variable, value]) => `${variable}=${value}`)
    .join(" ");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
