import type { Prefix6 } from "../ip6.ts";
import type { Pvd } from "../internet/pvd.ts";
import type { Endpoint } from "../values/parse.ts";
import type { Codec } from "./codec.ts";
import type { LinePresetName } from "./line-presets.ts";

/** What a setting belongs to, in the words that a plan gives as its reason. */
export type Group =
  | "prefix"
  | "wireguard"
  | "delegation"
  | "router advertisements"
  | "dns"
  | "captive portal"
  | "subscriber"
  | "source validation"
  | "line"
  | "capture"
  | "engine";

/** What a default may follow from. */
export interface Basis {
  readonly name: string | undefined;
  readonly prefix: Prefix6 | undefined;
  readonly pool: Prefix6 | undefined;
  readonly endpoint: Endpoint | undefined;
  readonly preferredS: number;
  /** As given; undefined when left out. */
  readonly givenValidS: number | undefined;
  /** What was given of the provisioning domain. */
  readonly pvd: Unset<Omit<Pvd, "prefixes">>;
  /** The address of the resolver that the provider has for itself in the bundled internet. */
  readonly resolver: string | undefined;
  /** Of a lab file. */
  readonly linePreset: LinePresetName | undefined;
  /** What the lab's tunnels lead to. */
  readonly internet: "bundled" | "real";
}

type Unset<T> = { readonly [K in keyof T]?: T[K] | undefined };

export type Default<D> =
  /** The same everywhere; undefined when there is none. */
  | { readonly value: D }
  /** Follows from others; `usual` is what it mostly comes to. */
  | { readonly from: (basis: Basis) => D; readonly says: string; readonly usual?: D }
  /** There is none: the provider has to say it. */
  | { readonly required: true };

/** One setting of a provider: all that mhlab knows of it, except what it does. */
export interface Setting<T, F extends Default<T | undefined>> {
  /** Its place in a provider of lab.yaml, and in the document of its BNG. */
  readonly path: string;
  readonly codec: Codec<T>;
  readonly default: F;
  readonly group: Group;
  /** A running BNG takes a change of it without being recreated. */
  readonly live?: true;
  /** The bundled internet or the CLI acts by it: the BNG's document leaves it out. */
  readonly elsewhere?: true;
  /** Its words: `schema` for editors, `lab` for the tables of the docs. */
  readonly text: { readonly schema: string; readonly lab: string };
  /** What one of several is, for editors. */
  readonly item?: string;
  /** How the wizard and `provider add|edit` ask for it. */
  readonly ask?: {
    readonly flag: string;
    readonly message: string;
    readonly explain?: string;
    /** Asked of everybody whom it concerns, not only of who wants other than the usual. */
    readonly always?: true;
  };
  /** As written in lab.yaml. */
  readonly examples?: readonly (string | number)[];
}

// oxlint-disable-next-line typescript/no-explicit-any -- a list of settings holds values of any type
export type AnySetting = Setting<any, any>;

/** Settings that belong together, by their names in the model. */
export type Section = Readonly<Record<string, AnySetting>>;

/** Declares a setting; the compiler says what is missing. */
export function setting<T, F extends Default<T | undefined>, const P extends string>(
  record: Setting<T, F> & { readonly path: P },
): Setting<T, F> & { readonly path: P } {
  return record;
}

/** What one setting reads. */
export type Read<S> = S extends { readonly codec: Codec<infer T> } ? T : never;
/** Undefined when the default may be none. */
type Lacking<S> = S extends { readonly default: { readonly value: undefined } }
  ? undefined
  : S extends { readonly default: { readonly from: (basis: Basis) => infer R } }
    ? Extract<R, undefined>
    : never;

/** The values of a section, defaults filled in. */
export type Values<S> = { readonly [K in keyof S]: Read<S[K]> | Lacking<S[K]> };
/** The values that someone gave, before defaults. */
export type GivenValues<S> = {
  [K in keyof S]?: Read<S[K]> | undefined;
};
