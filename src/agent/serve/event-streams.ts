import type { Socket } from "node:net";

import type { AgentEvent } from "../../core/status/model.ts";
import { onLog } from "../log.ts";
import { send } from "./listen.ts";

/** A burst of changes is told as one: computing a status is work, and twenty BNGs start at once. */
const SHORTEST_PAUSE_MS = 150;

/** Everybody who follows the agent's events. */
export class EventStreams<S> {
  readonly #status: () => Promise<S>;
  readonly #sockets = new Set<Socket>();
  readonly #stopLog: () => void;
  #lastSent = "";
  #publishing: Promise<void> | undefined;
  #again = false;

  constructor(status: () => Promise<S>) {
    this.#status = status;
    this.#stopLog = onLog((level, message) => this.#broadcast({ event: "log", level, message }));
  }

  /** Sends a snapshot, then every change. An `attached` asker ends the stream by closing its input: the engine never tells a process that nobody reads. */
  async open(socket: Socket, words: readonly string[]): Promise<void> {
    if (words[0] === "attached") {
      if (socket.readableEnded) return void socket.end();
      socket.once("end", () => socket.end());
    }
    socket.once("close", () => this.#sockets.delete(socket));
    send(socket, { event: "snapshot", status: await this.#status() });
    if (!socket.destroyed) this.#sockets.add(socket);
  }

  /** Sends the present status to every stream when it differs from the last one sent. */
  async publish(): Promise<void> {
    if (this.#sockets.size === 0) return;
    if (this.#publishing !== undefined) {
      this.#again = true;
      return await this.#publishing;
    }
    this.#publishing = this.#publishChanges();
    try {
      await this.#publishing;
    } finally {
      this.#publishing = undefined;
    }
  }

  close(): void {
    this.#stopLog();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #publishChanges(): Promise<void> {
    do {
      this.#again = false;
      const status = await this.#status();
      const text = JSON.stringify(status);
      if (text !== this.#lastSent) this.#broadcast({ event: "status", status });
      this.#lastSent = text;
      await new Promise((resolve) => setTimeout(resolve, SHORTEST_PAUSE_MS));
    } while (this.#again && this.#sockets.size > 0);
  }

  #broadcast(event: AgentEvent<S>): void {
    for (const socket of this.#sockets) send(socket, event);
  }
}
