import type { EngineConnection } from "./connection.ts";
import { exitCodeOf, listen, startTalk, type ExecCommand } from "./exec.ts";
import { demultiplex } from "./frames.ts";

export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Runs a command in a container on our own terminal, if it is to have one, or pipes; resolves to its exit code. */
export async function attachExec(
  connection: EngineConnection,
  command: Pick<ExecCommand, "container" | "argv" | "terminal">,
  { stdin, stdout, stderr }: Terminal,
): Promise<number> {
  const { container, argv, terminal } = command;
  const tty = terminal !== undefined;
  const { id, talk } = await startTalk(connection, command);
  const resize = (): void => {
    const size = { h: stdout.rows, w: stdout.columns };
    connection.ask("resize a terminal", (docker) => docker.getExec(id).resize(size)).catch(() => undefined);
  };
  const output = new Output(container, stderr);
  const take = tty
    ? (piece: Buffer): void => output.take(stdout, piece)
    : demultiplex((name, piece) => output.take(name === "stderr" ? stderr : stdout, piece));
  try {
    if (tty) {
      stdin.setRawMode(true);
      stdout.on("resize", resize);
      resize();
    }
    return await connection.ask(`run ${argv[0] ?? "nothing"} in ${container}`, async () => {
      const heard = listen(talk, take);
      stdin.pipe(talk);
      await heard;
      return output.end(await exitCodeOf(connection, id));
    });
  } finally {
    stdin.unpipe(talk);
    stdin.pause();
    if (tty) stdin.setRawMode(false);
    stdout.off("resize", resize);
  }
}

/** Passes output on; what the engine says in place of a command that it could not start is translated. */
class Output {
  readonly #container: string;
  readonly #stderr: NodeJS.WriteStream;
  #begun = false;
  #held: { readonly stream: NodeJS.WriteStream; readonly piece: Buffer } | undefined;

  constructor(container: string, stderr: NodeJS.WriteStream) {
    this.#container = container;
    this.#stderr = stderr;
  }

  take(stream: NodeJS.WriteStream, piece: Buffer): void {
    this.#release();
    const first = !this.#begun;
    this.#begun = true;
    // A command may print such a line itself: only its exit code tells.
    if (first && execFailure(piece.toString(), this.#container) !== undefined) this.#held = { stream, piece };
    else stream.write(piece);
  }

  /** The exit code, as a shell has it where the command could not be started. */
  end(exitCode: number): number {
    const failure =
      exitCode === 126 || exitCode === 127
        ? execFailure(this.#held?.piece.toString() ?? "", this.#container)
        : undefined;
    if (failure === undefined) {
      this.#release();
      return exitCode;
    }
    this.#stderr.write(failure.text);
    return failure.exitCode;
  }

  #release(): void {
    this.#held?.stream.write(this.#held.piece);
    this.#held = undefined;
  }
}

/** What runc says through the engine when it cannot start a command in a container. */
const RUNC = /^OCI runtime exec failed: exec failed: .*?exec: "((?:[^"\\]|\\.)*)": ([^\n]*)/s;

/** Exit codes as a shell has them. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

export interface ExecFailure {
  readonly text: string;
  readonly exitCode: number;
}

/** The output of a command that could not be started, in plain words; undefined for the output of a command. */
export function execFailure(output: string, container: string): ExecFailure | undefined {
  const [, program, reason = ""] = RUNC.exec(output) ?? [];
  if (program === undefined) return undefined;
  if (/not found|no such file/.test(reason))
    return { text: `${container} has no program '${program}'\n`, exitCode: NOT_FOUND };
  const why = reason.replace(/: unknown.*$/, "").trim();
  return { text: `'${program}' cannot be run in ${container}: ${why}\n`, exitCode: NOT_EXECUTABLE };
}
