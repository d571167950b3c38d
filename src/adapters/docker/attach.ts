import type { EngineConnection } from "./connection.ts";
import { execFailure } from "./exec-failure.ts";
import { engineError } from "./errors.ts";
import { exitCodeOf, startTalk, type ExecCommand } from "./exec.ts";
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
  try {
    if (tty) {
      stdin.setRawMode(true);
      stdout.on("resize", resize);
      resize();
      talk.on("data", (piece: Buffer) => output.take(stdout, piece));
    } else {
      const take = demultiplex((name, piece) => output.take(name === "stderr" ? stderr : stdout, piece));
      talk.on("data", (piece: Buffer) => {
        try {
          take(piece);
        } catch (error) {
          talk.destroy(error as Error);
        }
      });
    }
    stdin.pipe(talk);
    await new Promise<void>((resolve, reject) => {
      talk.once("end", resolve);
      talk.once("close", resolve);
      talk.once("error", reject);
    });
    return output.end(await exitCodeOf(connection, id));
  } catch (error) {
    throw engineError(error, `run ${argv[0] ?? "nothing"} in ${container}`);
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
