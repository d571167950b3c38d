/** Entries of lists that are of one kind each, told by the key that they have: steps and expectations. */
import * as z from "zod";
import type { DiagnosticCode } from "../../../model/error-codes.ts";
import { showValue } from "../../../model/values/parse.ts";
import { suggest } from "../../../model/values/suggest.ts";
import type { Finding, Path } from "../../../model/yaml/findings.ts";
import { explainIssues } from "../../../model/yaml/issues.ts";
import type { JsonSchema } from "../../../model/yaml/json-schema.ts";
import { SCENARIO_FILE_KIND } from "./file-kind.ts";
import type { RefKind } from "./references.ts";

export type Shape = Readonly<Record<string, z.ZodType>>;
/** The values of the keys of an entry. */
export type Values<S extends Shape> = z.output<z.ZodObject<S>>;
/** A map of the file, of which only that is known. */
export type RawMap = Readonly<Record<string, unknown>>;

/** What is wrong with values that are right each by itself. */
export class Trouble {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    this.findings = findings;
  }

  /** Of one key. */
  static at(
    path: Path,
    code: DiagnosticCode,
    [message, hint]: readonly [message: string, hint: string],
  ): Trouble {
    return new Trouble([{ code, message, hint, path }]);
  }
}

/** A name in an entry, and what it should be the name of. */
export interface Reference {
  readonly kind: RefKind;
  readonly name: string;
  /** Within the entry. */
  readonly path: Path;
}

/** One kind of entry: all that the file, editors and the docs say of it. */
export interface EntryKind<T> {
  /** What it does or expects, in a line of the docs. */
  readonly summary: string;
  /** One in YAML. */
  readonly example: string;
  /** What may stand there beside the keys of its own. */
  readonly further?: string;
  readonly jsonSchema: () => JsonSchema;
  /** For editors, to whom more can be said than what the keys are read by. */
  readonly editorSchema: () => JsonSchema;
  /** The entry, or what is wrong with it; paths are those within it. */
  readonly read: (map: RawMap) => T | Trouble;
  readonly references: (map: RawMap) => readonly Reference[];
}

/** What a kind of entry is made of. */
export interface EntryWords<S extends Shape, T> {
  readonly summary: string;
  readonly example: string;
  readonly shape: S;
  readonly further?: string;
  /** What editors are told instead of the schema that the keys make. */
  readonly forEditors?: (schema: JsonSchema) => JsonSchema;
  /** Keys that hold names, and whose. */
  readonly refs?: { readonly [K in keyof S]?: RefKind };
  /** Names that stand deeper. */
  readonly deeper?: (map: RawMap) => readonly Reference[];
  read(values: Values<S>, further: Readonly<Record<string, string>>): T | Trouble;
}

/** Makes a kind of its keys and of what becomes of their values. */
export function entryKind<S extends Shape, T>(words: EntryWords<S, T>): EntryKind<T> {
  const { summary, example, shape, further, refs = {}, deeper } = words;
  const schema =
    further === undefined
      ? z.strictObject(shape)
      : z
          .object(shape)
          .catchall(z.string().meta({ description: further, type: ["string", "number", "boolean"] }));
  let made: JsonSchema | undefined;
  const jsonSchema = (): JsonSchema => (made ??= schemaOf(schema));
  return {
    summary,
    example,
    ...(further === undefined ? {} : { further }),
    jsonSchema,
    editorSchema: () => words.forEditors?.(jsonSchema()) ?? jsonSchema(),
    read(map) {
      const checked = schema.safeParse(map);
      if (!checked.success) {
        const kind = { ...SCENARIO_FILE_KIND, root: "this entry" };
        return new Trouble(explainIssues(checked.error.issues, { data: map, schema: jsonSchema(), kind }));
      }
      const rest = Object.entries(checked.data).filter(([key]) => !Object.hasOwn(shape, key));
      return words.read(checked.data, Object.fromEntries(rest) as Record<string, string>);
    },
    references: (map) => [
      ...Object.entries(refs as Record<string, RefKind>).flatMap(([key, kind]) => {
        const value = Object.hasOwn(map, key) ? map[key] : undefined;
        return typeof value === "string" ? [{ kind, name: value, path: [key] }] : [];
      }),
      ...(deeper?.(map) ?? []),
    ],
  };
}

function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
  return rest;
}

/** How a list of entries is called, and its kinds. */
export interface EntryList<T> {
  readonly kinds: Readonly<Record<string, EntryKind<T>>>;
  readonly code: DiagnosticCode;
  /** `step`. */
  readonly noun: string;
}

/** The kind of an entry by the key that it has; or why it is of none. */
export function kindIn<T>({ kinds, code, noun }: EntryList<T>, map: RawMap): EntryKind<T> | Trouble {
  const known = Object.keys(kinds);
  const keys = Object.keys(map);
  const named = keys.filter((key) => known.includes(key));
  // A key that another one's kind has belongs to that: `{flow: ssh, stall: 1s}` is a flow.
  const isOwnedBy = (key: string) => (other: string) =>
    other !== key && Object.hasOwn(kinds[other]?.jsonSchema().properties ?? {}, key);
  const [only, ...more] = named.filter((key) => !named.some(isOwnedBy(key)));
  const kind = only === undefined ? undefined : kinds[only];
  if (kind !== undefined && more.length === 0) return kind;
  if (kind !== undefined)
    return Trouble.at([more[0] ?? ""], code, [
      `this ${noun} has ${only} and ${more.join(" and ")} at once`,
      `write one ${noun} for each`,
    ]);
  const near = keys.map((key) => suggest(key, known)).find((each) => each !== undefined);
  return Trouble.at([], code, [
    keys.length === 0
      ? `this ${noun} is empty`
      : `this ${noun} is of no kind: it has ${keys.map(showValue).slice(0, 5).join(", ")}`,
    `${near === undefined ? "" : `did you mean ${near}? `}possible: ${known.join(", ")}`,
  ]);
}
