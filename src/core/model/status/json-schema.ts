import type { Kind } from "../values/shape.ts";
import { labShape } from "./model.ts";

/** A part of a JSON Schema (draft-07). */
export type JsonSchemaPart = Readonly<Record<string, unknown>>;

/** One field of `mhlab status --json`: its place, such as `providers[].uplink.state`, what it can be, and its meaning. */
export interface StatusField {
  readonly path: string;
  readonly values: string;
  readonly text: string;
}

/** The JSON Schema of what `mhlab status --json` prints: one lab, or several when none was named. */
export function statusJsonSchema(): JsonSchemaPart {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "mhlab status --json",
    description: "More keys may come; those that are here stay, with their meaning.",
    definitions: { lab: schemaOf(labShape.kind) },
    anyOf: [
      { $ref: "#/definitions/lab" },
      {
        type: "object",
        description: "Of several labs, or of none, when no lab is named.",
        properties: {
          at: schemaOf(labShape.keys.at.kind),
          labs: { type: "array", items: { $ref: "#/definitions/lab" } },
        },
        required: ["at", "labs"],
      },
    ],
  };
}

/** The text of schemas/status.schema.json. */
export function statusJsonSchemaText(): string {
  return `${JSON.stringify(statusJsonSchema(), undefined, 2)}\n`;
}

/** Every field of a lab's status, in the order in which it is printed. */
export function statusFields(): StatusField[] {
  return fieldsBelow(labShape.kind, "");
}

function schemaOf(kind: Kind): JsonSchemaPart {
  return { ...(kind.text === undefined ? {} : { description: kind.text }), ...formOf(kind) };
}

function formOf(kind: Kind): JsonSchemaPart {
  switch (kind.is) {
    case "text":
      return { type: "string" };
    case "number":
      return { type: "number" };
    case "flag":
      return { type: "boolean" };
    case "word":
      return { type: "string", enum: [...kind.words].sort() };
    case "optional":
      return schemaOf(kind.of);
    case "list":
      return { type: "array", items: schemaOf(kind.of) };
    case "record":
      return { type: "object", additionalProperties: schemaOf(kind.of) };
    case "null-or":
      return { anyOf: [schemaOf(kind.of), { type: "null" }] };
    case "object":
      return {
        type: "object",
        properties: Object.fromEntries(Object.entries(kind.keys).map(([key, of]) => [key, schemaOf(of)])),
        required: Object.keys(kind.keys).filter((key) => kind.keys[key]?.is !== "optional"),
      };
  }
}

function fieldsBelow(kind: Kind, path: string): StatusField[] {
  if (kind.is === "list") return fieldsBelow(kind.of, `${path}[]`);
  if (kind.is === "null-or" || kind.is === "optional") return fieldsBelow(kind.of, path);
  if (kind.is !== "object") return [];
  return Object.entries(kind.keys).flatMap(([key, of]) => {
    const place = path === "" ? key : `${path}.${key}`;
    return [{ path: place, values: valuesOf(of), text: of.text ?? "" }, ...fieldsBelow(of, place)];
  });
}

function valuesOf(kind: Kind): string {
  switch (kind.is) {
    case "text":
      return "text";
    case "number":
      return "number";
    case "flag":
      return "true or false";
    case "word":
      return [...kind.words]
        .sort()
        .map((word) => `\`${word}\``)
        .join(", ");
    case "optional":
      return `${valuesOf(kind.of)}; may be left out`;
    case "list":
      return kind.of.is === "object" ? "list" : `list of ${valuesOf(kind.of)}`;
    case "record":
      return `${valuesOf(kind.of)} by name`;
    case "null-or":
      return `${valuesOf(kind.of)}, or null`;
    case "object":
      return "object";
  }
}
