import { constants, mkdirSync, openSync, rmSync } from "node:fs";
import { Socket, type OnReadOpts, type SocketConstructorOpts } from "node:net";
import { dirname } from "node:path";
import { StringDecoder } from "node:string_decoder";

import type { Confinement } from "../../../core/render/confinement/programs.ts";
import { run } from "../../programs/command.ts";
import { shareFile } from "../../programs/confine.ts";
import { intoLines } from "../../lines.ts";

/** So much is read at once, into memory that is there: a stream would take as much anew for every line. */
const BUFFER_BYTES = 65_536;
/** What comes meanwhile is read together: the writer writes line by line, thousands in a second, and its pipe holds 1 MiB. */
const GATHER_MS = 20;

/** A FIFO that others write lines into; a write of one line is whole or does not happen (pipe(7)). */
export class Notices {
  readonly #path: string;
  readonly #writer: Confinement;
  #socket: Socket | undefined;
  #gathering: NodeJS.Timeout | undefined;

  constructor(path: string, writer: Confinement) {
    this.#path = path;
    this.#writer = writer;
  }

  /** Makes it anew and listens; what is written from now on is heard, at once or `GATHER_MS` after what was heard before. */
  async listen(onLine: (line: string) => void): Promise<void> {
    mkdirSync(dirname(this.#path), { recursive: true });
    rmSync(this.#path, { force: true });
    await run(["mkfifo", this.#path]);
    shareFile(this.#path, this.#writer);
    // Open for writing as well, so that it does not end with the last writer.
    const fd = openSync(this.#path, constants.O_RDWR | constants.O_NONBLOCK);
    const decoder = new StringDecoder("utf8");
    const take = intoLines(onLine);
    const buffer = Buffer.alloc(BUFFER_BYTES);
    const callback = (bytes: number): boolean => {
      take(decoder.write(buffer.subarray(0, bytes)));
      if (bytes === BUFFER_BYTES) return true;
      this.#gathering = setTimeout(() => socket.resume(), GATHER_MS);
      return false;
    };
    // The types have `onread` for connections only; Node has it for every socket.
    const options: SocketConstructorOpts & { onread: OnReadOpts } = {
      fd,
      readable: true,
      writable: false,
      onread: { buffer, callback },
    };
    const socket = new Socket(options);
    this.#socket = socket.resume();
  }

  close(): void {
    clearTimeout(this.#gathering);
    this.#socket?.destroy();
  }
}
