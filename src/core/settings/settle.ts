import { entries, sections, type Given, type Settled } from "./registry.ts";
import type { AnySetting, Known } from "./setting.ts";

/** Nothing given yet. */
export function emptyGiven(): Given {
  return Object.fromEntries(Object.keys(sections).map((section) => [section, {}])) as Given;
}

/** What is known while defaults are filled in; `internet` is undefined for a BNG that reads its environment. */
export function knownOf(given: Given, internet: Known["internet"]): Known {
  const known: Known = {
    internet,
    get name() {
      return given.provider.name;
    },
    get prefix() {
      return given.provider.prefix;
    },
    get endpoint() {
      return given.wireguard.endpoint;
    },
    get givenValidS() {
      return given.lifetimes.validS;
    },
    get pool() {
      return valueOf("delegation", "pool") as Known["pool"];
    },
    get preferredS() {
      return valueOf("lifetimes", "preferredS") as Known["preferredS"];
    },
  };
  const valueOf = (section: keyof Given, key: string): unknown => {
    const found = entries.find((entry) => entry.section === section && entry.key === key);
    return found === undefined ? undefined : settled(found.setting, valueIn(given, section, key), known);
  };
  return known;
}

/** Fills in every default, for both sides; what is required and not given stays undefined. */
export function settle(given: Given, internet: Known["internet"]): Settled {
  const known = knownOf(given, internet);
  const values: Record<string, Record<string, unknown>> = {};
  for (const { section, key, setting } of entries) {
    values[section] = { ...values[section], [key]: settled(setting, valueIn(given, section, key), known) };
  }
  return values as unknown as Settled;
}

function settled(setting: AnySetting, given: unknown, known: Known): unknown {
  if (given !== undefined) return given;
  if ("from" in setting.default) return setting.default.from(known);
  return "value" in setting.default ? setting.default.value : undefined;
}

function valueIn(given: Given, section: keyof Given, key: string): unknown {
  return (given[section] as Readonly<Record<string, unknown>>)[key];
}
