import type Dockerode from "dockerode";
import { engineError } from "./errors.ts";
import { openExec, type ExecCommand } from "./open-exec.ts";

export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Runs a command in a container on our own terminal (`tty`) or pipes; resolves to its exit code. */
export async function attachExec(
  docker: Dockerode,
  command: ExecCommand,
  terminal: Terminal,
): Promise<number> {
  const { container, argv, tty } = command;
  const { stdin, stdout, stderr } = terminal;
  try {
    const { exec, stream } = await openExec(docker, command);
    const resize = (): void => {
      exec.resize({ h: stdout.rows, w: stdout.columns }).catch(() => undefined);
    };
    if (tty) {
      stdin.setRawMode(true);
      stdout.on("resize", resize);
      resize();
      stream.pipe(stdout, { end: false });
    } else docker.modem.demuxStream(stream, stdout, stderr);
    stdin.pipe(stream);
    try {
      await new Promise<void>((resolve, reject) => {
        stream.once("end", resolve);
        stream.once("close", resolve);
        stream.once("error", reject);
      });
    } finally {
      stdin.unpipe(stream);
      stdin.pause();
      if (tty) stdin.setRawMode(false);
      stdout.off("resize", resize);
    }
    return (await exec.inspect()).ExitCode ?? -1;
  } catch (error) {
    throw engineError(error, `run ${argv[0] ?? "nothing"} in ${container}`);
  }
}
