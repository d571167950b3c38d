import { FAULT_KINDS, type FaultKind, faultRecord } from "../../../model/faults/kinds.ts";
import type { JsonSchema } from "../../../model/yaml/json-schema.ts";
import { VARIABLE } from "../../../model/yaml/scalar.ts";

/** What YAML may write for a text. */
const SCALAR = ["string", "number", "boolean"];

/** The schema of a fault step for editors: which keys it takes, and what they mean, depends on its kind. */
export function faultSchema(schema: JsonSchema): JsonSchema {
  const { additionalProperties: _any, ...plain } = schema;
  const own = Object.entries(schema.properties ?? {}).map(([name, one]): [string, JsonSchema] => [
    name,
    typeof one === "object" && one.description !== undefined ? { description: one.description } : {},
  ]);
  return {
    ...plain,
    anyOf: [
      ...FAULT_KINDS.map((kind) => ofKind(kind, own)),
      {
        title: "a fault that a variable names",
        properties: { fault: { pattern: VARIABLE, description: "Of the matrix, or of the environment." } },
      },
    ],
  };
}

function ofKind(kind: FaultKind, own: readonly (readonly [string, JsonSchema])[]): JsonSchema {
  const { summary, once, directions, options } = faultRecord(kind);
  const needed = Object.keys(options).filter((name) => options[name]?.required);
  return {
    title: kind,
    description: summary,
    properties: {
      ...Object.fromEntries(own),
      fault: { const: kind, description: summary },
      ...(once ? {} : { for: time() }),
      direction: way(directions),
      ...Object.fromEntries(
        Object.entries(options).map(([name, { text, right, default: otherwise }]) => [
          name,
          {
            type: SCALAR,
            description: `${text}; ${right}`,
            ...(otherwise === undefined ? {} : { default: otherwise }),
          },
        ]),
      ),
    },
    ...(needed.length === 0 ? {} : { required: needed }),
    additionalProperties: false,
  };
}

function time(): JsonSchema {
  return {
    type: "string",
    description: "How long it lasts; left out: until it is cleared.",
    examples: ["30s"],
  };
}

function way(directions: readonly string[]): JsonSchema {
  return {
    description: "Which way it happens; left out: the first of these.",
    anyOf: [{ enum: [...directions] }, { pattern: VARIABLE }],
    default: directions[0],
  };
}
