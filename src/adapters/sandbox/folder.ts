import { OperationError } from "../../core/model/errors.ts";
import { errnoOf, fileTrouble } from "../../core/model/file-trouble.ts";
import type { SandboxPaths } from "./paths.ts";

/** Works on the sandbox's folder; what the system refuses there becomes an OperationError that says where else it may be. */
export async function inFolder<T>({ root }: SandboxPaths, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { path } = cause as NodeJS.ErrnoException;
    if (errnoOf(cause) === undefined || path?.startsWith(root) !== true) throw cause;
    throw new OperationError("MHLAB_SANDBOX_FOLDER", `cannot use ${path}: ${fileTrouble(cause)}`, {
      hint: "MHLAB_SANDBOX_DIR names another folder: an absolute path on a file system of this machine",
      cause,
    });
  }
}
