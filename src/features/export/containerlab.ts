import { mountOptions, type ExportedContainer } from "./container.ts";
import { renderYaml } from "./yaml.ts";

/**
 * A containerlab topology: one node of kind `linux` per node. It has no links, because the nodes make those between
 * them. Containerlab runs every node privileged, and knows no tmpfs, no limit of processes and none of logs.
 */
export function renderContainerlab(lab: string, containers: readonly ExportedContainer[]): string {
  const nodes = Object.fromEntries(containers.map((container) => [container.name, node(container)]));
  const text = renderYaml({ name: lab, topology: { nodes } });
  return `# The lab ${lab} for containerlab, written by \`mhlab export containerlab\`. The keys are in the folder keys.\n${text}`;
}

function node(container: ExportedContainer): object {
  return {
    kind: "linux",
    image: container.image,
    "image-pull-policy": "Never",
    ...(container.command.length === 0 ? {} : { cmd: container.command.join(" ") }),
    "network-mode": container.network,
    "restart-policy": container.restart,
    memory: `${container.limits.memoryMb}MB`,
    binds: container.mounts.map((mount) => `${mount.source}:${mount.target}${mountOptions(mount)}`),
    ...(container.devices.length === 0 ? {} : { devices: container.devices }),
    ...(Object.keys(container.sysctls).length === 0 ? {} : { sysctls: container.sysctls }),
  };
}
