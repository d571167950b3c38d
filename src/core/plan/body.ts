import { memberRole } from "../members/registry.ts";
import { BIRTH_NAMESPACE, Label, LAB_FOLDER, labVolume, MEMBER_FOLDER, memberVolume } from "../names.ts";
import type { ContainerSpec } from "./spec.ts";

interface DeviceBody {
  PathOnHost: string;
  PathInContainer: string;
  CgroupPermissions: string;
}

/** A device of the machine, under the same path inside. */
export function deviceBody(path: string): DeviceBody {
  return { PathOnHost: path, PathInContainer: path, CgroupPermissions: "rwm" };
}

interface VolumeBody {
  Type: "volume";
  Source: string;
  Target: string;
  VolumeOptions: {
    NoCopy: boolean;
    Labels: Record<string, string>;
    DriverConfig: { Name: string; Options: Record<string, string> };
  };
}

/** A named volume of a lab; Docker makes it with the first container that mounts it. */
function volumeBody(source: string, target: string, labels: Record<string, string>): VolumeBody {
  const options = { NoCopy: true, Labels: labels, DriverConfig: { Name: "local", Options: {} } };
  return { Type: "volume", Source: source, Target: target, VolumeOptions: options };
}

/** The body of Docker's "create container" request, as far as mhlab uses it. */
export interface ContainerBody {
  Image: string;
  Cmd?: string[];
  Hostname: string;
  Env: string[];
  Labels: Record<string, string>;
  StopTimeout: number;
  HostConfig: {
    NetworkMode: string;
    UsernsMode: string;
    RestartPolicy: { Name: string };
    Binds: string[];
    Mounts: VolumeBody[];
    Tmpfs: Record<string, string>;
    CapDrop: string[];
    CapAdd: string[];
    SecurityOpt: string[];
    Sysctls: Record<string, string>;
    Devices: DeviceBody[];
    LogConfig: { Type: string; Config: Record<string, string> };
  };
}

/** What Docker is asked to create for a spec: least privilege, no network of Docker's own. */
export function containerBody(spec: ContainerSpec): ContainerBody {
  return {
    Image: spec.image,
    ...(spec.command.length === 0 ? {} : { Cmd: [...spec.command] }),
    Hostname: spec.name,
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    Labels: { ...spec.labels },
    StopTimeout: 3,
    HostConfig: {
      NetworkMode: "none",
      UsernsMode: "host",
      // With `unless-stopped` a lab stays down after a killed dockerd: the next one stops what still ran, as if by hand.
      RestartPolicy: { Name: "always" },
      Binds: [`/proc/1/ns/net:${BIRTH_NAMESPACE}`],
      Mounts: volumesOf(spec),
      Tmpfs: { "/run": "rw,exec,size=16m", "/tmp": "" },
      CapDrop: ["ALL"],
      CapAdd: [...spec.capabilities],
      SecurityOpt: ["no-new-privileges"],
      Sysctls: { ...spec.sysctls },
      Devices: spec.devices.map(deviceBody),
      LogConfig: { Type: "json-file", Config: { "max-size": "10m" } },
    },
  };
}

function volumesOf({ lab, name, role }: ContainerSpec): VolumeBody[] {
  const shared = volumeBody(labVolume(lab), LAB_FOLDER, { [Label.lab]: lab });
  const own = { [Label.lab]: lab, [Label.name]: name };
  return memberRole(role).keepsState
    ? [shared, volumeBody(memberVolume(lab, name), MEMBER_FOLDER, own)]
    : [shared];
}
