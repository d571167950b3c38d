import { createHash } from "node:crypto";

/** The first 16 hexadecimal digits of the SHA-256 of a key: `base64 -d FILE | sha256sum` shows the same. Tells nothing of a secret. */
export function keyFingerprint(key: string): string {
  return createHash("sha256").update(Buffer.from(key, "base64")).digest("hex").slice(0, 16);
}
