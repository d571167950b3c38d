import { Agent, request, type IncomingMessage, type RequestOptions } from "node:http";
import type { Readable } from "node:stream";
import type { EngineEndpoint } from "./endpoint.ts";

export interface EngineRequest {
  readonly method: "GET" | "POST" | "HEAD";
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export interface EngineResponse {
  readonly statusCode: number;
  readonly body: Readable;
}

/** Sends one request to an engine; rejects only when no answer comes. */
export type Transport = (question: EngineRequest) => Promise<EngineResponse>;

/** Opens a way to an engine. Plain sockets go over node:http, because loading dockerode costs more than most questions. */
export function openTransport(endpoint: EngineEndpoint): Transport {
  if (endpoint.kind === "modem") return modemTransport(endpoint);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const target: RequestOptions =
    endpoint.kind === "unix"
      ? { socketPath: endpoint.socket, host: "docker" }
      : { host: endpoint.host, port: endpoint.port };
  return ({ method, path, body, signal }) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const outgoing = request({
        ...target,
        agent,
        method,
        path,
        ...(signal === undefined ? {} : { signal }),
        ...(text === undefined
          ? {}
          : { headers: { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) } }),
      });
      outgoing.on("response", (answer) => resolve({ statusCode: answer.statusCode ?? 0, body: answer }));
      outgoing.on("error", reject);
      outgoing.end(text);
    });
}

/** TLS and SSH by dockerode's modem. */
function modemTransport(endpoint: EngineEndpoint): Transport {
  const engine = import("./connect.ts").then(({ connect }) => connect(endpoint));
  return async ({ method, path, body, signal }) => {
    const { modem } = (await engine) as { modem: DockerModem };
    return await new Promise((resolve, reject) => {
      const statusCodes = new Proxy<Record<number, boolean>>({}, { get: () => true });
      // The modem cuts the last character of a path that has a question mark.
      const options = { path: `${path}?`, method, abortSignal: signal, isStream: true, statusCodes };
      modem.dial(
        body === undefined ? options : { ...options, options: { _query: {}, _body: body } },
        (error, answer) => {
          const message = answer as IncomingMessage | null | undefined;
          if (message === null || message === undefined) {
            reject(error instanceof Error ? error : new Error(String(error)));
          } else resolve({ statusCode: message.statusCode ?? 200, body: message });
        },
      );
    });
  };
}

interface DockerModem {
  dial(options: object, done: (error: unknown, answer: unknown) => void): void;
}
