import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createSecureContext, type SecureContext } from "node:tls";
import { HostError, reasonOf } from "../../core/errors.ts";
import type { EngineEndpoint, TlsEndpoint } from "./endpoint.ts";
import { otherCertificates } from "./no-engine.ts";

const STATE = "Nothing was changed.";

/** The certificates and the key for an engine. Throws HostError when one cannot be read or used. */
export async function readCertificates(endpoint: TlsEndpoint & EngineEndpoint): Promise<SecureContext> {
  const { certificates: folder, context } = endpoint;
  const hint =
    context === undefined
      ? "DOCKER_CERT_PATH names the folder that holds ca.pem, cert.pem and key.pem"
      : otherCertificates(endpoint);
  const read = (name: string): Promise<Buffer | undefined> =>
    readFile(join(folder, name)).catch((cause: NodeJS.ErrnoException) => {
      if (context !== undefined && cause.code === "ENOENT") return undefined;
      throw new HostError(
        "MHLAB_NO_ENGINE",
        `cannot read ${join(folder, name)}, which TLS to the engine needs`,
        { hint, evidence: [cause.message], state: STATE, cause },
      );
    });
  const [ca, cert, key] = await Promise.all([read("ca.pem"), read("cert.pem"), read("key.pem")]);
  try {
    return createSecureContext({ ca, cert, key });
  } catch (cause) {
    throw new HostError("MHLAB_NO_ENGINE", `the certificates in ${folder} cannot be used`, {
      hint: `${hint}; key.pem is the key of cert.pem, all are PEM`,
      evidence: [reasonOf(cause)],
      state: STATE,
      cause,
    });
  }
}
