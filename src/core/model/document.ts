/** The document of a node: its entry of lab.yaml, resolved. Every scalar is text, as the lab parser reads it. */
import { parseDocument, stringify } from "yaml";

export type DocumentValue = string | readonly DocumentValue[] | NodeDocument;
export interface NodeDocument {
  readonly [key: string]: DocumentValue;
}
/** Settings by their places (`delegation.valid`), as one line of lab.yaml writes them: a part of a document. */
export type Settings = Readonly<Record<string, string>>;

/** What is wrong at a place of a document. */
export interface DocumentProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint: string;
}

/** What came of reading a document: its meaning, or every problem at once. */
export type DocumentRead<C> =
  | { readonly config: C; readonly problems?: never }
  | { readonly config?: never; readonly problems: readonly DocumentProblem[] };

/** A document of JSON values; what is undefined is left out. Throws TypeError for what is no map. */
export function toDocument(json: object): NodeDocument {
  const value = valueOf(json);
  if (!isMap(value)) throw new TypeError("a document is a map of keys");
  return value;
}

function valueOf(json: unknown): DocumentValue {
  if (Array.isArray(json)) return json.map(valueOf);
  if (typeof json !== "object" || json === null) return String(json);
  const entries = Object.entries(json).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, valueOf(value)]));
}

/** The text of a document's file. */
export function documentText(document: NodeDocument): string {
  // Numbers and switches need no quotes for a reader that takes every scalar as text.
  return stringify(document, { schema: "failsafe", lineWidth: 0, aliasDuplicateObjects: false });
}

/** The document in a file's text; undefined when it is none. */
export function readDocument(text: string): NodeDocument | undefined {
  const document = parseDocument(text, { schema: "failsafe", prettyErrors: false });
  const value: unknown = document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 0 });
  return isMap(value) ? value : undefined;
}

/** Whether a value is a map of keys. */
export function isMap(value: unknown): value is NodeDocument {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The settings of a document, each by its place. */
export function settingsOf(document: NodeDocument, above = ""): Settings {
  return Object.fromEntries(
    Object.entries(document).flatMap(([key, value]) => {
      const path = `${above}${key}`;
      return isMap(value) ? Object.entries(settingsOf(value, `${path}.`)) : [[path, lineOf(value)]];
    }),
  );
}

/** A value on one line, as it stands behind a key. */
function lineOf(value: DocumentValue): string {
  return typeof value === "string" ? value : flowOf(value);
}

function flowOf(value: DocumentValue): string {
  if (typeof value === "string")
    return /^[A-Za-z0-9/_.:-]*[A-Za-z0-9]$/.test(value) ? value : JSON.stringify(value);
  if (isMap(value))
    return `{${Object.entries(value)
      .map(([key, each]) => `${key}: ${flowOf(each)}`)
      .join(", ")}}`;
  return `[${value.map(flowOf).join(", ")}]`;
}

/** The document with settings in the place of its own. */
export function mergeSettings(document: NodeDocument, settings: Settings): NodeDocument {
  let merged = document;
  for (const [path, line] of Object.entries(settings))
    merged = setAt(merged, path.split("."), readLine(line));
  return merged;
}

/** The document with a value at a place; undefined takes away what is there. */
export function setAt(
  document: NodeDocument,
  [key = "", ...rest]: readonly string[],
  value: DocumentValue | undefined,
): NodeDocument {
  const { [key]: present, ...others } = document;
  if (rest.length > 0) return { ...document, [key]: setAt(isMap(present) ? present : {}, rest, value) };
  return value === undefined ? others : { ...document, [key]: value };
}

/** The value at a place of a document. */
export function valueAt(document: NodeDocument, path: string): DocumentValue | undefined {
  return path
    .split(".")
    .reduce<DocumentValue | undefined>((at, key) => (isMap(at) ? at[key] : undefined), document);
}

/** Lists are written in brackets; what is none stays text, and is complained about by its reader. */
function readLine(line: string): DocumentValue {
  if (!line.startsWith("[")) return line;
  const document = parseDocument(line, { schema: "failsafe", prettyErrors: false });
  return document.errors.length > 0 ? line : valueOf(document.toJS({ maxAliasCount: 0 }));
}
