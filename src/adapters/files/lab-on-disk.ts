import { access, readFile, realpath } from "node:fs/promises";
import { resolve } from "node:path";
import type { LabSource } from "../../app/ports/lab-source.ts";

/** Lab files of this machine, for reading. */
export const labOnDisk: Pick<LabSource, "read" | "exists" | "place"> = {
  read: (file) => readFile(file, "utf8"),
  async exists(file) {
    return await access(file).then(
      () => true,
      () => false,
    );
  },
  // A working directory never has links in its name, an argument may.
  place: (file) => realpath(file).catch(() => resolve(file)),
};
