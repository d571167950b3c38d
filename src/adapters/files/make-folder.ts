import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** Makes a folder and those above it; fine when it is there. Rejects with the system's error. */
export async function makeFolder(folder: string, mode: number): Promise<void> {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && (await isFolder(folder))) return;
    const above = dirname(folder);
    // A file system such as /proc refuses with ENOENT below a folder that is there: node's own `recursive` tries for ever.
    if (code !== "ENOENT" || above === folder || (await isFolder(above))) throw notAFolder(error, folder);
    await makeFolder(above, mode);
    await makeFolder(folder, mode);
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
