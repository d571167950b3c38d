/** What a container may write beside its temporary folders: its root is read-only. */
import { nodeRole } from "../nodes/registry.ts";
import {
  CONFIG_FOLDER,
  Label,
  LAB_FOLDER,
  labVolume,
  NODE_FOLDER,
  nodeVolume,
  OPERATOR_FOLDER,
  operatorVolume,
  RESOLVER_FILE,
  RESOLVER_FOLDER,
  resolverVolume,
} from "../../model/names.ts";
import type { ContainerSpec } from "../nodes/spec.ts";

/** A volume in Docker's request. With an empty source it is the container's own, and goes with it. */
export interface VolumeBody {
  Type: "volume";
  Source: string;
  Target: string;
  VolumeOptions: {
    NoCopy: boolean;
    Labels: Record<string, string>;
    DriverConfig: { Name: string; Options: Record<string, string> };
    /** Mounts this file of it (since Docker 26). */
    Subpath?: string;
  };
}

/** The volumes of a container; Docker makes each with the first container that mounts it. */
export function mountBodies(spec: ContainerSpec): VolumeBody[] {
  const { lab, name, role } = spec;
  const { keepsState, isOperator, followsResolvers } = nodeRole(role);
  const own = { [Label.lab]: lab, [Label.name]: name };
  return [
    volume(LAB_FOLDER, { [Label.lab]: lab }, labVolume(lab)),
    ...(isOperator ? [volume(OPERATOR_FOLDER, { [Label.lab]: lab }, operatorVolume(lab))] : []),
    // The engine puts files only where a container may write; its own volume takes document and keys along when it goes.
    ...(spec.files.length === 0 ? [] : [volume(CONFIG_FOLDER, own)]),
    ...(keepsState ? [volume(NODE_FOLDER, own, nodeVolume(lab, name))] : []),
    ...(followsResolvers ? resolver(own, resolverVolume(lab, name)) : []),
  ];
}

/** Docker's own /etc/resolv.conf is as read-only as the root. The image has an empty one, which makes the volume's first file. */
function resolver(labels: Record<string, string>, source: string): VolumeBody[] {
  const folder = volume(RESOLVER_FOLDER, labels, source);
  const file = volume("/etc/resolv.conf", labels, source);
  return [
    { ...folder, VolumeOptions: { ...folder.VolumeOptions, NoCopy: false } },
    { ...file, VolumeOptions: { ...file.VolumeOptions, Subpath: RESOLVER_FILE } },
  ];
}

function volume(target: string, labels: Record<string, string>, source = ""): VolumeBody {
  const options = { NoCopy: true, Labels: labels, DriverConfig: { Name: "local", Options: {} } };
  return { Type: "volume", Source: source, Target: target, VolumeOptions: options };
}
