import * as z from "zod";
import type { LoadMetric } from "../experiment/load-metrics.ts";
import type { LoadSample } from "../experiment/record.ts";
import type { Finding } from "../../model/yaml/findings.ts";
import { explainIssues } from "../../model/yaml/issues.ts";
import type { JsonSchema } from "../../model/yaml/json-schema.ts";
import type { Shape, Values } from "../scenario/entries/entry.ts";
import { SCENARIO_FILE_KIND } from "../scenario/entries/file-kind.ts";

/** A value that a tool gave, at a time in seconds since t=0. */
export interface LoadValue {
  readonly atS: number;
  /** How long what it is about lasted; 0: a moment. */
  readonly lastsS: number;
  readonly metric: LoadMetric;
  readonly value: number;
  readonly about: string | null;
}

/** What one load is asked to do. */
export interface LoadOrder<O> {
  readonly options: O;
  readonly target: string;
  /** The address to send from; null: the kernel chooses. */
  readonly source: string | null;
  readonly forS: number;
  /** The port of its server. */
  readonly port: number;
}

/** Times of a run. */
export interface LoadClock {
  /** Seconds since t=0 of nanoseconds since 1970 by the clock of the engine's host. */
  readonly sinceStart: (wallNs: bigint) => number;
}

/** Reads the output of a tool as it comes. What it cannot read gives no value: the output is kept as it is all the same. */
export interface LoadReader {
  /** The values in a line that came at `atS`, in seconds since t=0. */
  line(text: string, atS: number): readonly LoadValue[];
  /** The values that are known at the end of the output, and the tool's own error if it told one. */
  end(): { readonly values: readonly LoadValue[]; readonly error: string | null };
}

/** A kind of load: an established tool, how it is started, what it costs, and how its output is read. */
export interface LoadWords<S extends Shape> {
  readonly summary: string;
  /** The Debian package of the tool, which the images of CPEs and hosts hold. */
  readonly tool: string;
  /** The options, as `options:` has them. */
  readonly options: S;
  /** Options that exclude each other: the key at fault, what is wrong and what to do. */
  readonly check?: (options: Values<S>) => readonly [key: string, message: string, hint: string] | undefined;
  /** Seconds that it may last at most. */
  readonly longestS: number;
  /** The port of a server of its own that somebody runs elsewhere. */
  readonly port: number;
  /** Where it goes unless told otherwise, by a name that a resolver is asked for; left out: only addresses, by default the internet's. */
  readonly target?: string;
  /** Whether it plays customers at a provider's access link, whose interface is its target; left out: it runs in a host or CPE. */
  readonly atLink?: true;
  /** Exit codes besides 0 of a tool that did what it was asked to. */
  readonly goodExits?: readonly number[];
  /** Whether the tool ends by itself after its time; else it is ended then. */
  readonly endsItself: boolean;
  /** What its output file is called after the dot. */
  readonly extension: string;
  readonly metrics: readonly LoadMetric[];
  /** The command in the bundled internet that answers it, and what that prints once it listens; null: it needs none. */
  readonly server: (
    order: LoadOrder<Values<S>>,
  ) => { readonly argv: readonly string[]; readonly ready: RegExp } | null;
  readonly client: (order: LoadOrder<Values<S>>) => readonly string[];
  /** What it takes of this machine, in words. */
  readonly cost: (order: Pick<LoadOrder<Values<S>>, "options" | "forS">) => string;
  readonly reader: (order: LoadOrder<Values<S>>, clock: LoadClock) => LoadReader;
}

/** A kind whose options are known by its own functions alone. */
export interface LoadKindRecord extends Omit<LoadWords<Shape>, "options"> {
  readonly schema: JsonSchema;
  /** Options as they are written, read; or what is wrong with them, by paths within them. */
  readonly read: (
    written: Readonly<Record<string, string>>,
  ) => { readonly options: never } | readonly Finding[];
}

/** Makes a kind of load. */
export function loadKind<S extends Shape>(words: LoadWords<S>): LoadKindRecord {
  const { options: shape, ...rest } = words;
  const object = z.strictObject(shape);
  const { $schema: _, ...schema } = z.toJSONSchema(object, { target: "draft-7", io: "input" });
  return {
    ...(rest as unknown as Omit<LoadWords<Shape>, "options">),
    schema,
    read(written) {
      const checked = object.safeParse(written);
      if (!checked.success) {
        const kind = { ...SCENARIO_FILE_KIND, root: "these options" };
        return explainIssues(checked.error.issues, { data: written, schema, kind });
      }
      const problem = words.check?.(checked.data);
      if (problem === undefined) return { options: checked.data as never };
      const [key, message, hint] = problem;
      return [{ code: "MHLAB_SCENARIO_STEP", message, hint, path: [key] }];
    },
  };
}

/** A value as the record has it. */
export function sampleOf(load: string, { atS, lastsS, ...value }: LoadValue): LoadSample {
  return { load, atNs: Math.round(atS * 1e9), lastsNs: Math.round(lastsS * 1e9), ...value };
}

/** A member of what JSON told, if it is there. */
export function memberOf(map: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (at, key) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, key)
        ? (at as Record<string, unknown>)[key]
        : undefined,
    map,
  );
}

/** A number of what JSON told; undefined for anything else. */
export function numberOf(map: unknown, ...keys: readonly string[]): number | undefined {
  const value = memberOf(map, ...keys);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** JSON, or undefined. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads the output of a tool that writes one text, such as an object of JSON, once it is whole. */
export function wholeOutput(read: (text: string) => ReturnType<LoadReader["end"]>): LoadReader {
  let text = "";
  return {
    line(line) {
      text += `${line}\n`;
      return [];
    },
    end: () => read(text),
  };
}
