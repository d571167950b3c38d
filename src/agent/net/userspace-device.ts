import { existsSync, renameSync, rmSync } from "node:fs";

import { deafFilter } from "../../core/render/confinement/deaf.ts";
import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import { replaceFile } from "../files.ts";
import { waitUntil } from "../patience.ts";
import { confined, makeOwnFolder } from "../programs/confine.ts";
import { inBirth } from "../programs/command.ts";
import { runIpInBirth } from "../programs/ip.ts";
import { keep } from "../programs/kept.ts";
import type { KeptProgram } from "../programs/kept-program.ts";
import { openTun, TUN } from "./tun.ts";
import { UAPI_FOLDER, uapiAnswers, uapiSocket } from "./uapi.ts";

const DEAF_FILTER = "/run/mhlab/deaf.bpf";
/**
 * It begins with 25 MB of buffers, which Go's collector meets with three collections, and then with one at every 4 MB: a third of
 * what its start costs, and buffers that are thrown away under load.
 */
const FEWER_COLLECTIONS = "GOGC=800";
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
): Promise<KeptProgram> {
  if (!existsSync(TUN)) {
    throw new Error(
      "this kernel has no WireGuard and the container has no /dev/net/tun for wireguard-go; start it with --device /dev/net/tun",
    );
  }
  makeOwnFolder(UAPI_FOLDER, PROGRAMS.wireguard, 0o770);
  openTun();
  // Of a process that was killed.
  rmSync(uapiSocket(name), { force: true });
  const variables = ["WG_PROCESS_FOREGROUND=1", "LOG_LEVEL=error", FEWER_COLLECTIONS];
  const command = ["env", ...variables, "wireguard-go", temporary];
  const argv = confined(command, PROGRAMS.wireguard, {
    // It holds an inotify instance, and the kernel allows a user 128 of them.
    alone: temporary,
    filter: farIsHere ? writeDeafFilter() : undefined,
  });
  const child = await keep(inBirth(argv));
  let complaint = "";
  child.read({ onComplaint: (text) => (complaint = (complaint + text).slice(-2000)) });
  const ended = child.ended.then(({ code }) => {
    throw new Error(`wireguard-go ended with ${code}: ${complaint.trim().split("\n").at(-1) ?? ""}`);
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
    child.signal("SIGKILL");
    throw new Error(`wireguard-go did not answer within ${LONGEST_START_MS / 1000} s`);
  }
  try {
    await runIpInBirth([`link set dev ${temporary} netns ${process.pid} name ${name}`]);
    // The UAPI socket keeps the name of birth; `wg` looks for the device's present one.
    renameSync(socket, uapiSocket(name));
  } catch (error) {
    child.signal("SIGKILL");
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
  // As a whole: it is read for one tunnel while the next one is asked for.
  if (!existsSync(DEAF_FILTER)) replaceFile(DEAF_FILTER, filter, 0o644);
  return DEAF_FILTER;
}
