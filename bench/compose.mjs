// The same containers for docker compose: what the engine says of those that mhlab made, nothing more and nothing less.
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { extract } from "tar-stream";
import { FOLDER, docker, nodes } from "./place.mjs";

export const PROJECT_NAME = "benchcompose";
const VOLUME = "run";

/** Writes a compose file with the containers of a running lab, their keys beside it; returns its path. */
export async function writeCompose(lab) {
  const services = {};
  for (const [name, id] of await nodes(lab)) services[name] = await serviceOf(name, id);
  const file = join(FOLDER, "compose.json");
  writeFileSync(file, JSON.stringify({ name: PROJECT_NAME, services, volumes: { [VOLUME]: {} } }, null, 2));
  return file;
}

/** Docker name of a service's container. */
export function containerOf(service) {
  return `${PROJECT_NAME}-${service}-1`;
}

async function serviceOf(name, id) {
  const { Config, HostConfig } = await docker.getContainer(id).inspect();
  return {
    image: Config.Image,
    hostname: Config.Hostname,
    ...(Config.Cmd === null ? {} : { command: Config.Cmd }),
    environment: Config.Env,
    stop_grace_period: `${Config.StopTimeout ?? 10}s`,
    network_mode: HostConfig.NetworkMode,
    userns_mode: HostConfig.UsernsMode,
    restart: HostConfig.RestartPolicy.Name,
    cap_drop: HostConfig.CapDrop,
    cap_add: HostConfig.CapAdd,
    security_opt: HostConfig.SecurityOpt.map(asFile),
    read_only: HostConfig.ReadonlyRootfs,
    pids_limit: HostConfig.PidsLimit,
    mem_limit: HostConfig.Memory,
    ulimits: Object.fromEntries(HostConfig.Ulimits.map(({ Name, Hard }) => [Name, Hard])),
    sysctls: HostConfig.Sysctls,
    tmpfs: Object.entries(HostConfig.Tmpfs).map(([path, options]) =>
      options === "" ? path : `${path}:${options}`,
    ),
    devices: HostConfig.Devices.map(({ PathOnHost, PathInContainer }) => `${PathOnHost}:${PathInContainer}`),
    logging: { driver: HostConfig.LogConfig.Type, options: HostConfig.LogConfig.Config },
    volumes: [
      ...HostConfig.Binds,
      ...(HostConfig.Mounts ?? []).flatMap(({ Target }) => volumesFor(Target)),
      `${await copyFiles(name, id)}:/etc/mhlab`,
    ],
  };
}

/** The engine has the profile itself; compose wants a file. */
function asFile(option) {
  const [, profile] = /^seccomp=(\{[^]*)$/.exec(option) ?? [];
  if (profile === undefined) return option;
  const file = join(FOLDER, "seccomp.json");
  writeFileSync(file, profile);
  return `seccomp:${file}`;
}

/** One volume for all where they meet, one of its own elsewhere; keys come from a folder. */
function volumesFor(target) {
  if (target === "/etc/mhlab") return [];
  return [target === "/run/mhlab-lab" ? `${VOLUME}:${target}` : target];
}

/** Copies keys and configuration out of a container. */
async function copyFiles(name, id) {
  const target = join(FOLDER, "compose", name);
  const keys = join(target, "keys");
  mkdirSync(keys, { recursive: true, mode: 0o700 });
  const archive = extract();
  (await docker.getContainer(id).getArchive({ path: "/etc/mhlab" })).pipe(archive);
  for await (const entry of archive) {
    const pieces = [];
    for await (const piece of entry) pieces.push(piece);
    if (entry.header.type !== "file") continue;
    const folder = entry.header.name.includes("/keys/") ? keys : target;
    writeFileSync(join(folder, basename(entry.header.name)), Buffer.concat(pieces), { mode: 0o600 });
  }
  return target;
}
