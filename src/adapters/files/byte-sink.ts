import { accessSync, closeSync, constants, openSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { ByteSink } from "../../app/ports/byte-sink.ts";
import { OperationError, UsageError } from "../../core/model/errors.ts";
import { fileTrouble } from "../../core/model/file-trouble.ts";

interface Stdout {
  write(bytes: Uint8Array): unknown;
  readonly isTTY?: boolean | undefined;
}

/**
 * A place for bytes; `-` is standard output. A file is opened, and what it held goes, when the first bytes come. Throws
 * UsageError on a terminal, OperationError when the file cannot be written.
 */
export function openByteSink(target: string, stdout: Stdout): ByteSink {
  if (target === "-") {
    if (stdout.isTTY !== true) return { write: (bytes) => void stdout.write(bytes), close: () => {} };
    throw new UsageError("a capture is binary, and standard output is a terminal", {
      hint: "write it to a file with -w FILE, or into Wireshark: -w - | wireshark -k -i -",
    });
  }
  attempt(target, () => checkWritable(target));
  let file: number | undefined;
  return {
    write(bytes) {
      attempt(target, () => {
        file ??= openSync(target, "w", 0o644);
        for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      });
    },
    close() {
      if (file !== undefined) closeSync(file);
    },
  };
}

/** Finds out without making a file: a capture must not run for an hour towards a place that takes none. */
function checkWritable(target: string): void {
  const found = statSync(target, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) {
    throw Object.assign(new Error("it is a folder"), { code: "EISDIR", syscall: "open" });
  }
  accessSync(found === undefined ? dirname(target) : target, constants.W_OK);
}

function attempt(target: string, act: () => void): void {
  try {
    act();
  } catch (cause) {
    throw new OperationError("MHLAB_CAPTURE_FILE", `cannot write ${target}: ${fileTrouble(cause)}`, {
      hint: "name a file that you may write with -w",
      cause,
    });
  }
}
