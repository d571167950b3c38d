/** Every setting of a provider and its BNG, in the order in which people read them. */
import { advertised } from "./advertised.ts";
import { captivePortal } from "./captive-portal.ts";
import { delegation } from "./delegation.ts";
import { dhcpv6 } from "./dhcpv6.ts";
import { dns } from "./dns.ts";
import { filter, recorder } from "./filter.ts";
import { lifetimes } from "./lifetimes.ts";
import { line } from "./line.ts";
import { place } from "./place.ts";
import { provider } from "./provider.ts";
import { pvd } from "./pvd.ts";
import { resolver } from "./resolver.ts";
import { ra } from "./router-advertisement.ts";
import type { AnySetting, GivenValues, Section, Values } from "./setting.ts";
import { wireguard } from "./wireguard.ts";

/** The sections by their names in the model. */
export const sections = {
  provider,
  wireguard,
  delegation,
  lifetimes,
  dhcpv6,
  ra,
  advertised,
  dns,
  captivePortal,
  pvd,
  resolver,
  line,
  filter,
  recorder,
  place,
} satisfies Readonly<Record<string, Section>>;

type Sections = typeof sections;

/** What someone gave, section by section; undefined stands for what is left out. */
export type Given = { [S in keyof Sections]: GivenValues<Sections[S]> };
/** What holds, with defaults filled in. */
export type Settled = { readonly [S in keyof Sections]: Values<Sections[S]> };

export interface Entry {
  readonly section: keyof Sections;
  /** Its name in the section. */
  readonly key: string;
  readonly setting: AnySetting;
}

/** All settings, flat. */
export const entries: readonly Entry[] = Object.entries(sections).flatMap(([section, settings]) =>
  Object.entries(settings as Section).map(([key, setting]) => ({
    section: section as keyof Sections,
    key,
    setting,
  })),
);

/** The setting at a place of a provider; undefined where none is. */
export function settingAt(path: string): AnySetting | undefined {
  return entries.find(({ setting }) => setting.path === path)?.setting;
}
