import { EXPECTATION_LIST } from "../core/judge/scenario/expectations/registry.ts";
import type { EntryList } from "../core/judge/scenario/entries/entry.ts";
import { structureJsonSchema } from "../core/judge/scenario/json-schema.ts";
import { STEP_LIST } from "../core/judge/scenario/steps/registry.ts";
import { exampleOf, schemaAt, type JsonSchema } from "../core/model/yaml/json-schema.ts";
import { table, withTables } from "./docs-tables.ts";

const LISTS: Readonly<Record<string, EntryList<unknown>>> = { steps: STEP_LIST, expect: EXPECTATION_LIST };

/** A page of the docs with what scenarios can say made anew, between `<!-- scenario: steps -->` and `<!-- end -->`. */
export function withScenarioTables(page: string): string {
  return withTables(page, "scenario", (name) => {
    const list = LISTS[name];
    if (list !== undefined) return kindsOf(list);
    const [listName = ""] = name.split("-").slice(1);
    const common = name.startsWith("every-") ? LISTS[listName] : undefined;
    return common === undefined ? structureOf(name) : keyTable(commonKeys(common));
  });
}

/** The keys of the scenario, or of a map or list in it. */
function structureOf(name: string): string {
  const schema = structureJsonSchema();
  if (name === "file") return keyTable(schema);
  const one = schemaAt(schema, name === "probes" ? [name] : [name, 0]);
  return keyTable(one ?? {});
}

/** Each kind with its keys, those left out that all have. */
function kindsOf(list: EntryList<unknown>): string {
  const common = new Set(Object.keys(commonKeys(list).properties ?? {}));
  return Object.entries(list.kinds)
    .map(([key, kind]) => {
      const schema = kind.jsonSchema();
      const own = Object.entries(schema.properties ?? {}).filter(([each]) => !common.has(each));
      const further = kind.further === undefined ? [] : [["further keys", "", kind.further]];
      return [
        `### ${key}`,
        "",
        `${kind.summary.charAt(0).toUpperCase()}${kind.summary.slice(1)}.`,
        "",
        "```yaml",
        `- ${kind.example}`,
        "```",
        "",
        keyTable({ ...schema, properties: Object.fromEntries(own) }, further),
      ].join("\n");
    })
    .join("\n\n");
}

/** The keys that every kind of a list has. */
function commonKeys({ kinds }: EntryList<unknown>): JsonSchema {
  const [first = {}, ...others] = Object.values(kinds).map((kind) => kind.jsonSchema());
  const shared = Object.entries(first.properties ?? {}).filter(([key]) =>
    others.every(({ properties }) => Object.hasOwn(properties ?? {}, key)),
  );
  return { properties: Object.fromEntries(shared) };
}

function keyTable({ properties = {}, required = [] }: JsonSchema, more: readonly string[][] = []): string {
  const rows = Object.entries(properties).map(([key, schema]) => {
    const one = typeof schema === "object" ? schema : {};
    const usual =
      typeof one.default === "string" || typeof one.default === "number" ? one.default : undefined;
    const otherwise = required.includes(key) ? "required" : usual === undefined ? "" : `\`${usual}\``;
    return [`\`${key}\``, otherwise, meaningOf(one)];
  });
  return table(["key", "default", "meaning"], [...rows, ...more]);
}

/** The text of a key, the words that it can be, or an example. */
function meaningOf(schema: JsonSchema): string {
  const { description = "", anyOf: [first] = [] } = schema;
  const words = typeof first === "object" ? first.enum : undefined;
  if (words !== undefined && words.length < 10)
    return `${description} One of ${words.map((one) => `\`${String(one)}\``).join(", ")}.`;
  const example = schema.default === undefined && schema.minItems !== 2 ? exampleOf(schema) : undefined;
  return example === undefined || description.includes(example)
    ? description
    : `${description} Example: \`${example}\`.`;
}
