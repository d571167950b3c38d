import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";

const PKCS8_PREFIX = Buffer.from("302e020100300506032b656e04220420", "hex");

/** A new WireGuard private key, as `wg genkey` prints it. */
export function generatePrivateKey(): string {
  const { d } = generateKeyPairSync("x25519").privateKey.export({ format: "jwk" });
  return Buffer.from(d ?? "", "base64url").toString("base64");
}

/** The public half of a WireGuard key, as `wg pubkey` prints it; undefined when the text is no key. */
export function publicKeyOf(privateKey: string): string | undefined {
  const raw = Buffer.from(privateKey, "base64");
  if (raw.length !== 32 || raw.toString("base64") !== privateKey) return undefined;
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, raw]), format: "der", type: "pkcs8" });
  const { x } = createPublicKey(key).export({ format: "jwk" });
  return Buffer.from(x ?? "", "base64url").toString("base64");
}
