/** The environment of the bundled CPE's and host's containers (`images/cpe`), written by the CLI, read by the agent. */
import { CPE_SOFTWARE, DEFAULT_SOFTWARE, isCpeSoftware, type CpeSoftware } from "./software/names.ts";
import type { Environment, EnvironmentError, EnvironmentRead } from "../settings/environment-reader.ts";

export interface CpeEnvironment {
  readonly name: string;
  /** In the order of the lab file. */
  readonly wans: readonly CpeWan[];
  readonly hosts: readonly CpePort[];
  readonly software: CpeSoftware;
}

/** The line to a provider. */
export interface CpeWan {
  readonly provider: string;
  /** The name that the line carries while it waits in the init namespace. */
  readonly link: string;
  /** Address that reachability is measured against; undefined where nobody named one. */
  readonly probe: string | undefined;
  /** What the provider delegates from, as one word: with another one, what it had delegated before is nobody's. */
  readonly pool: string | undefined;
}

/** A port of the LAN, for a host. */
export interface CpePort {
  readonly name: string;
  /** The name that the host's end carries while it waits in the init namespace. */
  readonly link: string;
}

/** Variables whose change a running CPE takes in place. */
export const LIVE_CPE_VARIABLES: ReadonlySet<string> = new Set([
  "CPE_WANS",
  "CPE_HOSTS",
  "CPE_POOLS",
  "CPE_PROBES",
]);
/** The same of a host. */
export const LIVE_HOST_VARIABLES: ReadonlySet<string> = new Set(["HOST_ROUTERS", "HOST_PREFIXES"]);

export interface HostEnvironment {
  readonly name: string;
  readonly on: HostPlace;
  readonly probe: string | undefined;
}

/** Where a host is: behind a CPE, or on a LAN that providers share. */
export type HostPlace =
  | {
      readonly kind: "cpe";
      /** Undefined when nobody told: then the host does not know of whose prefixes it should have addresses. */
      readonly cpe?: string | undefined;
      /** The name that its end carries in the init namespace. */
      readonly link: string;
    }
  | {
      readonly kind: "lan";
      /** As in `SUBSCRIBER_LINK`. */
      readonly link: string;
      /** The routers to expect there, by their link-local addresses. */
      readonly routers: readonly LanRouter[];
    };

/** A provider's router on a shared LAN. */
export interface LanRouter {
  readonly provider: string;
  readonly address: string;
  /** The network that it announces; undefined when nobody told. */
  readonly prefix?: string | undefined;
}

const pairs = (text: string): [string, string][] =>
  text
    .split(",")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), pair.slice(at + 1)];
    });

const words = (entries: readonly (readonly [string, string | undefined])[]): string =>
  entries.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])).join(",");

/** A variable that is left out when it says nothing. */
const unlessEmpty = (variable: string, value: string): Record<string, string> =>
  value === "" ? {} : { [variable]: value };

const probeOf = (probe: string | undefined): Record<string, string> =>
  probe === undefined ? {} : { PROBE_TARGET: probe };

/** The variables of a CPE's container. */
export function writeCpeEnvironment({ name, wans, hosts, software }: CpeEnvironment): Record<string, string> {
  return {
    CPE_NAME: name,
    CPE_WANS: words(wans.map(({ provider, link }) => [provider, link])),
    CPE_HOSTS: words(hosts.map((host) => [host.name, host.link])),
    ...unlessEmpty("CPE_SOFTWARE", software === DEFAULT_SOFTWARE ? "" : software),
    ...unlessEmpty("CPE_POOLS", words(wans.map(({ provider, pool }) => [provider, pool]))),
    ...unlessEmpty("CPE_PROBES", words(wans.map(({ provider, probe }) => [provider, probe]))),
  };
}

/** Reads what writeCpeEnvironment wrote, or every variable that is missing. `PROBE_TARGET` stands for all WANs without a word in `CPE_PROBES`. */
export function readCpeEnvironment(env: Environment): EnvironmentRead<CpeEnvironment> {
  const errors = missing(env, ["CPE_NAME", "CPE_WANS"]);
  const software = env["CPE_SOFTWARE"] || DEFAULT_SOFTWARE;
  if (!isCpeSoftware(software))
    errors.push({ variable: "CPE_SOFTWARE", message: `CPE_SOFTWARE is none of ${CPE_SOFTWARE.join(", ")}` });
  if (errors.length > 0 || !isCpeSoftware(software)) return { errors };
  const [pools, probes] = [env["CPE_POOLS"], env["CPE_PROBES"]].map((text) => new Map(pairs(text ?? "")));
  const config: CpeEnvironment = {
    name: env["CPE_NAME"] ?? "",
    wans: pairs(env["CPE_WANS"] ?? "").map(([provider, link]) => ({
      provider,
      link,
      pool: pools?.get(provider),
      probe: probes?.get(provider) ?? (env["PROBE_TARGET"] || undefined),
    })),
    hosts: pairs(env["CPE_HOSTS"] ?? "").map(([name, link]) => ({ name, link })),
    software,
  };
  return { config };
}

/** The variables of a host's container. */
export function writeHostEnvironment({ name, on, probe }: HostEnvironment): Record<string, string> {
  const routers = on.kind === "lan" ? on.routers : [];
  return {
    HOST_NAME: name,
    HOST_LINK: on.link,
    ...(on.kind === "cpe" && on.cpe !== undefined ? { HOST_CPE: on.cpe } : {}),
    ...unlessEmpty("HOST_ROUTERS", words(routers.map(({ provider, address }) => [provider, address]))),
    ...unlessEmpty("HOST_PREFIXES", words(routers.map(({ provider, prefix }) => [provider, prefix]))),
    ...probeOf(probe),
  };
}

/** Reads what writeHostEnvironment wrote, or every variable that is missing. */
export function readHostEnvironment(env: Environment): EnvironmentRead<HostEnvironment> {
  const errors = missing(env, ["HOST_NAME", "HOST_LINK"]);
  if (errors.length > 0) return { errors };
  const link = env["HOST_LINK"] ?? "";
  const prefixes = new Map(pairs(env["HOST_PREFIXES"] ?? ""));
  const routers = pairs(env["HOST_ROUTERS"] ?? "").map(([provider, address]) => ({
    provider,
    address,
    prefix: prefixes.get(provider),
  }));
  const config: HostEnvironment = {
    name: env["HOST_NAME"] ?? "",
    on: link.startsWith("lan:")
      ? { kind: "lan", link, routers }
      : { kind: "cpe", link, cpe: env["HOST_CPE"] || undefined },
    probe: env["PROBE_TARGET"] || undefined,
  };
  return { config };
}

function missing(env: Environment, variables: readonly string[]): EnvironmentError[] {
  return variables
    .filter((variable) => !env[variable])
    .map((variable) => ({ variable, message: `${variable} is not set` }));
}
