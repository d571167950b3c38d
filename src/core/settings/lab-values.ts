import { entries, type Given } from "./registry.ts";
import { emptyGiven } from "./settle.ts";

/** The settings that a provider of a checked lab file gives, read at their places. */
export function labValues(provider: object): Given {
  const given = emptyGiven();
  for (const { section, key, setting } of entries) {
    if (setting.path === undefined) continue;
    const values: Record<string, unknown> = given[section];
    values[key] = setting.path.split(".").reduce<unknown>((at, step) => child(at, step), provider);
  }
  return given;
}

function child(at: unknown, step: string): unknown {
  return typeof at === "object" && at !== null ? (at as Record<string, unknown>)[step] : undefined;
}
