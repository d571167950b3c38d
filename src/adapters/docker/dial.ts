import { Agent, type ClientRequest } from "node:http";
import { connect, isIP } from "node:net";
import type { Duplex } from "node:stream";
import { inspect } from "node:util";
import type { EngineEndpoint, TlsEndpoint } from "./endpoint.ts";

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
  const [{ connect: connectTls }, { readCertificates }] = await Promise.all([
    import("node:tls"),
    import("./certificates.ts"),
  ]);
  const secureContext = await readCertificates(endpoint);
  // A name is asked for (SNI); an address cannot be, but is compared all the same.
  const named = isIP(host) === 0 ? { servername: host } : {};
  return () => connectTls({ host, port, secureContext, rejectUnauthorized: !skipVerify, ...named });
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
