import { shellWord } from "../../core/model/words.ts";
import { mountOptions, SECCOMP_FILE, type ExportedContainer, type ExportedMount } from "./container.ts";

/** The name of a container that the scripts start; not one that mhlab would take for its own. */
function runName(lab: string, node: string): string {
  return `${lab}-${node}`;
}

/** A shell script of `docker run` lines: builds the images that are missing, starts every node of the lab. */
export function renderDockerRun(lab: string, containers: readonly ExportedContainer[]): string {
  const images = new Map(containers.map(({ image, imageFolder }) => [image, imageFolder]));
  return [
    "#!/bin/sh",
    `# Starts the lab ${lab}, written by \`mhlab export docker-run\`. The keys are in the folder keys.`,
    "set -eu",
    'here=$(cd "$(dirname "$0")" && pwd)',
    "",
    "image() { # <name> <folder>",
    '  docker image inspect "$1" > /dev/null 2>&1 || docker build --network host -t "$1" "$here/images/$2"',
    "}",
    ...[...images].map(([image, folder]) => `image ${shellWord(image)} ${folder}`),
    "",
    ...containers.flatMap((container) => [...runLines(lab, container), ""]),
  ].join("\n");
}

/** The script that stops and removes what the other one started. */
export function renderDockerStop(lab: string, containers: readonly ExportedContainer[]): string {
  // CPEs go before the providers whose links they hold.
  const names = containers.map(({ name }) => shellWord(runName(lab, name))).toReversed();
  return [
    "#!/bin/sh",
    `# Stops and removes the lab ${lab}; the keys stay.`,
    "set -eu",
    `docker stop ${names.join(" ")}`,
    `docker rm --volumes ${names.join(" ")}`,
    "",
  ].join("\n");
}

function runLines(lab: string, container: ExportedContainer): string[] {
  const { image, command, mounts, tmpfs, sysctls } = container;
  const words = [
    `docker run --detach --name ${shellWord(runName(lab, container.name))} --hostname ${shellWord(container.name)}`,
    `--network ${container.network} --userns ${container.userns} --restart ${container.restart} --stop-timeout ${container.stopTimeoutS}`,
    ["--cap-drop ALL", ...container.capabilities.map((name) => `--cap-add ${name}`)].join(" "),
    `${container.securityOptions.map((option) => `--security-opt ${option}`).join(" ")} --security-opt seccomp="$here"/${SECCOMP_FILE.path}`,
    [
      ...(container.readOnlyRoot ? ["--read-only"] : []),
      `--pids-limit ${container.limits.pids} --memory ${container.limits.memoryMb}m --ulimit core=0`,
      "--log-driver json-file",
      ...Object.entries(container.logOptions).map(([name, value]) => `--log-opt ${name}=${value}`),
    ].join(" "),
    ...Object.entries(sysctls).map(([name, value]) => `--sysctl ${shellWord(`${name}=${value}`)}`),
    ...container.devices.map((path) => `--device ${path}`),
    ...Object.entries(tmpfs).map(
      ([path, options]) => `--tmpfs ${shellWord(options === "" ? path : `${path}:${options}`)}`,
    ),
    ...container.volumes.map((path) => `--volume ${path}`),
    ...mounts.map((mount) => `--volume ${volume(mount)}`),
    [image, ...command].map(shellWord).join(" "),
  ];
  return words.map(
    (line, index) => `${index === 0 ? "" : "  "}${line}${index === words.length - 1 ? "" : " \\"}`,
  );
}

function volume(mount: ExportedMount): string {
  const { source, target } = mount;
  const end = `:${target}${mountOptions(mount)}`;
  return source.startsWith("/") ? shellWord(`${source}${end}`) : `"$here"/${shellWord(`${source}${end}`)}`;
}
