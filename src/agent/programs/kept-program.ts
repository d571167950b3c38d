import { StringDecoder } from "node:string_decoder";

/** How a program ended: by itself with a code, or by a signal. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Called with what a program prints, as it comes. */
export interface Reader {
  onOutput?(text: string): void;
  onComplaint?(text: string): void;
}

/** Sends a running program a signal. */
type SendSignal = (signal: NodeJS.Signals) => void;

/** Which of its two streams. */
export type Stream = "output" | "complaint";

/** A program that runs until it is told to end. */
export class KeptProgram {
  readonly pid: number;
  /** Resolves when it ended and all that it printed was handed over. */
  readonly ended: Promise<End>;
  #resolve: (end: End) => void = () => {};
  #end: End | undefined;
  #reader: Reader | undefined;
  #unread: [Stream, Buffer][] = [];
  readonly #decoders = { output: new StringDecoder("utf8"), complaint: new StringDecoder("utf8") };
  readonly #send: SendSignal;

  /** `send` is not called once it ended. */
  constructor(pid: number, send: SendSignal) {
    this.pid = pid;
    this.#send = send;
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** How it ended; undefined while it runs. */
  get end(): End | undefined {
    return this.#end;
  }

  /** Hands over what it printed already, and all that it will. */
  read(reader: Reader): void {
    this.#reader = reader;
    const unread = this.#unread;
    this.#unread = [];
    for (const [stream, bytes] of unread) this.hear(stream, bytes);
  }

  /** Sends it a signal; nothing happens once it ended. */
  signal(signal: NodeJS.Signals): void {
    if (this.#end === undefined) this.#send(signal);
  }

  /** Told what it printed. */
  hear(stream: Stream, bytes: Buffer): void {
    if (this.#reader === undefined) this.#unread.push([stream, bytes]);
    else if (stream === "output") this.#reader.onOutput?.(this.#decoders.output.write(bytes));
    else this.#reader.onComplaint?.(this.#decoders.complaint.write(bytes));
  }

  /** Told how it ended. */
  finish(end: End): void {
    this.#end ??= end;
    this.#resolve(this.#end);
  }
}
