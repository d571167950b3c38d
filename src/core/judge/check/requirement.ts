/** A requirement of a document, as data: what is required, how it is provoked, and what is observed. */

/** The sides of a CPE on which packets are captured: the links to all providers, and the LAN at one host. */
export type Side = "wan" | "lan";

/** Documents whose requirements are checked; their names on the command line. */
export const PROFILES = ["rfc7084", "rfc9096", "multihoming"] as const;
export type Profile = (typeof PROFILES)[number];

/** `mhlab`: requirements of our own, each with the sentence that it follows from. */
export const DOCUMENTS = ["RFC 7084", "RFC 9096", "mhlab"] as const;

export const LEVELS = ["MUST", "MUST NOT", "SHOULD", "SHOULD NOT"] as const;
export type Level = (typeof LEVELS)[number];

/** Parts of a check; the CPE is in one state in each. In this order. */
export const PHASES = ["lan", "restart", "no-router", "renumber"] as const;
export type PhaseName = (typeof PHASES)[number];

/**
 * Packets of one side, as a Wireshark display filter. `${cpe}` stands for the MAC addresses of the CPE's WANs, `${routers}` for
 * those of the providers, `${lan}` for that of the CPE on its LAN, and `${delegation}` for a prefix that is delegated: what has
 * it is true for each.
 */
export interface Observation {
  readonly side: Side;
  readonly filter: string;
}

/** What a prefix option of a router advertisement may say. */
export interface PrefixOptionRule {
  /** `current`: those in valid delegations; `stale`: those in delegations that the provider has taken back. */
  readonly of: "current" | "stale" | "all";
  readonly check:
    | "inside a delegation, /64"
    | "lifetimes 0/0, flags as before"
    | "no longer than the delegation"
    | "one in each delegation"
    | "others stay preferred"
    | "each is deprecated"
    | "valid lifetimes stay";
}

/** How observations make a verdict. `among` are the samples: without any, the verdict is inconclusive. */
export type Rule =
  /** Each packet of `of` also matches `holds`. */
  | { readonly kind: "every"; readonly of: Observation; readonly holds: string }
  /** Of the samples, at least one packet is one of `of`. */
  | { readonly kind: "some"; readonly of: Observation; readonly among: Observation }
  /** No packet is one of `of`, although there are samples. */
  | { readonly kind: "none"; readonly of: Observation; readonly among: Observation }
  /** Each packet of `of` (or only the first) is followed by one of `by` in time. */
  | {
      readonly kind: "answered";
      readonly of: Observation;
      readonly by: Observation;
      readonly withinS: number;
      readonly only?: "first";
    }
  /** A field has one value in all packets of `of`, per capture, and some are before and after the step. */
  | {
      readonly kind: "same";
      readonly of: Observation;
      readonly field: string;
      readonly across: string;
    }
  /** Each packet of `of` with a delegated source is on the link to the provider that delegated it. */
  | { readonly kind: "exit"; readonly of: Observation }
  | { readonly kind: "prefix-options"; readonly of: Observation; readonly options: PrefixOptionRule };

export interface Requirement {
  /** As the document has it. */
  readonly id: string;
  readonly document: (typeof DOCUMENTS)[number];
  readonly profile: Profile;
  readonly level: Level;
  readonly title: string;
  /** What is required, in a sentence of ours. */
  readonly required: string;
  /** Of a requirement of our own: the sentence that it follows from. */
  readonly source?: { readonly place: string; readonly sentence: string };
  /** The same requirement in other documents. */
  readonly elsewhere: readonly string[];
  readonly phase: PhaseName;
  /** What is done to provoke it. */
  readonly stimulus: string;
  /** What a failure means for users. */
  readonly matters: string;
  /** Without such a packet it does not apply, and why. */
  readonly applies?: { readonly to: Observation; readonly otherwise: string };
  /** From the end of one step to the begin of another; left out: the whole phase. */
  readonly during?: { readonly from: string; readonly to: string; readonly graceS: number };
  readonly rule: Rule;
}

/** What a requirement is called among those of all documents: `RFC 7084 L-3`. */
export function nameOf({ document, id }: Pick<Requirement, "document" | "id">): string {
  return `${document} ${id}`;
}

/** Where a requirement is in the documentation. */
export function anchorOf(requirement: Pick<Requirement, "document" | "id">): string {
  return nameOf(requirement).toLowerCase().replaceAll(" ", "-");
}
