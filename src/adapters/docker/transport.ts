import { Agent, request, type IncomingMessage, type RequestOptions } from "node:http";
import type { Duplex, Readable, Writable } from "node:stream";
import type { EngineEndpoint } from "./endpoint.ts";

export interface EngineRequest {
  readonly method: "GET" | "POST" | "HEAD";
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** Takes the connection over for what is being attached to, whose input lasts as long as the connection. */
  readonly hijack?: boolean;
}

export interface EngineResponse {
  readonly statusCode: number;
  readonly body: Readable;
}

/** Sends one request to an engine; rejects only when no answer comes. */
export type Transport = (question: EngineRequest) => Promise<EngineResponse>;

const UPGRADED = 101;

/** Opens a way to an engine. Plain sockets go over node:http, because loading dockerode costs more than most questions. */
export function openTransport(endpoint: EngineEndpoint): Transport {
  if (endpoint.kind === "modem") return modemTransport(endpoint);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const target: RequestOptions =
    endpoint.kind === "unix"
      ? { socketPath: endpoint.socket, host: "docker" }
      : { host: endpoint.host, port: endpoint.port };
  return ({ method, path, body, signal, hijack = false }) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const outgoing = request({
        ...target,
        agent: hijack ? false : agent,
        method,
        path,
        ...(signal === undefined || hijack ? {} : { signal }),
        headers: {
          ...(text === undefined
            ? {}
            : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) }),
          ...(hijack ? { Connection: "Upgrade", Upgrade: "tcp" } : {}),
        },
      });
      outgoing.on("upgrade", (_answer, socket: Duplex, head) => {
        if (head.length > 0) socket.unshift(head);
        resolve({ statusCode: UPGRADED, body: closedBy(signal, socket) });
      });
      outgoing.on("response", (answer) => {
        resolve({ statusCode: answer.statusCode ?? 0, body: hijack ? closedBy(signal, answer) : answer });
      });
      if (hijack) closedBy(signal, outgoing);
      outgoing.on("error", reject);
      outgoing.end(text);
    });
}

/** Nobody but its owner ends a connection that was taken over. */
function closedBy<T extends Readable | Writable>(signal: AbortSignal | undefined, socket: T): T {
  const close = (): void => {
    socket.destroy(new DOMException("the connection was given up", "AbortError"));
  };
  // Its reader hears of an error by itself; without a reader it must not end the process.
  socket.on("error", () => undefined);
  if (signal?.aborted === true) close();
  signal?.addEventListener("abort", close, { once: true });
  socket.once("close", () => signal?.removeEventListener("abort", close));
  return socket;
}

/** TLS and SSH by dockerode's modem. */
function modemTransport(endpoint: EngineEndpoint): Transport {
  const engine = import("./connect.ts").then(({ connect }) => connect(endpoint));
  return async ({ method, path, body, signal, hijack = false }) => {
    const { modem } = (await engine) as { modem: DockerModem };
    return await new Promise((resolve, reject) => {
      const statusCodes = new Proxy<Record<number, boolean>>({}, { get: () => true });
      // The modem cuts the last character of a path that has a question mark.
      const options = { path: `${path}?`, method, abortSignal: signal, isStream: true, hijack, statusCodes };
      modem.dial(
        body === undefined ? options : { ...options, options: { _query: {}, _body: body } },
        (error, answer) => {
          const message = answer as IncomingMessage | Duplex | null | undefined;
          if (message === null || message === undefined) {
            reject(error instanceof Error ? error : new Error(String(error)));
          } else if ("statusCode" in message) {
            resolve({ statusCode: message.statusCode ?? 200, body: message });
          } else resolve({ statusCode: UPGRADED, body: closedBy(signal, message as Duplex) });
        },
      );
    });
  };
}

interface DockerModem {
  dial(options: object, done: (error: unknown, answer: unknown) => void): void;
}
