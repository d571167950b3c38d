import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";

/** A JWK (RFC 8037) must name a public half beside the private one, of which Node takes no notice. */
const ANY_PUBLIC = Buffer.alloc(32).toString("base64url");

/** A new WireGuard private key, as `wg genkey` prints it. */
export function generatePrivateKey(): string {
  const { d } = generateKeyPairSync("x25519").privateKey.export({ format: "jwk" });
  return Buffer.from(d ?? "", "base64url").toString("base64");
}

/** The public half of a WireGuard key, as `wg pubkey` prints it; undefined when the text is no key. */
export function publicKeyOf(privateKey: string): string | undefined {
  const raw = Buffer.from(privateKey, "base64");
  if (raw.length !== 32 || raw.toString("base64") !== privateKey) return undefined;
  // PKCS #8 takes seven times as long, and a lab of a hundred has two hundred keys.
  const jwk = { kty: "OKP", crv: "X25519", d: raw.toString("base64url"), x: ANY_PUBLIC };
  const key = createPrivateKey({ key: jwk, format: "jwk" });
  const { x } = createPublicKey(key).export({ format: "jwk" });
  return Buffer.from(x ?? "", "base64url").toString("base64");
}

/** The first 16 hexadecimal digits of the SHA-256 of a key: `base64 -d FILE | sha256sum` shows the same. Tells nothing of a secret. */
export function keyFingerprint(key: string): string {
  return createHash("sha256").update(Buffer.from(key, "base64")).digest("hex").slice(0, 16);
}
