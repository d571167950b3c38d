import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
} from "node:fs";

import type { Confinement } from "../../core/confinement/programs.ts";
import { log } from "../log.ts";

/** What it takes to run something as somebody else, and to keep it: numbers of `linux/capability.h`. */
const NEEDED = { CHOWN: 0, DAC_OVERRIDE: 1, KILL: 5, SETGID: 6, SETUID: 7 } as const;

interface Account {
  readonly uid: number;
  readonly gid: number;
}

const ROOT: Account = { uid: 0, gid: 0 };
const accounts = new Map<string, Account>();
let changesUsers: boolean | undefined;

/**
 * The command with the user and the rights of its confinement, for good. A container that may not change users keeps root for
 * its daemons, without rights; that is logged once.
 */
export function confined(argv: readonly string[], confinement: Confinement): string[] {
  const { uid, gid } = accountOf(confinement);
  const rights = confinement.capabilities.map((name) => `,+${name}`).join("");
  const user =
    uid === 0 ? [] : [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", `--ambient-caps=-all${rights}`];
  return [
    "setpriv",
    "--no-new-privs",
    ...user,
    `--inh-caps=-all${rights}`,
    `--bounding-set=-all${rights}`,
    "--",
    ...argv,
  ];
}

/** Makes a folder that is the daemon's alone, and hands it what an agent that could not change users left in it as root. */
export function makeOwnFolder(path: string, confinement: Confinement, mode = 0o750): void {
  const { uid, gid } = accountOf(confinement);
  if (!existsSync(path)) {
    mkdirSync(path, { recursive: true });
    chmodSync(path, mode);
  }
  chownSync(path, uid, gid);
  for (const name of readdirSync(path)) {
    const file = `${path}/${name}`;
    const { uid: owner, nlink } = lstatSync(file);
    // A second name of a file may have been made by a daemon that went astray.
    if (owner !== uid && nlink === 1) lchownSync(file, uid, gid);
  }
}

/** Lets the daemon read and write a file that is there; the folder stays the agent's. */
export function shareFile(path: string, confinement: Confinement): void {
  const { gid } = accountOf(confinement);
  chmodSync(path, 0o660);
  chownSync(path, 0, gid);
}

/** The user that the daemon runs under here. */
function accountOf({ user }: Confinement): Account {
  if (!mayChangeUsers()) return ROOT;
  let account = accounts.get(user);
  if (account === undefined) {
    const [, , uid, gid] =
      readFileSync("/etc/passwd", "utf8")
        .split("\n")
        .map((line) => line.split(":"))
        .find(([name]) => name === user) ?? [];
    if (uid === undefined || gid === undefined) throw new Error(`the image has no user ${user}`);
    account = { uid: Number(uid), gid: Number(gid) };
    accounts.set(user, account);
  }
  return account;
}

function mayChangeUsers(): boolean {
  if (changesUsers !== undefined) return changesUsers;
  const missing = Object.entries(NEEDED).flatMap(([name, number]) => (may(number) ? [] : [name]));
  changesUsers = missing.length === 0;
  if (!changesUsers)
    log("warn", `daemons run as root: the container was started without ${missing.join(", ")}`);
  return changesUsers;
}

function may(capability: number): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return ((BigInt(`0x${effective ?? "0"}`) >> BigInt(capability)) & 1n) === 1n;
}
