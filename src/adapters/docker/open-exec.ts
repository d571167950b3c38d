import type { Duplex } from "node:stream";
import type Dockerode from "dockerode";

export interface ExecCommand {
  readonly container: string;
  readonly argv: readonly string[];
  readonly tty: boolean;
}

/** Starts a command in a container with its input and output on one connection; throws the engine's error. */
export async function openExec(
  docker: Dockerode,
  { container, argv, tty }: ExecCommand,
): Promise<{ exec: Dockerode.Exec; stream: Duplex }> {
  const exec = await docker.getContainer(container).exec({
    Cmd: [...argv],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: tty,
    ...(tty ? { Env: [`TERM=${process.env["TERM"] ?? "xterm"}`] } : {}),
  });
  return { exec, stream: await exec.start({ hijack: true, stdin: true, Tty: tty }) };
}
