import { delegation } from "./delegation.ts";
import { lifetimes } from "./lifetimes.ts";
import { entries, sections, type Given, type Settled } from "./registry.ts";
import type { AnySetting, Basis } from "./setting.ts";

/** The settings that a provider of a checked lab file gives, read at their places. */
export function labValues(provider: object): Given {
  const given = Object.fromEntries(Object.keys(sections).map((section) => [section, {}])) as Given;
  for (const { section, key, setting } of entries) {
    const values: Record<string, unknown> = given[section];
    values[key] = setting.path.split(".").reduce<unknown>((at, step) => child(at, step), provider);
  }
  return given;
}

function child(at: unknown, step: string): unknown {
  return typeof at === "object" && at !== null ? (at as Record<string, unknown>)[step] : undefined;
}

/** What defaults follow from. */
function basisOf(given: Given, { internet, resolver }: Around): Basis {
  return {
    internet,
    resolver,
    pvd: given.pvd,
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
    get linePreset() {
      return given.line.preset;
    },
    get pool() {
      return given.delegation.pool ?? delegation.pool.default.from(this);
    },
    get preferredS() {
      return given.lifetimes.preferredS ?? lifetimes.preferredS.default.from(this);
    },
  };
}

/** What defaults follow from beside other settings. */
type Around = Pick<Basis, "internet" | "resolver">;

/** Fills in every default; what is required and not given stays undefined. */
export function settle(given: Given, around: Around): Settled {
  const basis = basisOf(given, around);
  const values: Record<string, Record<string, unknown>> = {};
  for (const { section, key, setting } of entries) {
    const own: Readonly<Record<string, unknown>> = given[section];
    values[section] = { ...values[section], [key]: own[key] ?? defaultOf(setting, basis) };
  }
  return values as unknown as Settled;
}

function defaultOf({ default: usual }: AnySetting, basis: Basis): unknown {
  if ("from" in usual) return usual.from(basis);
  return "value" in usual ? usual.value : undefined;
}
