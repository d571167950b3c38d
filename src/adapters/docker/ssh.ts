/** Engines behind SSH, as the docker command does it: the user's ssh runs `docker system dial-stdio` over there. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { Socket } from "node:net";
import { Duplex } from "node:stream";
import type { SshEndpoint } from "./endpoint.ts";
import { SSH_FAILED } from "./errors.ts";

/** sshd turns strangers away at random once ten are not logged in yet (MaxStartups). */
const LOGINS_AT_ONCE = 6;
/** A connection that says nothing yet (a long build) is taken to be logged in. */
const LOGIN_MS = 3000;
const EVIDENCE_BYTES = 4000;

/** The command line. ssh asks for nothing: many connections would ask at once, in the middle of other output. */
export function sshCommand({ host, port, user, socket }: SshEndpoint): string[] {
  const remote = socket === undefined ? ["docker"] : ["docker", "--host", quoted(`unix://${socket}`)];
  const login = user === undefined ? [] : ["-l", user];
  const door = port === undefined ? [] : ["-p", String(port)];
  const options = ["-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=30", ...login, ...door];
  return ["ssh", ...options, "--", host, ...remote, "system", "dial-stdio"];
}

/** ssh hands one line to the shell over there. */
function quoted(word: string): string {
  return /^[\w/:.@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Opens one connection. */
export function dialSsh(endpoint: SshEndpoint): Duplex {
  return new SshConnection(sshCommand(endpoint));
}

let loggingIn = 0;
const waiting: (() => void)[] = [];

function begin(login: () => void): void {
  if (loggingIn >= LOGINS_AT_ONCE) waiting.push(login);
  else {
    loggingIn++;
    login();
  }
}

function loggedIn(): void {
  const next = waiting.shift();
  if (next === undefined) loggingIn--;
  else next();
}

class SshConnection extends Duplex {
  private child: ChildProcessWithoutNullStreams | undefined;
  private readonly early: (() => void)[] = [];

  constructor(argv: readonly string[]) {
    super({ allowHalfOpen: false });
    begin(() => this.start(argv));
  }

  /** What an http.Agent asks of a socket; a pipe needs none of it. */
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    for (const handle of handlesOf(this.child)) handle.ref();
    return this;
  }
  unref(): this {
    for (const handle of handlesOf(this.child)) handle.unref();
    return this;
  }

  private start([program = "ssh", ...words]: readonly string[]): void {
    let done = false;
    const arrived = (): void => {
      if (!done) loggedIn();
      done = true;
      clearTimeout(timer);
    };
    const timer = setTimeout(arrived, LOGIN_MS);
    if (this.destroyed) {
      arrived();
      return;
    }
    // A session of its own: Ctrl-C is for mhlab, which has to end properly what runs over there.
    const child = spawn(program, words, { stdio: ["pipe", "pipe", "pipe"], detached: true });
    this.child = child;
    let said = "";
    child.stdout.on("data", (piece: Buffer) => {
      arrived();
      if (!this.push(piece)) child.stdout.pause();
    });
    child.stderr.on("data", (piece: Buffer) => {
      said = `${said}${piece.toString("utf8")}`.slice(-EVIDENCE_BYTES);
    });
    // It says so by its exit code.
    child.stdin.on("error", () => undefined);
    child.on("error", (error) => {
      arrived();
      this.destroy(error);
    });
    child.on("close", (code) => {
      arrived();
      if (code === 0 || this.destroyed) this.push(null);
      else this.destroy(failure(code, said));
    });
    for (const act of this.early.splice(0)) act();
  }

  /** Acts on the program, as soon as there is one. */
  private with(act: (child: ChildProcessWithoutNullStreams) => void): void {
    const { child } = this;
    if (child === undefined) this.early.push(() => this.with(act));
    else act(child);
  }

  override _read(): void {
    this.child?.stdout.resume();
  }

  override _write(piece: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    // A failed write is told by the program's end.
    this.with(({ stdin }) => stdin.write(piece, () => done()));
  }

  override _final(done: () => void): void {
    this.with(({ stdin }) => stdin.end(done));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.child?.kill();
    done(error);
  }
}

/** What keeps this program running while it is open: the other program, and the pipes to it. */
function handlesOf(child: ChildProcessWithoutNullStreams | undefined): { ref(): void; unref(): void }[] {
  if (child === undefined) return [];
  return [child, ...[child.stdin, child.stdout, child.stderr].filter((pipe) => pipe instanceof Socket)];
}

function failure(code: number | null, said: string): Error {
  const text = said.trim() === "" ? `ssh ended with ${code ?? "a signal"}` : said.trim();
  return Object.assign(new Error(text), { code: SSH_FAILED });
}
