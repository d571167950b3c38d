import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunFolders } from "../../app/ports/run-folder.ts";
import { MhlabError } from "../../core/errors.ts";
import { errnoOf, fileTrouble } from "../../core/file-trouble.ts";

/** Folders of runs on this machine. */
export const runFolders: RunFolders = {
  read: (path) => (name) => {
    try {
      return readFileSync(join(path, name), "utf8");
    } catch (cause) {
      if (errnoOf(cause) === "ENOENT" || errnoOf(cause) === "ENOTDIR") return undefined;
      throw new MhlabError("MHLAB_RUN_UNREADABLE", `cannot read ${join(path, name)}: ${fileTrouble(cause)}`, {
        cause,
      });
    }
  },
};
