import { constants, mkdirSync, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { dirname } from "node:path";

import type { Confinement } from "../../../core/confinement/programs.ts";
import { run } from "../../net/command.ts";
import { shareFile } from "../../supervise/confine.ts";
import { readLines } from "../../supervise/daemon.ts";

/** A FIFO that others write lines into; a write of one line is whole or does not happen (pipe(7)). */
export class Notices {
  readonly #path: string;
  readonly #writer: Confinement;
  #socket: Socket | undefined;

  constructor(path: string, writer: Confinement) {
    this.#path = path;
    this.#writer = writer;
  }

  /** Makes it anew and listens; what is written from now on is heard. */
  async listen(onLine: (line: string) => void): Promise<void> {
    mkdirSync(dirname(this.#path), { recursive: true });
    rmSync(this.#path, { force: true });
    await run(["mkfifo", this.#path]);
    shareFile(this.#path, this.#writer);
    // Open for writing as well, so that it does not end with the last writer.
    const fd = openSync(this.#path, constants.O_RDWR | constants.O_NONBLOCK);
    this.#socket = new Socket({ fd, readable: true, writable: false });
    readLines(this.#socket, onLine);
  }

  close(): void {
    this.#socket?.destroy();
  }
}
