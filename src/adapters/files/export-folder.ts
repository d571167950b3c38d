import { chmod, cp, readdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { ExportFolder } from "../../app/ports/export-folder.ts";
import { OperationError } from "../../core/model/errors.ts";
import { fileTrouble } from "../../core/model/file-trouble.ts";
import { makeFolder } from "./make-folder.ts";

/** Folders of this machine. */
export const exportFolder: ExportFolder = {
  async list(folder) {
    try {
      return await readdir(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw failed(folder, error);
    }
  },
  async write(path, { mode, text }) {
    try {
      // Others cannot read this, so they need not see that it is there.
      const secret = (mode & 0o077) === 0;
      await makeFolder(dirname(path), secret ? 0o700 : 0o755);
      // An older file may be readable by others: it is closed before a secret goes in.
      await writeFile(path, "", { mode });
      await chmod(path, mode);
      await writeFile(path, text);
    } catch (error) {
      throw failed(path, error);
    }
  },
  async copy(from, to) {
    try {
      await cp(from, to, { recursive: true });
    } catch (error) {
      throw failed(to, error);
    }
  },
};

function failed(path: string, cause: unknown): OperationError {
  return new OperationError("MHLAB_EXPORT", `cannot write ${path}: ${fileTrouble(cause)}`, {
    hint: "name a folder that you may write with -o",
    cause,
  });
}
