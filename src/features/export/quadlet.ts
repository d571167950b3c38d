import { mountOptions, SECCOMP_FILE, type ExportedContainer } from "./container.ts";

/** Where podman's generator reads the folder of a lab: its units name files there. */
export function quadletFolder(lab: string): string {
  return `/etc/containers/systemd/${lab}`;
}

/** The name of an image in podman's store, which knows no image without a registry. */
export function podmanImage({ image }: Pick<ExportedContainer, "image">): string {
  return `localhost/${image}`;
}

/** A unit for podman's quadlet generator: one container as a service of systemd. */
export function renderQuadlet(lab: string, container: ExportedContainer): string {
  const { name, command, securityOptions, limits } = container;
  const others = securityOptions.filter((option) => option !== "no-new-privileges");
  const lines: (readonly [key: string, value: string])[] = [
    ["ContainerName", `${lab}-${name}`],
    ["HostName", name],
    ["Image", podmanImage(container)],
    ...(command.length === 0 ? [] : [["Exec", command.map(word).join(" ")] as const]),
    ["Network", container.network],
    ["UserNS", container.userns],
    ["DropCapability", "all"],
    ...container.capabilities.map((capability) => ["AddCapability", capability] as const),
    ["NoNewPrivileges", String(others.length < securityOptions.length)],
    ["SeccompProfile", `${quadletFolder(lab)}/${SECCOMP_FILE.path}`],
    ...others.map((option) => ["PodmanArgs", `--security-opt=${option}`] as const),
    ["ReadOnly", String(container.readOnlyRoot)],
    // As Docker: the tmpfs that are needed are listed.
    ["ReadOnlyTmpfs", "false"],
    ["PidsLimit", String(limits.pids)],
    ["PodmanArgs", `--memory=${limits.memoryMb}m`],
    ["Ulimit", "core=0"],
    ...Object.entries(container.sysctls).map(([key, value]) => ["Sysctl", `${key}=${value}`] as const),
    ...container.devices.map((path) => ["AddDevice", path] as const),
    ...Object.entries(container.tmpfs).map(
      ([path, options]) => ["Tmpfs", options === "" ? path : `${path}:${options}`] as const,
    ),
    ...container.volumes.map((path) => ["Volume", path] as const),
    ...container.mounts.map((mount) => {
      const source = mount.source.startsWith("/") ? mount.source : `./${mount.source}`;
      return ["Volume", `${source}:${mount.target}${mountOptions(mount)}`] as const;
    }),
    ["StopTimeout", String(container.stopTimeoutS)],
  ];
  return [
    `# ${name} of the lab ${lab}, written by \`mhlab export quadlet\`. The keys are in the folder keys.`,
    "[Unit]",
    `Description=${name} of the lab ${lab}`,
    "",
    "[Container]",
    ...lines.map(([key, value]) => `${key}=${value.replaceAll("%", "%%")}`),
    "",
    "[Service]",
    "Restart=always",
    `TimeoutStopSec=${container.stopTimeoutS + 10}`,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
    "",
  ].join("\n");
}

/** A word of a command line as systemd reads it. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
