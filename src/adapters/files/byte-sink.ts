import { closeSync, openSync, writeSync } from "node:fs";
import type { ByteSink } from "../../app/ports/byte-sink.ts";
import { OperationError, UsageError } from "../../core/errors.ts";

interface Stdout {
  write(bytes: Uint8Array): unknown;
  readonly isTTY?: boolean | undefined;
}

/** Opens a file for bytes; `-` is standard output. Throws UsageError on a terminal, OperationError when it cannot be written. */
export function openByteSink(target: string, stdout: Stdout): ByteSink {
  if (target === "-") {
    if (stdout.isTTY !== true) return { write: (bytes) => void stdout.write(bytes), close: () => {} };
    throw new UsageError("a capture is binary, and standard output is a terminal", {
      hint: "write it to a file with -w FILE, or into Wireshark: -w - | wireshark -k -i -",
    });
  }
  let file: number;
  try {
    file = openSync(target, "w", 0o644);
  } catch (cause) {
    throw new OperationError("MHLAB_CAPTURE_FILE", `cannot write ${target}: ${(cause as Error).message}`, {
      hint: "name a file that you may write with -w",
      cause,
    });
  }
  return {
    write(bytes) {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    },
    close: () => closeSync(file),
  };
}
