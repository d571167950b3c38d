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

const ROOT: Account = { uid: 0, gid: 0 };
const accounts = new Map<string, Account>();
const complained = new Set<string>();

/**
 * The command with the user and the rights of its confinement, for good. A container that may not change users keeps root for
 * it, without rights; one that may not even give up rights keeps those too. Both are logged once.
 */
export function confined(argv: readonly string[], confinement: Confinement): string[] {
  if (!mayAll(["SETPCAP"])) return [...argv];
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
    // A second name of a file may have been made by a program that went astray.
    if (found !== undefined && found.uid !== uid && found.nlink === 1) lchownSync(file, uid, gid);
  }
}

/** Lets the program read and write a file that is there; the folder stays the agent's. */
export function shareFile(path: string, confinement: Confinement): void {
  const { gid } = accountOf(confinement);
  chmodSync(path, 0o660);
  chownSync(path, 0, gid);
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
