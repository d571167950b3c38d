import { delegation } from "./delegation.ts";
import { lifetimes } from "./lifetimes.ts";
import { entries, sections, type Given, type Settled } from "./registry.ts";
import type { AnySetting, Basis } from "./setting.ts";

/** Nothing given yet. */
export function emptyGiven(): Given {
  return Object.fromEntries(Object.keys(sections).map((section) => [section, {}])) as Given;
}

/** What defaults follow from; `internet` and `resolver` are undefined for a BNG that reads its environment. */
export function basisOf(given: Given, { internet, resolver }: Around): Basis {
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
type Around = Partial<Pick<Basis, "internet" | "resolver">>;

/** Fills in every default, for both sides; what is required and not given stays undefined. */
export function settle(given: Given, around: Around = {}): Settled {
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
