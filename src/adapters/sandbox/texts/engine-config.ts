import { stableHash } from "../../../core/model/names.ts";

/** What the engine of a sandbox is configured with. */
export interface EngineSettings {
  dataRoot: string;
  socket: string;
  cgroupParent: string;
}

/** Folder inside the lab host, on its private tmpfs, for all that must not outlive it. */
const ENGINE_RUN_FOLDER = "/run/docker";

/** The name that marks lock and control groups of the sandbox in a folder; stable, so leftovers can be found. */
export function sandboxMark(root: string): string {
  return `mhlab-sandbox-${stableHash(root).toString(16).padStart(8, "0")}`;
}

/** The daemon.json of a sandbox: no bridge, no firewall rules, nothing of the machine's own engine. */
export function renderEngineConfig(settings: EngineSettings): string {
  const config = {
    "data-root": settings.dataRoot,
    "exec-root": ENGINE_RUN_FOLDER,
    pidfile: "/run/docker.pid",
    hosts: [`unix://${settings.socket}`],
    group: "root",
    bridge: "none",
    iptables: false,
    ip6tables: false,
    "ip-forward": false,
    "ip-masq": false,
    "cgroup-parent": settings.cgroupParent,
    "exec-opts": ["native.cgroupdriver=cgroupfs"],
    "shutdown-timeout": 2,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
