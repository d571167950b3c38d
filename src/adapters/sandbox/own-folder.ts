/** The sandbox's folder, which root writes into: nobody else may be able to put something there, or in its way. */
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { HostError } from "../../core/model/errors.ts";
import { OWN_NAMES } from "./paths.ts";

const STICKY = 0o1000;
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;

/** Throws HostError MHLAB_SANDBOX_UNSAFE when another user than root, or who asked root by sudo, has a hand in the folder or on the way to it. */
export function requireOwnFolder(root: string, env: NodeJS.ProcessEnv): void {
  const wrong = wrongFolder(root, env);
  if (wrong === undefined) return;
  throw new HostError("MHLAB_SANDBOX_UNSAFE", `root cannot use ${root} as the sandbox's folder: ${wrong}`, {
    hint: "name another folder with MHLAB_SANDBOX_DIR, in one that only root writes to; or remove what is in the way",
    state: "Nothing was changed.",
  });
}

/** Whether nobody else can have written what lies there. */
export function isOwnFolder(root: string, env: NodeJS.ProcessEnv = process.env): boolean {
  try {
    return wrongFolder(root, env) === undefined;
  } catch {
    return false; // It cannot even be looked at.
  }
}

/** Writes a file of the folder whole, as a new one: a link in its place is replaced and not followed. */
export function writeOwnFile(file: string, text: string): void {
  const fresh = `${file}.new`;
  rmSync(fresh, { force: true });
  const descriptor = openSync(fresh, "wx", 0o644);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(fresh, file);
}

function wrongFolder(root: string, env: NodeJS.ProcessEnv): string | undefined {
  const trusted = new Set([
    0,
    process.geteuid?.() ?? 0,
    ...(process.geteuid?.() === 0 ? askedBySudo(env) : []),
  ]);
  const real = realpathOr(root);
  // The way as it is written, whose links have to be trusted, and as it is.
  for (const path of [...wayTo(root), ...(real === undefined ? [] : wayTo(real))]) {
    const wrong = wrongStep(path, trusted);
    if (wrong !== undefined) return wrong;
  }
  return OWN_NAMES.map((name) => wrongEntry(join(root, name), trusted)).find((wrong) => wrong !== undefined);
}

function wrongStep(path: string, trusted: ReadonlySet<number>): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (!trusted.has(stat.uid)) return `${path} belongs to the user ${stat.uid}`;
  if (!stat.isDirectory()) return undefined;
  const byGroup = (stat.mode & GROUP_WRITES) !== 0 && stat.gid !== 0;
  const open = byGroup || (stat.mode & OTHERS_WRITE) !== 0;
  return open && (stat.mode & STICKY) === 0 ? `others can write to ${path}` : undefined;
}

function wrongEntry(path: string, trusted: ReadonlySet<number>): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (stat.isSymbolicLink()) return `${path} is a link`;
  return trusted.has(stat.uid) ? undefined : `${path} belongs to the user ${stat.uid}`;
}

/** The folders down to a path, from the root on, itself included. */
function wayTo(path: string): string[] {
  const above = dirname(path);
  return above === path ? [path] : [...wayTo(above), path];
}

function realpathOr(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function askedBySudo(env: NodeJS.ProcessEnv): number[] {
  const uid = Number(env["SUDO_UID"] ?? Number.NaN);
  return Number.isInteger(uid) && uid > 0 ? [uid] : [];
}
