import type { EngineClient } from "./client.ts";
import { engineError } from "./errors.ts";
import { exitCodeOf, resizeExec, startTalk, type ExecCommand } from "./exec.ts";
import { demultiplex } from "./frames.ts";

export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Runs a command in a container on our own terminal, if it is to have one, or pipes; resolves to its exit code. */
export async function attachExec(
  client: EngineClient,
  command: Pick<ExecCommand, "container" | "argv" | "terminal">,
  { stdin, stdout, stderr }: Terminal,
): Promise<number> {
  const { container, argv, terminal } = command;
  const tty = terminal !== undefined;
  const { id, talk } = await startTalk(client, command);
  const resize = (): void => {
    resizeExec(client, id, stdout).catch(() => undefined);
  };
  try {
    if (tty) {
      stdin.setRawMode(true);
      stdout.on("resize", resize);
      resize();
      talk.pipe(stdout, { end: false });
    } else {
      const take = demultiplex((name, piece) => void (name === "stderr" ? stderr : stdout).write(piece));
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
    return await exitCodeOf(client, id);
  } catch (error) {
    throw engineError(error, `run ${argv[0] ?? "nothing"} in ${container}`);
  } finally {
    stdin.unpipe(talk);
    stdin.pause();
    if (tty) stdin.setRawMode(false);
    stdout.off("resize", resize);
  }
}
