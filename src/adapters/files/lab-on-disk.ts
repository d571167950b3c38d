import { access, realpath } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { ScenarioSource } from "../../app/ports/scenario-source.ts";
import { readFrom, readNamed } from "./safe-open.ts";

/** No lab and no scenario is larger, and a reader of YAML takes a hundred times its memory. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Lab files of this machine, for reading. */
export const labOnDisk: Pick<ScenarioSource, "read" | "readBeside" | "exists" | "place"> = {
  read: async (file) => await Promise.resolve(readNamed(file, MOST_BYTES).toString("utf8")),
  readBeside: async (file, path) =>
    await Promise.resolve(readFrom(dirname(file), path, MOST_BYTES).toString("utf8")),
  async exists(file) {
    return await access(file).then(
      () => true,
      () => false,
    );
  },
  // A working directory never has links in its name, an argument may.
  place: (file) => realpath(file).catch(() => resolve(file)),
};
