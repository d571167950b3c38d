import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { PacketReader } from "../../app/ports/packet-reader.ts";
import { HostError, OperationError } from "../../core/model/errors.ts";
import { errnoOf } from "../../core/model/file-trouble.ts";

const run = promisify(execFile);
/** Larger than the columns of any check. */
const MOST_OUTPUT = 256 * 1024 * 1024;
const LIMIT_MS = 120_000;
/** Display filters as columns (`-e`) came with it. */
const OLDEST = 4.4;

/** tshark of Wireshark, of this machine. */
export const tshark: PacketReader = {
  async version(signal) {
    const { stdout } = await call(["--version"], signal);
    const version = /(\d+\.\d+)(?:\.\d+)*/.exec(stdout)?.[0] ?? "";
    if (!(Number.parseFloat(version) >= OLDEST))
      throw new HostError("MHLAB_MISSING_PROGRAM", `tshark ${version} is too old`, {
        hint: `mhlab check needs tshark ${OLDEST} or newer, as in Debian 13`,
        state: "Nothing was changed.",
      });
    return version;
  },
  async rows(file, columns, signal) {
    const fields = columns.flatMap((column) => ["-e", column]);
    const { stdout } = await call(["-n", "-r", file, "-T", "fields", ...fields], signal);
    return stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => line.split("\t"));
  },
};

async function call(words: readonly string[], signal: AbortSignal): Promise<{ stdout: string }> {
  try {
    // Neither preferences nor filters of the user change what a field is called.
    const env = { ...process.env, WIRESHARK_CONFIG_DIR: "/nonexistent", LC_ALL: "C.UTF-8" };
    return await run("tshark", words, { signal, env, timeout: LIMIT_MS, maxBuffer: MOST_OUTPUT });
  } catch (error) {
    signal.throwIfAborted();
    if (errnoOf(error) === "ENOENT")
      throw new HostError("MHLAB_MISSING_PROGRAM", "tshark is not installed", {
        hint: "mhlab check reads captures by it: apt-get install tshark",
        state: "Nothing was changed.",
      });
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    throw new OperationError("MHLAB_CHECK_PACKETS", "tshark could not read a capture", {
      evidence: said.trim().split("\n").slice(-3),
      cause: error,
    });
  }
}
