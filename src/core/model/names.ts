/** Names and marks of everything that mhlab makes; a contract with users, tests and older versions. */

/** The lab file that commands take when none is named. */
export const LAB_FILE = "lab.yaml";

/** Where `mhlab run` puts its records, and `mhlab dashboard` looks for them. */
export const RUNS_FOLDER = "runs";

/** Label keys on every container, image and volume that mhlab makes. */
export const Label = {
  lab: "io.mhlab.lab",
  role: "io.mhlab.role",
  name: "io.mhlab.name",
  configHash: "io.mhlab.config-hash",
  contextHash: "io.mhlab.context-hash",
  base: "io.mhlab.base",
  version: "io.mhlab.version",
  labFile: "io.mhlab.lab-file",
  /** On a lab of several engines: the one of this container, and all of them with their addresses, as JSON. */
  engine: "io.mhlab.engine",
  engines: "io.mhlab.engines",
} as const;

/** The image that all of mhlab's images start from: Debian, and Node as its own project builds it. */
export const BASE_IMAGE = "node:24-trixie-slim";
/** What of it is pulled from a registry: the index of all architectures of Node 24.21.0 on Debian 13. `docs/sandbox.md` says how to renew it. */
export const BASE_IMAGE_DIGEST = "sha256:8ec5d7557396cfe32d21c3f9c13072355ceab22b584578ca4bb28af31120cffe";

/** The path in every container at which the init network namespace of the engine's host is mounted. */
export const BIRTH_NAMESPACE = "/var/run/netns/host";
/** Where a BNG whose link goes into one of them sees the namespaces of `ip netns` on its host, also those that come later. */
export const NAMED_NAMESPACES = "/var/run/netns/named";
/** The folder of the host with them. */
export const HOST_NAMESPACES = "/run/netns";
/** Where a keeper that brings links into containers sees the network namespaces of all, and the folder of the host with them. */
export const CONTAINER_NAMESPACES = "/var/run/netns/containers";
export const ENGINE_NAMESPACES = "/run/docker/netns";
/** Where it sees what the engine wrote down of each container, and the folder with that in the engine's own. */
export const CONTAINER_RECORDS = "/var/lib/mhlab-engine";
export const ENGINE_RECORDS = "containers";
/** The unix socket on which the agent of every container answers. */
export const AGENT_SOCKET = "/run/mhlab/agent.sock";
/** The folder in every container of a lab that all of them share: each agent listens there too, under its node's name. */
export const LAB_FOLDER = "/run/mhlab-lab";
/** The folder that providers, the bundled internet and the keeper share: what they tell each other is not for customers to write. */
export const OPERATOR_FOLDER = "/run/mhlab-operators";
/** What a container is given when it is made, and what it keeps as long as it is there. */
export const CONFIG_FOLDER = "/etc/mhlab";
/** In the container of a BNG: by it Kea's hook tells the agent of every change of a lease. */
export const LEASE_NOTICES = "/run/mhlab/leases";
/** Where the hook of a CPE's DHCPv6 client leaves the lease of each interface. */
export const LEASE_FOLDER = "/run/mhlab/dhcp";
/** Folder of key files inside a container, mode 0700. */
export const KEY_FOLDER = `${CONFIG_FOLDER}/keys`;
/** A BNG's private key. */
export const PRIVATE_KEY_FILE = `${KEY_FOLDER}/private.key`;
/** Its pre-shared key, when the provider has one. */
export const PRESHARED_KEY_FILE = `${KEY_FOLDER}/preshared.key`;
/** The document of a BNG, in the words of a provider of lab.yaml. */
export const PROVIDER_FILE = `${CONFIG_FOLDER}/provider.yaml`;
export const CPE_FILE = `${CONFIG_FOLDER}/cpe.yaml`;
export const HOST_FILE = `${CONFIG_FOLDER}/host.yaml`;
export const KEEPER_FILE = `${CONFIG_FOLDER}/keeper.yaml`;
/** The node's volume inside its container: what outlives it. */
export const NODE_FOLDER = "/var/lib/mhlab";
/** Where a customer's resolver file lies, which is its /etc/resolv.conf as well. */
export const RESOLVER_FOLDER = "/var/lib/mhlab-resolver";
export const RESOLVER_FILE = "resolv.conf";
/** What changes a node while it runs, in its volume. */
export const OVERRIDE_FILE = `${NODE_FOLDER}/override.json`;
/** The configuration of the bundled internet inside its container; it holds no secret. */
export const INTERNET_CONFIG = `${CONFIG_FOLDER}/internet.json`;

/** An interface name has at most 15 characters (IFNAMSIZ less the terminator). */
export const MAX_INTERFACE_NAME = 15;
/** `wg-<provider>` must fit an interface name. */
export const MAX_PROVIDER_NAME = MAX_INTERFACE_NAME - "wg-".length;

const LAN_PREFIX = "mh-";
/** A LAN's bridge is called `mh-<lan>`. */
export const MAX_LAN_NAME = MAX_INTERFACE_NAME - LAN_PREFIX.length;

/** The name that the bundled internet's container goes by. */
export const INTERNET_NAME = "internet";
/** The name of the container that brings interfaces home from BNGs that were killed, and links into containers. */
export const KEEPER_NAME = "keeper";
/** Names that no provider, CPE or host may use, and whose they are. */
export const RESERVED_NAMES: ReadonlyMap<string, string> = new Map([
  [INTERNET_NAME, "the bundled internet's container"],
  [KEEPER_NAME, "the container that brings interfaces home from killed providers"],
]);

/**
 * Whether a text can be the name of a lab or a node: what a lab file takes, whoever says it. Names become parts of paths,
 * so one that comes from a label or a command line is asked about too.
 */
export function isName(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(text);
}

/** Docker name of a container of a lab. */
export function containerName(lab: string, name: string): string {
  return `mhlab-${lab}-${name}`;
}

/** Docker name of the volume that the containers of a lab share. */
export function labVolume(lab: string): string {
  return `mhlab-${lab}-run`;
}

/** Docker name of the volume that the providers of a lab, its internet and its keeper share. */
export function operatorVolume(lab: string): string {
  return `mhlab-${lab}-operators`;
}

/** Docker name of the volume that a node keeps when it is made anew. */
export function nodeVolume(lab: string, name: string): string {
  return `mhlab-${lab}-${name}-state`;
}

/** Docker name of the volume with a customer's /etc/resolv.conf. */
export function resolverVolume(lab: string, name: string): string {
  return `mhlab-${lab}-${name}-resolver`;
}

/** The WireGuard interface inside the BNG of a provider. */
export function wireguardInterface(suffix: string): string {
  return `wg-${suffix}`;
}

/** FNV-1a of a text, 32 bits: a stable number for names, never for secrets. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash >>> 0;
}

/** The same number as eight digits. */
export function stableHex(text: string): string {
  return stableHash(text).toString(16).padStart(8, "0");
}

/** A number below `size` that nobody has, from a wanted one on; it is had from then on. */
export function takeFree(used: Set<number>, wanted: number, size: number): number {
  let value = wanted % size;
  while (used.has(value)) value = (value + 1) % size;
  used.add(value);
  return value;
}

/** The bridge of a LAN in the host's namespace. */
export function lanBridge(lan: string): string {
  return `${LAN_PREFIX}${lan}`;
}

/** Name of the end that waits in the init namespace for the other container of a link; unique per lab and link. */
export function linkName(lab: string, one: string, other: string): string {
  return `mh${stableHex(`${lab}/${one}/${other}`)}`;
}
