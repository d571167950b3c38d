import { accessSync, constants, statSync } from "node:fs";
import { join } from "node:path";
import { HostError } from "../../core/model/errors.ts";

/** System folders last: a user's PATH often lacks them, and dockerd lives in /usr/sbin. */
export const SEARCH_PATH = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
].join(":");

/** Debian's package of each program that mhlab may call on the machine. */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  dockerd: "docker.io",
  containerd: "containerd",
  runc: "runc",
  tini: "tini",
  ip: "iproute2",
  unshare: "util-linux",
  nsenter: "util-linux",
  flock: "util-linux",
  setsid: "util-linux",
  mmdebstrap: "mmdebstrap",
};

/** The full path of a program, or undefined. */
export function findProgram(name: string, path: string = process.env["PATH"] ?? ""): string | undefined {
  return `${path}:${SEARCH_PATH}`
    .split(":")
    .filter((folder) => folder.startsWith("/"))
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** Throws a HostError with one install command when any of the programs is missing. */
export function requirePrograms(names: readonly string[], purpose: string): void {
  const missing = names.filter((name) => findProgram(name) === undefined);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((name) => PACKAGE_OF[name] ?? name))].join(" ");
  throw new HostError("MHLAB_MISSING_PROGRAM", `${purpose} needs ${missing.join(", ")}`, {
    hint:
      findProgram("apt-get") === undefined
        ? `install the programs; Debian's packages are called: ${packages}`
        : `sudo apt-get install --no-install-recommends ${packages}`,
    state: "Nothing was changed.",
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
