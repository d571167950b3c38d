/** The environment of the bundled CPE's and host's containers (`images/cpe`), written by the CLI, read by the agent. */

export interface CpeEnvironment {
  readonly name: string;
  /** In order: `wan0` is the first. */
  readonly wans: readonly { readonly provider: string; readonly link: string }[];
  /** `link` is the name that the host's end carries while it waits in the init namespace. */
  readonly hosts: readonly { readonly name: string; readonly link: string }[];
  /** Address that reachability is measured against. */
  readonly probe: string | undefined;
}

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
}

const pairs = (text: string): [string, string][] =>
  text
    .split(",")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), pair.slice(at + 1)];
    });

const probeOf = (probe: string | undefined): Record<string, string> =>
  probe === undefined ? {} : { PROBE_TARGET: probe };

/** The variables of a CPE's container. */
export function writeCpeEnvironment(cpe: CpeEnvironment): Record<string, string> {
  return {
    CPE_NAME: cpe.name,
    CPE_WANS: cpe.wans.map(({ provider, link }) => `${provider}=${link}`).join(","),
    CPE_HOSTS: cpe.hosts.map(({ name, link }) => `${name}=${link}`).join(","),
    ...probeOf(cpe.probe),
  };
}

/** Reads what writeCpeEnvironment wrote; throws an Error that names the missing variable. */
export function readCpeEnvironment(env: Record<string, string | undefined>): CpeEnvironment {
  return {
    name: required(env, "CPE_NAME"),
    wans: pairs(required(env, "CPE_WANS")).map(([provider, link]) => ({ provider, link })),
    hosts: pairs(env["CPE_HOSTS"] ?? "").map(([name, link]) => ({ name, link })),
    probe: env["PROBE_TARGET"],
  };
}

/** The variables of a host's container. */
export function writeHostEnvironment({ name, on, probe }: HostEnvironment): Record<string, string> {
  const routers = on.kind === "lan" ? on.routers : [];
  const expected = routers.map(({ provider, address }) => `${provider}=${address}`).join(",");
  return {
    HOST_NAME: name,
    HOST_LINK: on.link,
    ...(on.kind === "cpe" && on.cpe !== undefined ? { HOST_CPE: on.cpe } : {}),
    ...(expected === "" ? {} : { HOST_ROUTERS: expected }),
    ...probeOf(probe),
  };
}

/** Reads what writeHostEnvironment wrote; throws an Error that names the missing variable. */
export function readHostEnvironment(env: Record<string, string | undefined>): HostEnvironment {
  const link = required(env, "HOST_LINK");
  const routers = pairs(env["HOST_ROUTERS"] ?? "").map(([provider, address]) => ({ provider, address }));
  return {
    name: required(env, "HOST_NAME"),
    on: link.startsWith("lan:")
      ? { kind: "lan", link, routers }
      : { kind: "cpe", link, cpe: env["HOST_CPE"] || undefined },
    probe: env["PROBE_TARGET"],
  };
}

function required(env: Record<string, string | undefined>, variable: string): string {
  const value = env[variable];
  if (value === undefined || value === "") throw new Error(`${variable} is not set`);
  return value;
}
