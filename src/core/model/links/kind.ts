/** What mhlab has to know of a kind of subscriber link. */
import type { z } from "zod";
import type { Finding } from "../host/finding.ts";
import type { HostFacts } from "../host/facts.ts";
import type { KernelFeature } from "../host/kernel-feature.ts";
import type { HostNetwork } from "../host/network.ts";
import type { Value } from "../yaml/edit-values.ts";
import type * as values from "../settings/schema-values.ts";
import type { scalar } from "../yaml/scalar.ts";
import type { Grammar } from "./grammar.ts";

/**
 * One kind: all that the lab file, the plan, the doctor, the wizard and the documentation say of it.
 * `L` is the link of a lab, `M` what a BNG is told of it. How a BNG makes it is told in src/agent/links.
 */
export interface LinkKind<L extends { readonly kind: string }, M extends { readonly kind: string } = L> {
  /** Its key under `subscriber` in lab.yaml, and its word on the command line. */
  readonly key: string;
  readonly yaml: YamlForm<L>;
  /** The word on the command line: `interface:enp2s0`. */
  readonly word: Grammar<L>;
  /** Its word in labels and the keeper's document; none when a BNG is told another kind. */
  readonly environment?: Grammar<M>;
  /** What the BNG of a provider is told. */
  bng(link: L, names: { readonly lab: string; readonly provider: string }): Told<M>;
  /** What the user calls the place where the customers are; left out: its interface has a name of his. */
  place?(link: M): string;
  /** What it does with an interface of the host; undefined when no other link can be in its way. */
  hostUse(link: L): HostUse | undefined;
  /** The interface by which the host itself hears the provider's router advertisements. */
  hostEar?(link: L): string | undefined;
  /** Folders of the host that a BNG sees to make it, as Docker takes bind mounts. */
  binds?(link: M): readonly string[];
  /** Whether a killed BNG leaves something on the host that the kernel does not clear. */
  outlives?(link: M): boolean;
  /** The same link, taken whatever the host uses the interface for; only for a kind that takes one away. */
  forced?(link: L): L;
  /** All that it may need of the host's kernel. */
  readonly features: readonly KernelFeature[];
  /** What this link needs of these; all when left out. */
  needs?(link: L): readonly KernelFeature[];
  /** Whether the host has what the link needs. */
  findings?(link: L, look: HostLook): Finding[];
  readonly wizard: WizardForm<L>;
  readonly docs: LinkDocs<L>;
}

/** How a link stands in lab.yaml, under the kind's key. */
interface YamlForm<L> {
  /** Its structure. */
  shape(words: SchemaWords): z.ZodType<L>;
  /** The value that `shape` reads as the link. */
  value(link: L): Value;
  /** The parts of the word for a value that was read loosely; undefined when no word says it. */
  parts(value: unknown): readonly string[] | undefined;
}

export type SchemaWords = typeof values & { readonly scalar: typeof scalar };

/** What a BNG is told of its link. */
export interface Told<M> {
  readonly link: M;
  /** Its interface, when it has a name of its own. */
  readonly interface?: string;
  readonly force?: true;
}

export interface HostUse {
  /** Its name, with its place when that is not the host's network namespace. */
  readonly interface: string;
  /** `takes` it away from the host, `makes` it, or `shares` it with others. */
  readonly how: "takes" | "makes" | "shares";
  /** With `makes`: one for all that name it, of which others may be a part. */
  readonly together?: true;
  /** With `takes`: whatever the host uses it for. */
  readonly forced?: boolean;
  /** With `shares`: what of it nobody else can have, and what to do about two who want it. */
  readonly part?: { readonly name: string; readonly hint: string };
}

/** What findings about a provider's link are made from. */
export interface HostLook {
  /** The id of what is found. */
  readonly id: string;
  readonly facts: HostFacts;
  readonly network: HostNetwork;
  /** Interfaces that running BNGs hold, and the provider of each. */
  readonly held: ReadonlyMap<string, string>;
}

/** How the wizard offers a kind. */
interface WizardForm<L> {
  /** What a person can choose; a value that ends with a colon wants more yet. */
  offers(place: LinkPlace): readonly LinkOffer[];
  /** How the rest is asked for. */
  readonly question: string;
  /** What a person wrote for it, as the word has it. */
  read?(answer: string): string;
  /** The whole word that is proposed for a choice that wants more. */
  complete(place: LinkPlace): string;
  /** What a new lab file says above it. */
  readonly comment?: string;
  /** Why the lab cannot have this link. */
  refuse?(link: L, place: Pick<LinkPlace, "cpes">): string | undefined;
}

export interface LinkOffer {
  readonly value: string;
  readonly label: string;
  readonly explain: string;
  readonly warning?: string | undefined;
  /** Where it stands among those of all kinds: harmless things come first. */
  readonly place?: "first" | "last";
}

/** What the wizard knows when it offers a link to a provider. */
export interface LinkPlace {
  readonly provider: string;
  readonly cpes: readonly string[];
  /** Network cards that no other provider takes, the best first. */
  readonly cards: readonly Card[];
  /** Bridges of the host. */
  readonly bridges: readonly string[];
  /** The words for the links of the other providers. */
  readonly others: readonly string[];
}

export interface Card {
  readonly name: string;
  readonly mac: string;
  readonly carrier: boolean;
  /** Why it should not be taken from the host; undefined when it may be. */
  readonly against: string | undefined;
}

/** The rows of the kind in the tables of docs. */
interface LinkDocs<L> {
  /** Forms of its value in lab.yaml, and what they mean. */
  readonly values: readonly { readonly value: string; readonly meaning: string }[];
  /** What a person may have, and the link for it; the first is the example in help texts (examples.ts). */
  readonly situations: readonly { readonly have: string; readonly link: L }[];
}
