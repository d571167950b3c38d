import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";

import { failureOf } from "../../core/model/protocol/failure.ts";
import { LONGEST_REQUEST } from "../../core/model/protocol/request.ts";

/** What a connection gets for its first line; throwing answers a failure. */
export type Answer = (socket: Socket, line: string) => Promise<void>;

/** How long one may go on talking after the answer. */
const LAST_WORDS_MS = 2000;

/** Writes a value as one line. */
export function send(socket: Socket, value: unknown): void {
  socket.write(`${JSON.stringify(value)}\n`);
}

/** Answers the first line of every connection to a unix socket, which replaces a stale one. Listens when the promise resolves. */
export async function listen(path: string, answer: Answer): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.setEncoding("utf8");
    socket.on("error", () => {});
    readRequest(socket, (line) => {
      answer(socket, line).catch((error: unknown) => {
        send(socket, failureOf(error));
        socket.end();
        setTimeout(() => socket.destroy(), LAST_WORDS_MS).unref();
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

/** Hands over the first line, or what came without one: too much, or all that there was. */
function readRequest(socket: Socket, onRequest: (line: string) => void): void {
  let request = "";
  const take = (): void => {
    socket.off("data", onData);
    socket.off("end", onEnd);
    // What follows is of no interest.
    socket.resume();
    const end = request.indexOf("\n");
    onRequest(end < 0 ? request : request.slice(0, end));
  };
  const onData = (text: string): void => {
    request += text;
    if (request.includes("\n") || request.length > LONGEST_REQUEST) take();
  };
  const onEnd = (): void => {
    if (request === "") socket.end();
    else take();
  };
  socket.on("data", onData);
  socket.once("end", onEnd);
}
