import { readNamed } from "./safe-open.ts";

/** The tracker has 80 MB in 2026. */
const MOST_BYTES = 256 * 1024 * 1024;
const LIMIT_MS = 60_000;

/** The text of a file that the user named. Throws the system's error, or one that says why it is not read. */
export function trackerFile(path: string): string {
  return readNamed(path, MOST_BYTES).toString("utf8");
}

/** The text at an address. Rejects when it cannot be had within a minute, or is too large. */
export async function trackerAt(url: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]) });
  if (!answer.ok || answer.body === null) throw new Error(`the server says ${answer.status}`);
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of answer.body) {
    size += piece.length;
    if (size > MOST_BYTES) throw new Error("it is larger than 256 MiB");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
