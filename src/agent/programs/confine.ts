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

import type { Confinement } from "../../core/render/confinement/programs.ts";
import { stableHash } from "../../core/model/names.ts";
import { log } from "../log.ts";

/** Numbers of `linux/capability.h`. */
const NUMBERS = { CHOWN: 0, DAC_OVERRIDE: 1, KILL: 5, SETGID: 6, SETUID: 7, SETPCAP: 8 } as const;
type Capability = keyof typeof NUMBERS;

/** What it takes to run something as somebody else, and to end it. */
const TO_CHANGE_USERS: readonly Capability[] = ["SETUID", "SETGID", "KILL"];
/** What it takes besides to share folders with it. */
const TO_SHARE: readonly Capability[] = ["CHOWN", "DAC_OVERRIDE"];

interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface ConfinedOptions {
  /**
   * Names one of many that run at once on a machine: it is a user that nothing else is, in the group of the confinement, because the
   * kernel counts some things by user.
   */
  readonly alone?: string;
  /** A file with a seccomp filter that it gets besides. */
  readonly filter?: string | undefined;
}

const ROOT: Account = { uid: 0, gid: 0 };
/** Beyond the numbers of people, of services and of containers. */
const FIRST_OWN_UID = 0x7000_0000;
const OWN_UIDS = 0x0fff_ffff;
const accounts = new Map<string, Account>();
const complained = new Set<string>();

/**
 * The command with the user and the rights of its confinement, for good. A container that may not change users keeps root for
 * it, without rights; one that may not even give up rights keeps those too. Both are logged once.
 */
export function confined(
  argv: readonly string[],
  confinement: Confinement,
  { alone, filter }: ConfinedOptions = {},
): string[] {
  if (!mayAll(["SETPCAP"])) return [...argv];
  const { uid: common, gid } = accountOf(confinement);
  const uid = alone === undefined || common === 0 ? common : (ownUid(alone) ?? common);
  const rights = confinement.capabilities.map((name) => `,+${name}`).join("");
  const user =
    uid === 0 ? [] : [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", `--ambient-caps=-all${rights}`];
  return [
    "setpriv",
    "--no-new-privs",
    ...user,
    `--inh-caps=-all${rights}`,
    `--bounding-set=-all${rights}`,
    ...(filter === undefined ? [] : [`--seccomp-filter=${filter}`]),
    "--",
    ...argv,
  ];
}

/** Makes a folder that is the program's alone, and hands it what an agent that could not change users left in it as root. */
export function makeOwnFolder(path: string, confinement: Confinement, mode = 0o750): void {
  const { uid, gid } = accountOf(confinement);
  if (!existsSync(path)) {
    mkdirSync(path, { recursive: true });
    chmodSync(path, mode);
  }
  chownSync(path, uid, gid);
  for (const name of readdirSync(path)) {
    const file = `${path}/${name}`;
    const found = lstatSync(file, { throwIfNoEntry: false });
    // A second name of a file may have been made by a program that went astray. By the group: it has many users where each
    // runs under its own, and wireguard-go ends when its socket's owner changes.
    if (found !== undefined && found.gid !== gid && found.nlink === 1) lchownSync(file, uid, gid);
  }
}

/** Lets the program read and write a file that is there; the folder stays the agent's. */
export function shareFile(path: string, confinement: Confinement): void {
  const { gid } = accountOf(confinement);
  chmodSync(path, 0o660);
  chownSync(path, 0, gid);
}

/** The number of the user that the program runs under here. */
export function uidOf(confinement: Confinement): number {
  return accountOf(confinement).uid;
}

/** The number of a user who is nobody else; undefined where the engine gives its containers no such numbers. */
function ownUid(alone: string): number | undefined {
  const uid = FIRST_OWN_UID + (stableHash(alone) & OWN_UIDS);
  const ranges = readFileSync("/proc/self/uid_map", "utf8").trim().split("\n");
  const known = ranges.some((range) => {
    const [first = 0, , count = 0] = range.trim().split(/\s+/).map(Number);
    return first <= uid && uid < first + count;
  });
  return known ? uid : undefined;
}

/** The user that the program runs under here. */
function accountOf({ user, writes }: Confinement): Account {
  if (!mayAll(writes.length === 0 ? TO_CHANGE_USERS : [...TO_CHANGE_USERS, ...TO_SHARE])) return ROOT;
  let account = accounts.get(user);
  if (account === undefined) {
    account = findAccount(user);
    accounts.set(user, account);
  }
  return account;
}

function findAccount(user: string): Account {
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  const [, , uid, gid] = lines.map((line) => line.split(":")).find(([name]) => name === user) ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`the image has no user ${user}`);
  return { uid: Number(uid), gid: Number(gid) };
}

function mayAll(capabilities: readonly Capability[]): boolean {
  const text = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  const effective = BigInt(`0x${text ?? "0"}`);
  const missing = capabilities
    .filter((name) => ((effective >> BigInt(NUMBERS[name])) & 1n) === 0n)
    .join(", ");
  if (missing === "") return true;
  if (!complained.has(missing))
    log("warn", `programs keep the rights of root: the container was started without ${missing}`);
  complained.add(missing);
  return false;
}
