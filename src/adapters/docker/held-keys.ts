import { basename } from "node:path";
import type { Readable } from "node:stream";
import { extract } from "tar-stream";
import { PRESHARED_KEY_FILE, PRIVATE_KEY_FILE } from "../../core/plan/bng-config.ts";
import type { HeldKeys } from "../../core/plan/observed.ts";
import { keyFingerprint } from "../files/fingerprint.ts";
import { publicKeyOf } from "../files/x25519.ts";

/** Reads the archive of a BNG's key folder; secrets become what may be known of them at once and are not kept. */
export async function readHeldKeys(archive: Readable): Promise<HeldKeys> {
  let publicKey: string | undefined;
  let preshared: string | undefined;
  const parser = extract();
  archive.on("error", (error) => parser.destroy(error)).pipe(parser);
  for await (const entry of parser) {
    const pieces: Buffer[] = [];
    for await (const piece of entry) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString("utf8").trim();
    const name = basename(entry.header.name);
    if (name === basename(PRIVATE_KEY_FILE)) publicKey = publicKeyOf(text);
    if (name === basename(PRESHARED_KEY_FILE)) preshared = keyFingerprint(text);
  }
  return { publicKey, preshared };
}
