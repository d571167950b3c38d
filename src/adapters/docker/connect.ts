import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type Dockerode from "dockerode";
import { HostError } from "../../core/errors.ts";
import type { EngineEndpoint } from "./endpoint.ts";

/** A dockerode for an endpoint. Loaded late: importing it takes longer than `mhlab --help` may. */
export async function connect(endpoint: EngineEndpoint): Promise<Dockerode> {
  const { default: Docker } = await import("dockerode");
  if (endpoint.kind === "unix") return new Docker({ socketPath: endpoint.socket });
  if (endpoint.kind === "tcp")
    return new Docker({ protocol: "http", host: endpoint.host, port: endpoint.port });
  const { url } = endpoint;
  if (url.protocol === "ssh:") {
    return new Docker({
      protocol: "ssh",
      host: url.hostname,
      port: Number(url.port || 22),
      username: url.username,
      sshOptions: process.env["SSH_AUTH_SOCK"] === undefined ? {} : { agent: process.env["SSH_AUTH_SOCK"] },
    });
  }
  const folder = process.env["DOCKER_CERT_PATH"] ?? join(homedir(), ".docker");
  const read = (name: string): Promise<Buffer> =>
    readFile(join(folder, name)).catch((cause: unknown) => {
      throw new HostError(
        "MHLAB_NO_ENGINE",
        `cannot read ${join(folder, name)}, which TLS to the engine needs`,
        {
          hint: "set DOCKER_CERT_PATH to the folder that holds ca.pem, cert.pem and key.pem",
          cause,
        },
      );
    });
  const [ca, cert, key] = await Promise.all([read("ca.pem"), read("cert.pem"), read("key.pem")]);
  return new Docker({ protocol: "https", host: url.hostname, port: Number(url.port || 2376), ca, cert, key });
}
