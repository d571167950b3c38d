import { Agent, type ClientRequest } from "node:http";
import { connect, isIP } from "node:net";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { connect as connectTls, createSecureContext, type SecureContext } from "node:tls";
import { inspect } from "node:util";
import { HostError, reasonOf } from "../../core/model/errors.ts";
import type { EngineEndpoint, TlsEndpoint } from "./endpoint.ts";
import { otherCertificates } from "./no-engine.ts";

/** Opens one more connection to an engine; how it fails is told by the connection. */
export type Dial = () => Duplex;

/** How to get to an engine. Throws HostError when certificates cannot be read. */
export async function openDial(endpoint: EngineEndpoint): Promise<Dial> {
  switch (endpoint.kind) {
    case "unix":
      return () => connect({ path: endpoint.socket });
    case "tcp":
      return () => connect({ host: endpoint.host, port: endpoint.port });
    case "tls":
      return await tlsDial(endpoint);
    case "ssh": {
      const { dialSsh } = await import("./ssh.ts");
      return () => dialSsh(endpoint);
    }
  }
}

async function tlsDial(endpoint: TlsEndpoint & EngineEndpoint): Promise<Dial> {
  const { host, port, skipVerify = false } = endpoint;
  const secureContext = await readCertificates(endpoint);
  // A name is asked for (SNI); an address cannot be, but is compared all the same.
  const named = isIP(host) === 0 ? { servername: host } : {};
  return () => connectTls({ host, port, secureContext, rejectUnauthorized: !skipVerify, ...named });
}

/** The certificates and the key for an engine. Throws HostError when one cannot be read or used. */
async function readCertificates(endpoint: TlsEndpoint & EngineEndpoint): Promise<SecureContext> {
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
        { hint, evidence: [cause.message], state: "Nothing was changed.", cause },
      );
    });
  const [ca, cert, key] = await Promise.all([read("ca.pem"), read("cert.pem"), read("key.pem")]);
  try {
    return createSecureContext({ ca, cert, key });
  } catch (cause) {
    throw new HostError("MHLAB_NO_ENGINE", `the certificates in ${folder} cannot be used`, {
      hint: `${hint}; key.pem is the key of cert.pem, all are PEM`,
      evidence: [reasonOf(cause)],
      state: "Nothing was changed.",
      cause,
    });
  }
}

/** Keeps connections for later requests, and opens one when all are in use. */
export class DialAgent extends Agent {
  readonly #dial: Dial;
  readonly #watch: (request: ClientRequest) => void;

  /** `watch` gets every request as it begins. */
  constructor(dial: Dial, watch: (request: ClientRequest) => void) {
    super({ keepAlive: true, maxSockets: 64 });
    this.#dial = dial;
    this.#watch = watch;
  }

  /** Every request comes by here, dockerode's too; node's types do not tell. */
  addRequest(request: ClientRequest, ...options: unknown[]): void {
    this.#watch(request);
    const { addRequest } = Agent.prototype as unknown as Pick<DialAgent, "addRequest">;
    addRequest.call(this, request, ...options);
  }

  /** docker-modem prints what it is given at every request, whether anybody reads that or not. */
  [inspect.custom](): string {
    return "DialAgent";
  }

  override createConnection(): Duplex {
    return this.#dial();
  }
}
