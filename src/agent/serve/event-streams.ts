import type { Socket } from "node:net";

import type { AgentEvent } from "../../core/status/model.ts";
import { onLog } from "../log.ts";
import { send } from "./listen.ts";

/** A burst of changes is told as one: computing a status is work, and twenty BNGs start at once. */
const SHORTEST_PAUSE_MS = 150;

/** Everybody who follows the agent's events. */
export class EventStreams<S> {
  readonly #status: () => Promise<S>;
  /** Everybody, with the status that was told last, as JSON. */
  readonly #told = new Map<Socket, string>();
  readonly #stopLog: () => void;
  #publishing: Promise<void> | undefined;
  #again = false;

  constructor(status: () => Promise<S>) {
    this.#status = status;
    this.#stopLog = onLog((level, message) => {
      const event: AgentEvent<S> = { event: "log", level, message };
      for (const socket of this.#told.keys()) send(socket, event);
    });
  }

  /** Sends a snapshot, then every change. An `attached` asker ends the stream by closing its input: the engine never tells a process that nobody reads. */
  async open(socket: Socket, words: readonly string[]): Promise<void> {
    if (words[0] === "attached") {
      if (socket.readableEnded) return void socket.end();
      socket.once("end", () => socket.end());
    }
    socket.once("close", () => this.#told.delete(socket));
    const status = await this.#status();
    send(socket, { event: "snapshot", status });
    if (socket.destroyed) return;
    this.#told.set(socket, JSON.stringify(status));
    // What changed while the snapshot was made was published without this one.
    await this.publish();
  }

  /** Sends the present status to every stream that was told another one. */
  async publish(): Promise<void> {
    if (this.#told.size === 0) return;
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
    for (const socket of this.#told.keys()) socket.destroy();
  }

  async #publishChanges(): Promise<void> {
    do {
      this.#again = false;
      const status = await this.#status();
      const text = JSON.stringify(status);
      for (const [socket, told] of this.#told) {
        if (told === text) continue;
        send(socket, { event: "status", status });
        this.#told.set(socket, text);
      }
      await new Promise((resolve) => setTimeout(resolve, SHORTEST_PAUSE_MS));
    } while (this.#again && this.#told.size > 0);
  }
}
