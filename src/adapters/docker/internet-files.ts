import type { Readable } from "node:stream";
import { INTERNET_CONFIG, KEY_FOLDER } from "../../core/names.ts";
import type { FoundInternet } from "../../core/plan/observed.ts";
import { keyFingerprint } from "../files/fingerprint.ts";
import { publicKeyOf } from "../files/x25519.ts";
import { textFilesOf } from "./archive.ts";

/** Reads the archive of /etc/mhlab; private keys become public ones at once and are not kept. */
export async function readInternetFiles(archive: Readable): Promise<FoundInternet | undefined> {
  const publicKeys = new Map<string, string>();
  const preshared = new Map<string, string>();
  let config: string | undefined;
  for await (const file of textFilesOf(archive, "/etc")) {
    const { path, text } = file;
    if (path === INTERNET_CONFIG) config = text;
    const name = path.startsWith(`${KEY_FOLDER}/`) ? path.slice(KEY_FOLDER.length + 1) : "";
    const publicKey = name.endsWith(".key") ? publicKeyOf(text.trim()) : undefined;
    if (publicKey !== undefined) publicKeys.set(name.slice(0, -".key".length), publicKey);
    if (name.endsWith(".psk")) preshared.set(name.slice(0, -".psk".length), keyFingerprint(text.trim()));
  }
  return config === undefined ? undefined : { config, publicKeys, preshared };
}
