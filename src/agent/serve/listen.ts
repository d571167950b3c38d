import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";

import { reasonOf } from "../log.ts";

/** What a connection gets for its first line; throwing answers `{"error": …}`. */
export type Answer = (socket: Socket, line: string) => Promise<void>;

const LONGEST_REQUEST = 4096;

/** Writes a value as one line. */
export function send(socket: Socket, value: unknown): void {
  socket.write(`${JSON.stringify(value)}\n`);
}

/** Answers the first line of every connection to a unix socket, which replaces a stale one. Listens when the promise resolves. */
export async function listen(path: string, answer: Answer): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let request = "";
    socket.setEncoding("utf8");
    socket.on("error", () => {});
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
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return server;
}
