import type { Limits } from "../confinement/limits.ts";
import { SECCOMP_PROFILE } from "../confinement/seccomp.ts";
import { nodeRole } from "../nodes/registry.ts";
import { BIRTH_NAMESPACE } from "../../model/names.ts";
import { mountBodies, type VolumeBody } from "./mounts.ts";
import type { ContainerSpec } from "../nodes/spec.ts";

interface DeviceBody {
  PathOnHost: string;
  PathInContainer: string;
  CgroupPermissions: string;
}

/** A device of the machine, under the same path inside. */
export function deviceBody(path: string): DeviceBody {
  return { PathOnHost: path, PathInContainer: path, CgroupPermissions: "rwm" };
}

/** What every container of mhlab is kept from, whatever it is for. */
export interface ConfinementBody {
  ReadonlyRootfs: boolean;
  CapDrop: string[];
  SecurityOpt: string[];
  PidsLimit: number;
  Memory: number;
  Ulimits: { Name: string; Soft: number; Hard: number }[];
}

/** Nothing but what it is given: no right, no system call, no file, no more of the machine than this. */
export function confinementBody({ pids, memoryMb }: Limits): ConfinementBody {
  return {
    ReadonlyRootfs: true,
    CapDrop: ["ALL"],
    SecurityOpt: ["no-new-privileges", `seccomp=${SECCOMP_PROFILE}`],
    PidsLimit: pids,
    Memory: memoryMb * 2 ** 20,
    // A core holds keys, and goes where the machine says.
    Ulimits: [{ Name: "core", Soft: 0, Hard: 0 }],
  };
}

/** The body of Docker's "create container" request, as far as mhlab uses it. */
export interface ContainerBody {
  Image: string;
  Cmd?: string[];
  Hostname: string;
  /** Left out where the engine does its part of a network: the host's resolvers, and a program of its own for each container. */
  NetworkDisabled?: true;
  Labels: Record<string, string>;
  StopTimeout: number;
  HostConfig: ConfinementBody & {
    NetworkMode: string;
    UsernsMode: string;
    RestartPolicy: { Name: string };
    Binds: string[];
    Mounts: VolumeBody[];
    Tmpfs: Record<string, string>;
    CapAdd: string[];
    Sysctls: Record<string, string>;
    Devices: DeviceBody[];
    LogConfig: { Type: string; Config: Record<string, string> };
  };
}

/** What Docker is asked to create for a spec: least privilege, no network of Docker's own. */
export function containerBody(spec: ContainerSpec): ContainerBody {
  const role = nodeRole(spec.role);
  return {
    Image: spec.image,
    ...(spec.command.length === 0 ? {} : { Cmd: [...spec.command] }),
    Hostname: spec.name,
    ...(spec.hostResolvers ? {} : { NetworkDisabled: true }),
    Labels: { ...spec.labels },
    StopTimeout: 3,
    HostConfig: {
      ...confinementBody(role.limits),
      NetworkMode: "none",
      UsernsMode: "host",
      // With `unless-stopped` a lab stays down after a killed dockerd: the next one stops what still ran, as if by hand.
      RestartPolicy: { Name: "always" },
      Binds: [`/proc/1/ns/net:${BIRTH_NAMESPACE}`, ...spec.binds],
      Mounts: mountBodies(spec),
      Tmpfs: {
        "/run": "rw,size=16m",
        "/tmp": "rw,size=64m",
        // A tmpfs, so that what fills it harms nobody but the host, whose memory it is.
        ...(role.programs === undefined ? {} : { [role.programs]: "rw,exec,mode=755,size=256m" }),
      },
      CapAdd: [...spec.capabilities],
      Sysctls: { ...spec.sysctls },
      Devices: spec.devices.map(deviceBody),
      LogConfig: { Type: "json-file", Config: { "max-size": "10m" } },
    },
  };
}
