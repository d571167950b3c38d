import { labJsonSchema } from "../core/lab/json-schema.ts";
import { schemaAt } from "../core/yaml/json-schema.ts";
import { maps } from "../core/settings/maps.ts";
import { entries } from "../core/settings/registry.ts";
import type { AnySetting } from "../core/settings/setting.ts";
import { defaultInWords, writtenInLab } from "../core/settings/texts.ts";
import { table, withTables } from "./docs-tables.ts";

/** A page of the docs with its tables of settings made anew, between `<!-- settings: wireguard -->` and `<!-- end -->`. */
export function withSettingTables(page: string): string {
  return withTables(page, "settings", tableOf);
}

function tableOf(name: string): string {
  if (name === "environment") return environmentTable();
  return name === "provider" ? providerTable() : mapTable(name);
}

function environmentTable(): string {
  const rows = entries.flatMap(({ setting }) => {
    const { variable, alternative, codec, text } = setting;
    if (variable === undefined) return [];
    const names = [variable, ...(alternative === undefined ? [] : [alternative])];
    const { environment: meaning = "" } = text as { environment?: string };
    return [
      [
        names.map((each) => `\`${each}\``).join(" or "),
        defaultInWords(setting, "environment"),
        codec.unit?.environment ?? "",
        meaning,
      ],
    ];
  });
  return table(["variable", "default", "unit", "meaning"], rows);
}

function providerTable(): string {
  const rows = keysOf("").map((key) => {
    const map = Object.entries(maps).find(([name]) => name === key)?.[1];
    if (map !== undefined) return [`\`${key}\``, map.default, map.lab];
    const setting = settingAt(key);
    return [`\`${key}\``, defaultInWords(setting, "lab"), meaningOf(setting)];
  });
  return table(["key", "default", "meaning"], rows);
}

function mapTable(map: string): string {
  const rows = keysOf(map).map((key) => {
    const setting = settingAt(`${map}.${key}`);
    return [`\`${key}\``, defaultInWords(setting, "lab"), setting.codec.unit?.lab ?? "", meaningOf(setting)];
  });
  return table(["key", "default", "unit", "meaning"], rows);
}

/** The keys of a map of the provider, in the order of the schema. */
function keysOf(map: string): string[] {
  const path = ["providers", 0, ...(map === "" ? [] : [map])];
  return Object.keys(schemaAt(labJsonSchema(), path)?.properties ?? {});
}

/** Throws Error for a place that no setting has. */
function settingAt(path: string): AnySetting {
  const found = entries.find(({ setting }) => setting.path === path);
  if (found === undefined) throw new Error(`no setting is at ${path}`);
  return found.setting;
}

/** The text of a setting, and an example where its default shows none. */
function meaningOf(setting: AnySetting): string {
  const { lab: meaning = "" } = setting.text as { lab?: string };
  const [first] = setting.examples ?? [];
  if (first === undefined || defaultInWords(setting, "lab").includes(String(first))) return meaning;
  const { codec } = setting;
  const { lab } = codec;
  const many = lab !== undefined && "many" in lab ? writtenInLab(setting, [first]) : undefined;
  const shown = many ?? (lab !== undefined && "records" in lab ? `[${first}]` : first);
  return `${meaning}. Example: \`${shown}\``;
}
