import type { Readable } from "node:stream";
import { extract } from "tar-stream";

/** All files of a member's folder are a few kilobytes. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_ENTRIES = 4096;

/**
 * The files of an archive from the engine, one after the other, by the path that each has in a container below `parent`. What is no
 * plain file there is left out: names are only compared, never written to. Throws when the archive breaks off or has no end.
 */
export async function* textFilesOf(
  archive: Readable,
  parent: string,
): AsyncGenerator<{ path: string; text: string }> {
  const parser = extract();
  archive.on("error", (error) => parser.destroy(error)).pipe(parser);
  let [bytes, entries] = [0, 0];
  for await (const entry of parser) {
    const { name, type } = entry.header;
    const pieces: Buffer[] = [];
    for await (const piece of entry) {
      bytes += (piece as Buffer).length;
      if (bytes > MOST_BYTES) throw new Error("the archive of a folder of settings is too large");
      pieces.push(piece as Buffer);
    }
    if (++entries > MOST_ENTRIES) throw new Error("the archive of a folder of settings has too many entries");
    const isPlain = (type ?? "file") === "file" && !name.split("/").includes("..");
    if (isPlain) yield { path: `${parent}/${name}`, text: Buffer.concat(pieces).toString("utf8") };
  }
}
