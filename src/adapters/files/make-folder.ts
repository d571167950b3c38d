import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** Makes a folder and those above it; fine when it is there. Rejects with the system's error. */
export async function makeFolder(folder: string, mode: number): Promise<void> {
  if ((await make(folder, mode)) === undefined) return;
  const above = dirname(folder);
  if (above !== folder && !(await isFolder(above))) await makeFolder(above, mode);
  // Once more, not for ever as node's own `recursive`: what is above may be another process's by now, but a file system such
  // as /proc refuses with ENOENT below a folder that is there.
  const missing = await make(folder, mode);
  if (missing !== undefined) throw missing;
}

/** Makes one folder; the system's error when what is above is not there. Rejects with any other. */
async function make(folder: string, mode: number): Promise<Error | undefined> {
  try {
    await mkdir(folder, { mode });
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return error as Error;
    if (code === "EEXIST" && (await isFolder(folder))) return undefined;
    throw notAFolder(error, folder);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** What is there and is no folder stands in the way: that is ENOTDIR in plain words. */
function notAFolder(error: unknown, folder: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === "EEXIST"
    ? Object.assign(new Error(`${folder} is not a folder`), { code: "ENOTDIR", syscall })
    : error;
}
