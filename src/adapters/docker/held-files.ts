import type { Readable } from "node:stream";
import { PRESHARED_KEY_FILE, PRIVATE_KEY_FILE } from "../../core/plan/bng-config.ts";
import type { HeldFiles } from "../../core/plan/observed.ts";
import { parseSettings } from "../../core/intent/overlay.ts";
import { SETTINGS_FILE } from "../../core/names.ts";
import { keyFingerprint } from "../files/fingerprint.ts";
import { publicKeyOf } from "../files/x25519.ts";
import { textFilesOf } from "./archive.ts";

/** Reads the archive of a BNG's /etc/mhlab; secrets become what may be known of them at once and are not kept. */
export async function readHeldFiles(archive: Readable): Promise<HeldFiles> {
  let publicKey: string | undefined;
  let preshared: string | undefined;
  let settings: Record<string, string> | undefined;
  for await (const file of textFilesOf(archive, "/etc")) {
    const text = file.text.trim();
    if (file.path === PRIVATE_KEY_FILE) publicKey = publicKeyOf(text);
    if (file.path === PRESHARED_KEY_FILE) preshared = keyFingerprint(text);
    if (file.path === SETTINGS_FILE) settings = settingsOf(text);
  }
  return { publicKey, preshared, settings };
}

/** A file that the agent cannot use either counts as empty: the next plan puts a right one there. */
function settingsOf(text: string): Record<string, string> {
  try {
    return parseSettings(JSON.parse(text));
  } catch {
    return {};
  }
}
