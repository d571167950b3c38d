import type { NodeDocument } from "../../model/document.ts";
import type { ImageRole, Role } from "../../model/role.ts";

/** Which secret a file holds; the secret itself never enters a spec. */
export interface KeyName {
  readonly provider: string;
  /** The private key of one side, or the key that both share. */
  readonly side: "bng" | "internet" | "preshared";
}

/** A file that is put into a container before it starts. */
export interface FileSpec {
  readonly path: string;
  readonly mode: number;
  readonly content: { readonly text: string } | { readonly key: KeyName };
}

/** One container as the lab file wants it. Holds no secret. */
export interface ContainerSpec {
  readonly lab: string;
  readonly name: string;
  readonly role: Role;
  readonly containerName: string;
  readonly image: string;
  /** The folder of `images/` that it is built from. */
  readonly imageFolder: ImageRole;
  readonly command: readonly string[];
  /** What the node is to be; it is among the files. Undefined for the internet, which has a file of its own kind. */
  readonly document: NodeDocument | undefined;
  /** Whether it looks up names by the resolvers of the engine's host. */
  readonly hostResolvers: boolean;
  readonly capabilities: readonly string[];
  /** Devices of the machine, by their paths. */
  readonly devices: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
  readonly files: readonly FileSpec[];
  readonly labels: Readonly<Record<string, string>>;
  /** Folders of the host that it sees beside the birth namespace, as Docker takes them. */
  readonly binds: readonly string[];
}

/** The public halves of a provider's keys; undefined when they are not made yet. */
export interface ProviderKeys {
  readonly bng: string | undefined;
  readonly internet: string | undefined;
  /** Fingerprint of the pre-shared key, where there is one. */
  readonly preshared?: string | undefined;
}

/** Labels beyond those of core/names.ts that only the plan and the status read. */
export const PlanLabel = {
  /** What the container was given beside its document, as JSON: what a change is told from. */
  options: "io.mhlab.options",
  /** On a CPE: the names of its hosts, with commas between. */
  hosts: "io.mhlab.hosts",
  /** On a host, and on a provider with a bundled CPE: the name of that CPE. */
  cpe: "io.mhlab.cpe",
  /** On a host of a shared segment: the name of that segment. */
  lan: "io.mhlab.lan",
  /** On a provider or host that is connected to a router of the user's own: the name of that. */
  device: "io.mhlab.device",
  /** On a provider or host that has a link of the machine: the word for that. */
  machine: "io.mhlab.machine",
  /** On a provider or host that holds something of the machine's, and on the keeper: what, for the helper that gives it back. */
  hostLink: "io.mhlab.host-link",
  /** On a provider or host whose interface was taken by force: its name, so that a later `up` asks no second time. */
  forced: "io.mhlab.forced",
} as const;
