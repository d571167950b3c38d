import { lstat } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { dirname, join, sep } from "node:path";
import { OperationError, UsageError } from "../../core/model/errors.ts";
import { errnoOf, fileTrouble } from "../../core/model/file-trouble.ts";
import { isName } from "../../core/model/names.ts";

/** Folder of everything that mhlab keeps on this machine. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  if (env["MHLAB_STATE_DIR"]) return env["MHLAB_STATE_DIR"];
  return join(env["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "mhlab");
}

/** Folder of one lab: its keys and its lock. Throws UsageError on what can be no name, as `../..`. */
export function labFolder(state: string, lab: string): string {
  return join(state, "labs", named(lab, "lab"));
}

/** A name as a part of a path. Throws UsageError on what can be none, wherever it came from. */
export function named(name: string, whose: "lab" | "provider"): string {
  if (isName(name)) return name;
  throw new UsageError(`'${name}' cannot be the name of a ${whose}`, {
    hint: "a-z, 0-9 and hyphens, as the lab file has it",
    state: "Nothing was changed.",
  });
}

/** Does something with files of the state folder; what the system refuses becomes an OperationError with a mend. */
export async function inState<T>(state: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (errnoOf(cause) === undefined) throw cause;
    const path = (cause as NodeJS.ErrnoException).path ?? state;
    throw new OperationError("MHLAB_STATE_FOLDER", `cannot use ${path}: ${fileTrouble(cause)}`, {
      hint: await mendAccess(state, cause),
      cause,
    });
  }
}

/** What helps when a file of the state folder cannot be used. */
export async function mendAccess(state: string, cause: unknown): Promise<string> {
  const elsewhere = "keep keys elsewhere: MHLAB_STATE_DIR=<folder>";
  if (["ENOSPC", "EDQUOT"].includes(errnoOf(cause) ?? ""))
    return `make room: df -h ${state}\nor ${elsewhere}`;
  if (!["EACCES", "EPERM"].includes(errnoOf(cause) ?? "")) return `look at ${state}, or ${elsewhere}`;
  const nearest = await nearestThatIsThere(state);
  const whose = "it is another user's, after `sudo mhlab` it is root's; make it yours";
  if (nearest === state) return `${whose}: sudo chown -R ${userInfo().username} ${state}\nor ${elsewhere}`;
  // Above the home, a folder of root is as it should be.
  const own = nearest.startsWith(`${homedir()}${sep}`);
  return own ? `${whose}: sudo chown ${userInfo().username} ${nearest}\nor ${elsewhere}` : elsewhere;
}

async function nearestThatIsThere(path: string): Promise<string> {
  const there = await lstat(path).then(
    () => true,
    () => false,
  );
  return there || path === dirname(path) ? path : await nearestThatIsThere(dirname(path));
}
