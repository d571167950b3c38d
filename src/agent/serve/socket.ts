import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { dirname } from "node:path";

import type { AgentEvent } from "../../core/status/model.ts";
import { AGENT_SOCKET } from "../../core/names.ts";
import { onLog, reasonOf } from "../log.ts";

/** A verb of the agent's protocol: gets the words after it, returns what is printed as one JSON line. */
export type Verb = (words: readonly string[]) => Promise<unknown>;

export interface AgentServer<S> {
  /** Sends the present status to every events stream when it differs from the last one sent. */
  publish(): Promise<void>;
  close(): void;
  readonly status: () => Promise<S>;
}

const LONGEST_REQUEST = 4096;

function send(socket: Socket, value: unknown): void {
  socket.write(`${JSON.stringify(value)}\n`);
}

/**
 * Serves one line per request on the agent's socket: `status`, `events`, and the verbs given. An answer is one JSON line;
 * a failure is `{"error": …}`. Listens when the promise resolves.
 */
export async function serveAgent<S>(
  status: () => Promise<S>,
  verbs: Record<string, Verb> = {},
): Promise<AgentServer<S>> {
  const streams = new Set<Socket>();
  let lastSent = "";
  const broadcast = (event: AgentEvent<S>): void => {
    for (const socket of streams) send(socket, event);
  };
  const answer = async (socket: Socket, line: string): Promise<void> => {
    const [verb = "", ...words] = line.trim().split(/\s+/);
    if (verb === "events") {
      // An asker who holds its input open ends the stream by closing it: the engine never tells a process that nobody reads.
      if (words[0] === "attached") {
        if (socket.readableEnded) return void socket.end();
        socket.once("end", () => socket.end());
      }
      send(socket, { event: "snapshot", status: await status() });
      streams.add(socket);
      return;
    }
    const handler = verb === "status" ? status : verbs[verb];
    if (handler === undefined) {
      send(socket, {
        error: `unknown request '${verb}'; known are ${["status", "events", ...Object.keys(verbs)].join(", ")}`,
      });
    } else {
      send(socket, await handler(words));
    }
    socket.end();
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let request = "";
    socket.setEncoding("utf8");
    socket.on("error", () => {});
    socket.on("close", () => streams.delete(socket));
    socket.on("data", (text: string) => {
      request += text;
      const end = request.indexOf("\n");
      if (end < 0 && request.length < LONGEST_REQUEST) return;
      socket.removeAllListeners("data");
      socket.resume();
      answer(socket, request.slice(0, end < 0 ? undefined : end)).catch((error: unknown) => {
        send(socket, { error: reasonOf(error) });
        socket.end();
      });
    });
  });
  mkdirSync(dirname(AGENT_SOCKET), { recursive: true });
  rmSync(AGENT_SOCKET, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(AGENT_SOCKET, resolve);
  });
  chmodSync(AGENT_SOCKET, 0o600);
  const stopLog = onLog((level, message) => broadcast({ event: "log", level, message }));
  return {
    status,
    publish: async () => {
      if (streams.size === 0) return;
      const now = await status();
      const text = JSON.stringify(now);
      if (text !== lastSent) broadcast({ event: "status", status: now });
      lastSent = text;
    },
    close: () => {
      stopLog();
      server.close();
      for (const socket of streams) socket.destroy();
    },
  };
}
