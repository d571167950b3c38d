import { expect, test } from "vitest";
import { labJsonSchema, labJsonSchemaText } from "../../../../../src/core/model/lab/json-schema.ts";
import { golden } from "./golden.ts";

test("schemas/lab.schema.json is what the parser accepts (UPDATE_GOLDEN=1 rewrites it)", () => {
  expect(labJsonSchemaText()).toBe(golden("schemas/lab.schema.json", labJsonSchemaText()));
});

test("it is draft-07, which YAML editors read, and describes every key", () => {
  const schema = labJsonSchema();
  expect(schema.$schema).toBe("http://json-schema.org/draft-07/schema#");
  expect(undescribed(schema, "lab")).toEqual([]);
});

type Node = { properties?: Record<string, unknown>; items?: unknown; anyOf?: unknown[] };

function undescribed(node: Node, path: string): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    if (!isNode(child)) return [`${path}.${key}`];
    const below = [child, child.items, ...(child.anyOf ?? [])].filter(isNode);
    return [
      ...("description" in child ? [] : [`${path}.${key}`]),
      ...below.flatMap((each) => undescribed(each, `${path}.${key}`)),
    ];
  });
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}
