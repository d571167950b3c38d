/** Which containers of a role a lab wants, and what is told to each. */
import type { NodeDocument } from "../../../model/document.ts";
import type { BundledTunnel } from "../../../model/internet/config.ts";
import type { Lab } from "../../../model/lab/model.ts";
import type { ImageRole } from "../../../model/role.ts";
import type { Observed } from "../observed.ts";
import type { ContainerSpec, FileSpec, KeyName, ProviderKeys } from "../spec.ts";

/** One node that a lab wants: what differs from others of its role. */
export interface WantedNode {
  readonly name: string;
  /** What it is to be; undefined for the internet, whose file is of its own kind. */
  readonly document: NodeDocument | undefined;
  /** Left out: as its role does. */
  readonly hostResolvers?: boolean;
  readonly files?: readonly FileSpec[];
  readonly labels?: Readonly<Record<string, string>>;
  /** Left out: its role's. */
  readonly image?: ImageRole;
  /** Kernel settings beside its role's, and instead of them. */
  readonly sysctls?: Readonly<Record<string, string>>;
  /** Folders of the host that it sees, as Docker takes them. */
  readonly binds?: readonly string[];
}

/** What is known about a lab beside its file. */
export interface Surroundings {
  readonly keys: ReadonlyMap<string, ProviderKeys>;
  /** Of the providers whose far side is bundled, by name. */
  readonly tunnels: ReadonlyMap<string, BundledTunnel>;
  /** Where CPEs and hosts measure whether they reach the internet; undefined where that is someone else's. */
  readonly probe: string | undefined;
  /** Where the engine of a keeper keeps its data on its host, by the keeper's name, as far as that is known. */
  readonly engineFolders?: ReadonlyMap<string, string> | undefined;
}

/** The containers of one role. */
export interface RoleContainers {
  /** Whether a running one takes a change at a place of its document. */
  isLive(path: string): boolean;
  /**
   * Whether a reset recreates a running one, so that it keeps no leases, addresses or counters. Left out: never. A device of
   * the user's on its link would lose that link, and keeps state of its own anyway.
   */
  forgets?(spec: ContainerSpec): boolean;
  /** Those that a lab wants, in the order of its file. */
  wanted(lab: Lab, around: Surroundings): WantedNode[];
  /**
   * What differs in the files that a container takes without being made anew, in words; undefined when nothing does. Left
   * out for a role that takes none.
   */
  changedFiles?(
    spec: ContainerSpec,
    keys: ReadonlyMap<string, ProviderKeys>,
    observed: Observed,
  ): string | undefined;
}

/** A file with a key that only root may read. */
export function keyFile(path: string, key: KeyName): FileSpec {
  return { path, mode: 0o600, content: { key } };
}

/** Whose pre-shared keys are among the files of a container. */
export function presharedIn({ files }: ContainerSpec): ReadonlySet<string> {
  return new Set(
    files.flatMap(({ content }) =>
      "key" in content && content.key.side === "preshared" ? [content.key.provider] : [],
    ),
  );
}
