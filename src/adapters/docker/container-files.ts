import type { Readable } from "node:stream";
import { extract } from "tar-stream";
import { readDocument, type NodeDocument } from "../../core/model/document.ts";
import {
  CONFIG_FOLDER,
  INTERNET_CONFIG,
  KEY_FOLDER,
  PRESHARED_KEY_FILE,
  PRIVATE_KEY_FILE,
} from "../../core/model/names.ts";
import type { FoundInternet, HeldFiles } from "../../core/render/nodes/observed.ts";
import { keyFingerprint, publicKeyOf } from "../files/keys.ts";

/** All files of a node's folder are a few kilobytes. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_ENTRIES = 4096;

/** Reads the archive of a node's /etc/mhlab; secrets become what may be known of them at once and are not kept. */
export async function readHeldFiles(archive: Readable): Promise<HeldFiles> {
  let publicKey: string | undefined;
  let preshared: string | undefined;
  let document: NodeDocument | undefined;
  for await (const file of textFilesOf(archive, "/etc")) {
    const text = file.text.trim();
    if (file.path === PRIVATE_KEY_FILE) publicKey = publicKeyOf(text);
    if (file.path === PRESHARED_KEY_FILE) preshared = keyFingerprint(text);
    if (file.path.startsWith(`${CONFIG_FOLDER}/`) && file.path.endsWith(".yaml"))
      document = readDocument(text);
  }
  return { publicKey, preshared, document };
}

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

/**
 * The files of an archive from the engine, one after the other, by the path that each has in a container below `parent`. What is no
 * plain file there is left out: names are only compared, never written to. Throws when the archive breaks off or has no end.
 */
async function* textFilesOf(
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
