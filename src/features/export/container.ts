import type { Limits } from "../../core/render/confinement/limits.ts";
import { SECCOMP_PROFILE } from "../../core/render/confinement/seccomp.ts";
import { nodeRole } from "../../core/render/nodes/registry.ts";
import type { Role } from "../../core/model/role.ts";
import { CONFIG_FOLDER, NODE_FOLDER } from "../../core/model/names.ts";
import { containerBody } from "../../core/render/plan/body.ts";
import type { ContainerSpec, FileSpec } from "../../core/render/nodes/spec.ts";

/** A bind mount; a relative source lies in the exported folder. */
export interface ExportedMount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** What is mounted there on the host later shows inside as well. */
  readonly follows?: boolean;
}

/** The options of a mount, as Docker takes them after its target: empty, or with a colon before. */
export function mountOptions({ readOnly, follows }: ExportedMount): string {
  const words = [...(readOnly ? ["ro"] : []), ...(follows === true ? ["rslave"] : [])];
  return words.length === 0 ? "" : `:${words.join(",")}`;
}

/** The seccomp profile of all nodes, in the exported folder. */
export const SECCOMP_FILE: FileSpec = {
  path: "seccomp.json",
  mode: 0o644,
  content: { text: `${JSON.stringify(JSON.parse(SECCOMP_PROFILE), null, 2)}\n` },
};

/** One container as somebody without mhlab has to start it. Holds no secret and none of mhlab's labels. */
export interface ExportedContainer {
  readonly name: string;
  readonly role: Role;
  readonly image: string;
  /** The folder of `images/` that the image is built from. */
  readonly imageFolder: string;
  readonly command: readonly string[];
  readonly mounts: readonly ExportedMount[];
  /** Folders with a volume of the container's own. */
  readonly volumes: readonly string[];
  readonly tmpfs: Readonly<Record<string, string>>;
  readonly readOnlyRoot: boolean;
  readonly limits: Limits;
  /** Options of Docker's `json-file`. */
  readonly logOptions: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
  readonly devices: readonly string[];
  readonly network: string;
  readonly userns: string;
  readonly restart: string;
  /** Without the seccomp profile, which is a file. */
  readonly securityOptions: readonly string[];
  readonly stopTimeoutS: number;
}

const OWN_FOLDERS: ReadonlySet<string> = new Set([CONFIG_FOLDER, NODE_FOLDER]);

/** What a spec becomes outside of mhlab, and the files that it mounts; paths of files are relative. */
export function exportContainer(spec: ContainerSpec): { container: ExportedContainer; files: FileSpec[] } {
  const { Cmd = [], StopTimeout, HostConfig: host } = containerBody(spec);
  const files = spec.files.map((file) => ({ ...file, path: localPath(spec.name, file) }));
  const { limits, followsResolvers } = nodeRole(spec.role);
  const container: ExportedContainer = {
    name: spec.name,
    role: spec.role,
    image: spec.image,
    imageFolder: spec.imageFolder,
    command: Cmd,
    mounts: [
      ...host.Binds.map((bind) => {
        const [source = "", target = "", options = ""] = bind.split(":");
        const words = options.split(",");
        const follows = words.includes("rslave") ? { follows: true } : {};
        return { source, target, readOnly: words.includes("ro"), ...follows };
      }),
      ...spec.files.map((file) => ({
        source: localPath(spec.name, file),
        target: file.path,
        readOnly: true,
      })),
    ],
    volumes: host.Mounts.flatMap(({ Target }) => (OWN_FOLDERS.has(Target) ? [Target] : [])),
    tmpfs: host.Tmpfs,
    // Its /etc/resolv.conf would be read-only as well; mhlab mounts a file of a volume there, which other tools cannot.
    readOnlyRoot: host.ReadonlyRootfs && !followsResolvers,
    limits,
    logOptions: host.LogConfig.Config,
    capabilities: host.CapAdd,
    sysctls: host.Sysctls,
    devices: host.Devices.map(({ PathInContainer }) => PathInContainer),
    network: host.NetworkMode,
    userns: host.UsernsMode,
    restart: host.RestartPolicy.Name,
    securityOptions: host.SecurityOpt.filter((option) => !option.startsWith("seccomp=")),
    stopTimeoutS: StopTimeout,
  };
  return { container, files };
}

function localPath(node: string, { path, content }: FileSpec): string {
  return `${"key" in content ? "keys" : "config"}/${node}/${path.split("/").at(-1)}`;
}
