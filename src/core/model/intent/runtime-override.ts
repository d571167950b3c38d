/** What changes what a node should be while it runs: kept in the node's volume, and no part of the lab file. */
import { describeFault } from "../faults/fault.ts";
import { parseFaults } from "../faults/injection.ts";
import type { Fault } from "../faults/kinds.ts";
import { mergeSettings, type NodeDocument, type Settings } from "../document.ts";
import { renumberedDocument } from "../renumbering/document.ts";
import { describePhases, parsePhases, type PrefixPhases } from "../renumbering/phases.ts";
import { showValue } from "../values/parse.ts";
import { isObject } from "../values/shape.ts";

/** The override of a node. */
export interface RuntimeOverride {
  /** What stands in the place of values of the document, by place: `delegation.valid`. */
  readonly settings: Settings;
  /** Faults that are injected, in the order in which they were. */
  readonly faults: readonly Fault[];
  /** Of a provider: its prefixes, in the place of that of the document. */
  readonly prefixes?: PrefixPhases;
}

/** A node that does what its lab file says. */
export const EMPTY_OVERRIDE: RuntimeOverride = { settings: {}, faults: [] };

/** What a node should be: its document, and what its override puts in the place of parts of it. */
export function desiredDocument(
  document: NodeDocument,
  { settings, prefixes }: RuntimeOverride,
): NodeDocument {
  return renumberedDocument(mergeSettings(document, settings), prefixes);
}

/** Whether an override changes nothing. */
export function isEmptyOverride({ settings, faults, prefixes }: RuntimeOverride): boolean {
  return Object.keys(settings).length + faults.length === 0 && prefixes === undefined;
}

/** Reads the text of an override's file; throws an Error that says what is wrong. Keys of later versions are left out. */
export function parseOverride(text: string): RuntimeOverride {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new Error("the override is not an object");
  const { settings = {}, faults = [], prefixes } = value;
  return {
    settings: parseSettings(settings),
    faults: parseFaults(faults),
    ...(prefixes === undefined ? {} : { prefixes: parsePhases(prefixes) }),
  };
}

function parseSettings(value: unknown): Record<string, string> {
  if (!isObject(value)) throw new Error("settings are not an object");
  return Object.fromEntries(
    Object.entries(value).map(([path, text]) => {
      if (typeof text !== "string") throw new Error(`${showValue(path)} is not a text`);
      return [path, text];
    }),
  );
}

/** An override for people: its prefixes, `place=value` words in the order of their places, then faults. */
export function describeOverride({ settings, faults, prefixes }: RuntimeOverride): string {
  const words = Object.entries(settings)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, value]) => `${path}=${value}`);
  const rest = [...words, ...faults.map((fault) => `fault ${describeFault(fault)}`)].join(" ");
  return [...(prefixes === undefined ? [] : [describePhases(prefixes)]), rest]
    .filter((part) => part !== "")
    .join("; ");
}
