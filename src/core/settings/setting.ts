import type { Prefix6 } from "../ip6.ts";
import type { Pvd } from "../internet/pvd.ts";
import type { Endpoint } from "../values/parse.ts";
import type { Codec, WithLab } from "./codec.ts";
import type { EnvironmentReader } from "./environment-reader.ts";
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
  | "capture";

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
  /** What the lab's tunnels lead to; undefined for a BNG that reads its environment. */
  readonly internet: "bundled" | "real" | undefined;
}

type Unset<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** A text for each side's table, where they differ. */
type Said = string | { readonly lab: string; readonly environment: string };

export type Default<D> =
  /** The same everywhere; undefined when there is none. */
  | { readonly value: D }
  /** Follows from others; `usual` is what it mostly comes to. */
  | { readonly from: (basis: Basis) => D; readonly says: Said; readonly usual?: D }
  /** There is none: whoever starts a BNG has to say it. */
  | { readonly required: true; readonly example?: string };

/** The words for a setting's place: `schema` for editors, `lab` and `environment` for the tables of the docs. */
type Texts<P, V> = (P extends string ? { readonly schema: string; readonly lab: string } : unknown) &
  (V extends string ? { readonly environment: string } : unknown);

/** One setting of a provider and of its BNG: all that mhlab knows of it, except what it does. */
export interface Setting<
  T,
  F extends Default<T | undefined>,
  P extends string | undefined,
  V extends string | undefined,
> {
  /** Its place in a provider of lab.yaml; undefined when it follows from others. */
  readonly path: P;
  /** Its environment variable; undefined when it is no business of the BNG. */
  readonly variable: V;
  readonly codec: Codec<T> & (P extends string ? WithLab : unknown);
  readonly default: F;
  readonly group: Group;
  /** A running BNG takes a change of it without being made anew. */
  readonly live?: true;
  /** Left out of the environment while it has the default that a BNG takes by itself. */
  readonly quiet?: true;
  /** Reads the variable where that takes more than its own text; reports what is wrong to the reader. */
  readonly readFrom?: (reader: EnvironmentReader, basis: Basis) => T | undefined;
  /** A second variable that gives the same. */
  readonly alternative?: string;
  readonly text: Texts<P, V>;
  /** What one of several is, for editors. */
  readonly item?: string;
  /** The key of lab.yaml that it follows from, where it has no place there. */
  readonly follows?: string;
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
export type AnySetting = Setting<any, any, string | undefined, string | undefined>;

/** Settings that belong together, by their names in the model. */
export type Section = Readonly<Record<string, AnySetting>>;

/** Declares a setting; the compiler says what is missing. */
export function setting<
  T,
  F extends Default<T | undefined>,
  const P extends string | undefined,
  const V extends string | undefined,
>(record: Setting<T, F, P, V>): Setting<T, F, P, V> {
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
type ValueOf<S> = Read<S> | Lacking<S>;

/** The values of a section, defaults filled in. */
export type Values<S> = { readonly [K in keyof S]: ValueOf<S[K]> };
/** Those that lab.yaml can say. */
export type LabValues<S> = {
  readonly [K in keyof S as S[K] extends { readonly path: string } ? K : never]: ValueOf<S[K]>;
};
/** Those that a BNG's environment can say. */
export type BngValues<S> = {
  readonly [K in keyof S as S[K] extends { readonly variable: string } ? K : never]: ValueOf<S[K]>;
};
/** The values that someone gave, before defaults. */
export type GivenValues<S> = {
  [K in keyof S]?: Read<S[K]> | undefined;
};
