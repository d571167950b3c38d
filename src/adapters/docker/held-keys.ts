import { basename } from "node:path";
import type { Readable } from "node:stream";
import { PRESHARED_KEY_FILE, PRIVATE_KEY_FILE } from "../../core/plan/bng-config.ts";
import type { HeldKeys } from "../../core/plan/observed.ts";
import { keyFingerprint } from "../files/fingerprint.ts";
import { publicKeyOf } from "../files/x25519.ts";
import { textFilesOf } from "./archive.ts";

/** Reads the archive of a BNG's key folder; secrets become what may be known of them at once and are not kept. */
export async function readHeldKeys(archive: Readable): Promise<HeldKeys> {
  let publicKey: string | undefined;
  let preshared: string | undefined;
  for await (const file of textFilesOf(archive)) {
    const text = file.text.trim();
    const name = basename(file.name);
    if (name === basename(PRIVATE_KEY_FILE)) publicKey = publicKeyOf(text);
    if (name === basename(PRESHARED_KEY_FILE)) preshared = keyFingerprint(text);
  }
  return { publicKey, preshared };
}
