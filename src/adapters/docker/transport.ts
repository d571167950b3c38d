import { request } from "node:http";
import type { Duplex, Readable, Writable } from "node:stream";
import type { EngineConnection } from "./connection.ts";

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

/** Requests over node:http and an engine's connections. */
export function openTransport(connection: EngineConnection): Transport {
  return async ({ method, path, body, signal, hijack = false }) => {
    const agent = await connection.agent();
    return await new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const outgoing = request({
        host: "docker",
        agent,
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
  };
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
