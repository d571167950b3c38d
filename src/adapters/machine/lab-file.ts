import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { access, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { LabFiles } from "../../app/ports/lab-files.ts";
import { OperationError } from "../../core/model/errors.ts";
import { errnoOf, fileTrouble } from "../../core/model/file-trouble.ts";

const NEW_FILE_MODE = 0o644;

/** Lab files on this machine's disk, written whole or not at all. */
export const labFiles: LabFiles = {
  async exists(file) {
    return await access(file, constants.F_OK).then(
      () => true,
      () => false,
    );
  },
  async checkFolder(file) {
    await access(dirname(await targetOf(file)), constants.W_OK).catch((cause: unknown) => {
      throw unwritable(file, cause);
    });
  },
  async write(file, text) {
    const target = await targetOf(file);
    const draft = `${target}.${randomBytes(4).toString("hex")}.tmp`;
    try {
      const mode = await stat(target).then(
        (found) => found.mode & 0o7777,
        () => NEW_FILE_MODE,
      );
      const handle = await open(draft, "wx", mode);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, target);
    } catch (cause) {
      // Where no draft could be made there is none to remove.
      await rm(draft, { force: true }).catch(() => undefined);
      throw unwritable(file, cause);
    }
  },
};

/** A link stays a link. */
async function targetOf(file: string): Promise<string> {
  return await realpath(file).catch(() => file);
}

function unwritable(file: string, cause: unknown): OperationError {
  // The draft lies beside the file, so its folder is what the system complains of.
  const why: Record<string, string> = {
    ENOENT: "its folder does not exist",
    EACCES: "the mode of its folder does not let you",
  };
  return new OperationError(
    "MHLAB_FILE_UNWRITABLE",
    `cannot write ${file}: ${why[errnoOf(cause) ?? ""] ?? fileTrouble(cause)}`,
    {
      hint: "name a file in a folder that exists and is yours",
      state: "Nothing was written.",
      cause,
    },
  );
}
