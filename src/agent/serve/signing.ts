import { readFileSync } from "node:fs";
import { containerIdIn, Signer } from "../../core/model/protocol/proof.ts";
import { randomHex } from "../random.ts";

/** Who signs the lines of a connection that was asked with a nonce; undefined without one, and where the engine lets no container know its id. */
export function signerFor(nonce: string | undefined): Signer | undefined {
  const containerId =
    nonce === undefined ? undefined : containerIdIn(readFileSync("/proc/self/mountinfo", "utf8"));
  if (nonce === undefined || containerId === undefined) return undefined;
  // Loaded only here: it takes 3 ms, of each agent that starts. Compiled code has no import().
  const { createHmac } = process.getBuiltinModule("node:crypto");
  return new Signer(nonce, randomHex(6), (text) =>
    createHmac("sha256", containerId).update(text).digest("hex"),
  );
}
