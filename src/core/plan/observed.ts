import type { Role } from "../names.ts";

/** One container as the engine reports it. */
export interface FoundContainer {
  readonly id: string;
  readonly containerName: string;
  /** Image reference as it was created with. */
  readonly image: string;
  /** Docker's word: created, running, paused, restarting, exited, dead, removing. */
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
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
}

/** All that a plan is computed from. */
export interface Observed {
  readonly containers: readonly FoundContainer[];
  /** Image references that exist. */
  readonly images: ReadonlySet<string>;
  readonly internet: FoundInternet | undefined;
}
