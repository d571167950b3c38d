import { intoLines } from "../lines.ts";
import { CommandError } from "./command.ts";
import type { End, KeptProgram } from "./kept-program.ts";
import { keep } from "./kept.ts";

/** What it is called in errors, whoever it runs as and where. */
const NAME = ["ip", "-6", "-batch", "-"] as const;
const PATIENCE_MS = 30_000;
const FAILED_LINE = /^Command failed -:(\d+)/m;

/** Lines that belong together. */
interface Talk {
  readonly lines: readonly string[];
  /** How many of its lines are answered, each by one line. */
  readonly answers: number;
  readonly heard: string[];
  /** Number of its first line among all that were said, from 1. */
  first: number;
  resolve(heard: string[]): void;
  reject(error: unknown): void;
}

/** A line that `ip` could not do. */
export class LineError extends CommandError {
  /** Its index among those that were said with it; 0 when `ip` did not tell. */
  readonly line: number;

  constructor(end: End | undefined, stderr: string, line: number) {
    super(NAME, end?.code ?? null, stderr);
    this.line = line;
  }
}

/** One `ip -batch` that is told several things, one after the other. It ends at the first that fails; what was said after that is told another one. */
export class IpSession {
  readonly #argv: readonly string[];
  /** Those that are not done, in their order. */
  #talks: Talk[] = [];
  #program: Promise<KeptProgram> | undefined;
  #patience: NodeJS.Timeout | undefined;
  #said = 0;
  #complaint = "";
  #over = false;

  /** `argv` starts one that reads its lines from its input and answers with JSON. */
  constructor(argv: readonly string[]) {
    this.#argv = argv;
  }

  /** Whether anything was said to it before. */
  get isUsed(): boolean {
    return this.#said > 0;
  }

  /** Says lines, which are done up to the first that fails; resolves with the answers, rejects with a LineError. */
  async talk(lines: readonly string[], answers: number): Promise<string[]> {
    return await new Promise((resolve, reject) => {
      const talk = { lines, answers, heard: [], first: 0, resolve, reject };
      this.#talks.push(talk);
      this.#say(talk);
    });
  }

  /** The same, and ends. */
  async talkOnce(lines: readonly string[], answers: number): Promise<string[]> {
    const heard = this.talk(lines, answers);
    this.end();
    return await heard;
  }

  /** Says nothing more; it ends when all is done. */
  end(): void {
    this.#over = true;
    if (this.#talks.length === 0) this.#endInput();
  }

  #say(talk: Talk): void {
    talk.first = this.#said + 1;
    this.#said += talk.lines.length;
    this.#program ??= this.#start();
    const text = talk.lines.map((line) => `${line}\n`).join("");
    this.#program.then(
      (program) => program.feed(text),
      () => {},
    );
    if (this.#talks[0] === talk) this.#beginPatience();
  }

  async #start(): Promise<KeptProgram> {
    const starting = keep(this.#argv, { fed: true });
    starting.then(
      (program) => {
        program.read({
          onOutput: intoLines((line) => this.#hear(line)),
          onComplaint: (text) => (this.#complaint += text),
        });
        void program.ended.then((end) => this.#fail(end));
      },
      (error: Error) => {
        this.#complaint = error.message;
        this.#fail(undefined);
      },
    );
    return await starting;
  }

  #hear(line: string): void {
    const [talk] = this.#talks;
    if (talk === undefined) return;
    talk.heard.push(line);
    if (talk.heard.length < talk.answers) return;
    this.#talks.shift();
    this.#complaint = "";
    if (this.#talks.length > 0) this.#beginPatience();
    else this.#rest();
    talk.resolve(talk.heard);
  }

  /** The first one's line failed; the others were not begun. */
  #fail(end: End | undefined): void {
    const complaint = this.#complaint;
    const failed = this.#talks.shift();
    const rest = this.#talks;
    this.#program = undefined;
    this.#said = 0;
    this.#complaint = "";
    for (const talk of rest) this.#say(talk);
    if (rest.length === 0) this.#rest();
    if (failed === undefined) return;
    const line = Number(FAILED_LINE.exec(complaint)?.[1] ?? failed.first) - failed.first;
    failed.reject(new LineError(end, complaint, line));
  }

  /** For the first one. */
  #beginPatience(): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => {
      void this.#program?.then(
        (program) => program.signal("SIGKILL"),
        () => {},
      );
    }, PATIENCE_MS);
  }

  #rest(): void {
    clearTimeout(this.#patience);
    if (this.#over) this.#endInput();
  }

  #endInput(): void {
    this.#program?.then(
      (program) => program.endInput(),
      () => {},
    );
  }
}
