import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { deafFilter } from "../../core/confinement/deaf.ts";
import { PROGRAMS } from "../../core/confinement/programs.ts";
import { waitUntil } from "../patience.ts";
import { confined, makeOwnFolder } from "../supervise/confine.ts";
import { inBirth, run } from "./command.ts";
import { openTun, TUN } from "./tun.ts";
import { UAPI_FOLDER, uapiAnswers, uapiSocket } from "./uapi.ts";

const DEAF_FILTER = "/run/mhlab/deaf.bpf";
const LOOK_MS = 10;
const LONGEST_START_MS = 30_000;

/**
 * Starts wireguard-go in the birth namespace, where its UDP socket stays, and delivers its device here under its name. Resolves with
 * the process, whose end is the device's end; throws when it does not work.
 */
export async function createUserspace(
  name: string,
  temporary: string,
  farIsHere: boolean,
): Promise<ChildProcess> {
  if (!existsSync(TUN)) {
    throw new Error(
      "this kernel has no WireGuard and the container has no /dev/net/tun for wireguard-go; start it with --device /dev/net/tun",
    );
  }
  makeOwnFolder(UAPI_FOLDER, PROGRAMS.wireguard, 0o770);
  openTun();
  // Of a process that was killed.
  rmSync(uapiSocket(name), { force: true });
  const argv = confined(["wireguard-go", temporary], PROGRAMS.wireguard, {
    // It holds an inotify instance, and the kernel allows a user 128 of them.
    alone: temporary,
    filter: farIsHere ? writeDeafFilter() : undefined,
  });
  const [program = "", ...args] = inBirth(argv);
  const child = spawn(program, args, {
    env: { ...process.env, WG_PROCESS_FOREGROUND: "1", LOG_LEVEL: "error" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr
    .setEncoding("utf8")
    .on("data", (text: string) => (complaint = (complaint + text).slice(-2000)));
  const ended = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new Error(`wireguard-go ended with ${code}: ${complaint.trim().split("\n").at(-1) ?? ""}`)),
    );
  });
  let alive = true;
  ended.catch(() => (alive = false));
  const socket = uapiSocket(temporary);
  // It must have answered before its socket is renamed: it opens the socket, then looks for it again, and ends if it is gone.
  const answers = waitUntil(async () => !alive || (existsSync(socket) && (await uapiAnswers(socket))), {
    everyMs: LOOK_MS,
    forMs: LONGEST_START_MS,
  });
  if (!(await Promise.race([ended, answers]))) {
    child.kill("SIGKILL");
    throw new Error(`wireguard-go did not answer within ${LONGEST_START_MS / 1000} s`);
  }
  try {
    await run(inBirth(["ip", "link", "set", "dev", temporary, "netns", String(process.pid), "name", name]));
    // The UAPI socket keeps the name of birth; `wg` looks for the device's present one.
    renameSync(socket, uapiSocket(name));
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  return child;
}

/**
 * wireguard-go listens to what changes in the birth namespace: for its device, which soon is not there any more, and for routes to
 * its far side. With a far side on this machine none of it concerns it, and each of two hundred would wake for every link that is
 * made. Undefined where there is no such filter.
 */
function writeDeafFilter(): string | undefined {
  const filter = deafFilter(process.arch);
  if (filter === undefined) return undefined;
  mkdirSync(dirname(DEAF_FILTER), { recursive: true });
  writeFileSync(DEAF_FILTER, filter);
  return DEAF_FILTER;
}
