import type { Readable } from "node:stream";
import { extract } from "tar-stream";

/** The files of an archive from the engine, one after the other; throws when the archive breaks off. */
export async function* textFilesOf(archive: Readable): AsyncGenerator<{ name: string; text: string }> {
  const parser = extract();
  archive.on("error", (error) => parser.destroy(error)).pipe(parser);
  for await (const entry of parser) {
    const pieces: Buffer[] = [];
    for await (const piece of entry) pieces.push(piece as Buffer);
    yield { name: entry.header.name, text: Buffer.concat(pieces).toString("utf8") };
  }
}
