import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createSecureContext, type SecureContext } from "node:tls";
import { HostError } from "../../core/errors.ts";

const HINT = "DOCKER_CERT_PATH names the folder that holds ca.pem, cert.pem and key.pem";
const STATE = "Nothing was changed.";

/** The certificates and the key for an engine, from a folder. Throws HostError when one cannot be read or used. */
export async function readCertificates(folder: string): Promise<SecureContext> {
  const read = (name: string): Promise<Buffer> =>
    readFile(join(folder, name)).catch((cause: unknown) => {
      throw new HostError(
        "MHLAB_NO_ENGINE",
        `cannot read ${join(folder, name)}, which TLS to the engine needs`,
        { hint: HINT, evidence: [messageOf(cause)], state: STATE, cause },
      );
    });
  const [ca, cert, key] = await Promise.all([read("ca.pem"), read("cert.pem"), read("key.pem")]);
  try {
    return createSecureContext({ ca, cert, key });
  } catch (cause) {
    throw new HostError("MHLAB_NO_ENGINE", `the certificates in ${folder} cannot be used`, {
      hint: `${HINT}; key.pem is the key of cert.pem, all are PEM`,
      evidence: [messageOf(cause)],
      state: STATE,
      cause,
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
