import { labJsonSchema } from "../core/model/lab/json-schema.ts";
import { schemaAt } from "../core/model/yaml/json-schema.ts";
import { maps } from "../core/model/settings/maps.ts";
import { settingAt } from "../core/model/settings/registry.ts";
import type { AnySetting } from "../core/model/settings/setting.ts";
import { defaultInWords, writtenInLab } from "../core/model/settings/texts.ts";
import { table, withTables } from "./docs-tables.ts";

/** A page of the docs with its tables of settings made anew, between `<!-- settings: wireguard -->` and `<!-- end -->`. */
export function withSettingTables(page: string): string {
  return withTables(page, "settings", tableOf);
}

function tableOf(name: string): string {
  return name === "provider" ? providerTable() : mapTable(name);
}

function providerTable(): string {
  const rows = keysOf("").map((key) => {
    const map = Object.entries(maps).find(([name]) => name === key)?.[1];
    if (map !== undefined) return [`\`${key}\``, map.default, map.lab];
    const found = requiredAt(key);
    return [`\`${key}\``, defaultInWords(found), meaningOf(found)];
  });
  return table(["key", "default", "meaning"], rows);
}

function mapTable(map: string): string {
  const rows = keysOf(map).map((key) => {
    const found = requiredAt(`${map}.${key}`);
    return [`\`${key}\``, defaultInWords(found), found.codec.unit ?? "", meaningOf(found)];
  });
  return table(["key", "default", "unit", "meaning"], rows);
}

/** The keys of a map of the provider, in the order of the schema. */
function keysOf(map: string): string[] {
  const path = ["providers", 0, ...(map === "" ? [] : [map])];
  return Object.keys(schemaAt(labJsonSchema(), path)?.properties ?? {});
}

/** Throws Error for a place that no setting has. */
function requiredAt(path: string): AnySetting {
  const found = settingAt(path);
  if (found === undefined) throw new Error(`no setting is at ${path}`);
  return found;
}

/** The text of a setting, and an example where its default shows none. */
function meaningOf(setting: AnySetting): string {
  const { lab: meaning } = setting.text;
  const [first] = setting.examples ?? [];
  if (first === undefined || defaultInWords(setting).includes(String(first))) return meaning;
  const { codec } = setting;
  const { lab } = codec;
  const many = "many" in lab ? writtenInLab(setting, [first]) : undefined;
  const shown = many ?? ("records" in lab ? `[${first}]` : first);
  return `${meaning}. Example: \`${shown}\``;
}
