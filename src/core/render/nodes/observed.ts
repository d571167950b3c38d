import type { NodeDocument } from "../../model/document.ts";
import type { RuntimeOverride } from "../../model/intent/runtime-override.ts";
import type { Role } from "../../model/role.ts";

/** One container as the engine reports it. */
export interface FoundContainer {
  readonly id: string;
  readonly containerName: string;
  /** Image reference as it was created with. */
  readonly image: string;
  /** Of the image that it was created from, whatever that reference means by now. */
  readonly imageId?: string;
  /** Docker's word: created, running, paused, restarting, exited, dead, removing. */
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
  /** When it was made, in seconds since 1970. */
  readonly createdS?: number;
}

/** A container that carries mhlab's labels. */
export interface LabContainer extends FoundContainer {
  readonly lab: string;
  readonly name: string;
  readonly role: Role;
}

/** What the bundled internet's container holds now: its configuration and the public half of each key. */
export interface FoundInternet {
  readonly config: string;
  readonly publicKeys: ReadonlyMap<string, string>;
  /** Fingerprints of the pre-shared keys, by provider. */
  readonly preshared?: ReadonlyMap<string, string>;
}

/** What a container holds; of keys, as much as may be known outside. */
export interface HeldFiles {
  readonly publicKey: string | undefined;
  /** Fingerprint of the pre-shared key. */
  readonly preshared: string | undefined;
  /** Undefined when it could not be read. */
  readonly document?: NodeDocument | undefined;
}

/** All that a plan is computed from. */
export interface Observed {
  readonly containers: readonly FoundContainer[];
  /** Image references that exist. */
  readonly images: ReadonlySet<string>;
  readonly internet: FoundInternet | undefined;
  /** By name of the BNG; one that is missing could not be read. */
  readonly held?: ReadonlyMap<string, HeldFiles>;
  /** What nodes that run have above their lab file, by name; one that changes nothing is left out. */
  readonly overrides?: ReadonlyMap<string, RuntimeOverride>;
  /** Nodes that could have one and did not say. */
  readonly silent?: ReadonlySet<string>;
}
