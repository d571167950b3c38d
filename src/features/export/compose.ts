import { SECCOMP_FILE, type ExportedContainer } from "./container.ts";
import { renderYaml } from "./yaml.ts";

/** A file for `docker compose`: one service per node of the lab. */
export function renderCompose(lab: string, containers: readonly ExportedContainer[]): string {
  const services = Object.fromEntries(containers.map((container) => [container.name, service(container)]));
  const text = renderYaml({ name: lab, services });
  return `# The lab ${lab} for docker compose, written by \`mhlab export compose\`. The keys are in the folder keys.\n${text}`;
}

function service(container: ExportedContainer): object {
  return {
    image: container.image,
    build: { context: `./images/${container.imageFolder}`, network: "host" },
    pull_policy: "missing",
    hostname: container.name,
    ...(container.command.length === 0 ? {} : { command: container.command }),
    network_mode: container.network,
    userns_mode: container.userns,
    restart: container.restart,
    stop_grace_period: `${container.stopTimeoutS}s`,
    cap_drop: ["ALL"],
    cap_add: container.capabilities,
    security_opt: [...container.securityOptions, `seccomp:./${SECCOMP_FILE.path}`],
    ...(container.readOnlyRoot ? { read_only: true } : {}),
    pids_limit: container.limits.pids,
    mem_limit: `${container.limits.memoryMb}m`,
    ulimits: { core: 0 },
    logging: { driver: "json-file", options: container.logOptions },
    ...(Object.keys(container.sysctls).length === 0 ? {} : { sysctls: container.sysctls }),
    ...(container.devices.length === 0
      ? {}
      : { devices: container.devices.map((path) => `${path}:${path}`) }),
    tmpfs: Object.entries(container.tmpfs).map(([path, options]) =>
      options === "" ? path : `${path}:${options}`,
    ),
    volumes: [
      ...container.volumes.map((target) => ({ type: "volume", target })),
      ...container.mounts.map(({ source, target, readOnly, follows }) => ({
        type: "bind",
        source: source.startsWith("/") ? source : `./${source}`,
        target,
        ...(readOnly ? { read_only: true } : {}),
        ...(follows === true ? { bind: { propagation: "rslave", create_host_path: true } } : {}),
      })),
    ],
  };
}
