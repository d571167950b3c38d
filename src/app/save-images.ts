import type { EngineReader } from "./ports/engine-reader.ts";
import type { RunFolder } from "./ports/run-folder.ts";

/** Writes images into one archive of a folder, piece by piece. Rejects with what the engine says, and with the signal's reason. */
export async function saveImages(
  references: readonly string[],
  reader: Pick<EngineReader, "saveImages">,
  { folder, name, signal }: { folder: RunFolder; name: string; signal: AbortSignal },
): Promise<void> {
  const file = folder.grow(name);
  let whole = false;
  try {
    for await (const piece of await reader.saveImages(references, signal)) {
      signal.throwIfAborted();
      file.write(piece);
    }
    // The last piece may be the one that the disk did not take.
    signal.throwIfAborted();
    whole = true;
  } finally {
    file.close({ whole });
  }
}
