import type { Duplex, Readable } from "node:stream";
import { endedExec } from "./answers.ts";
import type { EngineConnection } from "./connection.ts";

/** A command in a container. */
export interface ExecCommand {
  readonly container: string;
  readonly argv: readonly string[];
  /** Whether its input is held open for as long as its connection; otherwise it has none. */
  readonly attached?: boolean;
  /** Whether it gets a terminal, of this kind. */
  readonly terminal?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Starts a command; its id, and its output as frames, or as it is from a terminal. */
export async function startExec(
  connection: EngineConnection,
  command: ExecCommand,
): Promise<{ id: string; output: Readable }> {
  const { container, argv, attached = false, terminal, signal } = command;
  const tty = terminal !== undefined;
  const abort = signal === undefined ? {} : { abortSignal: signal };
  return await connection.ask(`run ${argv.join(" ")} in ${container}`, async (docker) => {
    const made = await docker.getContainer(encodeURIComponent(container)).exec({
      AttachStdin: attached,
      AttachStdout: true,
      AttachStderr: true,
      Tty: tty,
      ...(tty ? { Env: [`TERM=${terminal}`] } : {}),
      Cmd: [...argv],
      ...abort,
    });
    // An id is the engine's word, and leads nowhere else.
    const id = encodeURIComponent(made.id);
    const output = await docker.getExec(id).start({ Tty: tty, Detach: false, hijack: attached, ...abort });
    return { id, output: attached ? closedBy(signal, output) : output };
  });
}

/** Starts a command whose input is to be written to. */
export async function startTalk(
  connection: EngineConnection,
  command: Omit<ExecCommand, "attached">,
): Promise<{ id: string; talk: Duplex }> {
  const { id, output } = await startExec(connection, { ...command, attached: true });
  return await connection.ask(`run ${command.argv.join(" ")} in ${command.container}`, () => {
    if (isDuplex(output)) return Promise.resolve({ id, talk: output });
    output.destroy();
    throw new Error("it does not hand over the connection (HTTP upgrade), so the command has no input");
  });
}

/** What a command that has ended came to; -1 when the engine does not know. */
export async function exitCodeOf(
  connection: EngineConnection,
  id: string,
  signal?: AbortSignal,
): Promise<number> {
  const ended = await connection.read("read an exit code", endedExec, (docker) =>
    docker.getExec(id).inspect(signal === undefined ? {} : { abortSignal: signal }),
  );
  return ended?.ExitCode ?? -1;
}

/** Nobody but its owner ends a connection that was taken over. */
function closedBy(signal: AbortSignal | undefined, socket: Readable): Readable {
  const close = (): void => {
    socket.destroy(new DOMException("the connection was given up", "AbortError"));
  };
  // Its reader hears of an error by itself; without a reader it must not end the process.
  socket.on("error", () => undefined);
  if (signal?.aborted === true) close();
  signal?.addEventListener("abort", close, { once: true });
  socket.once("close", () => signal?.removeEventListener("abort", close));
  return socket;
}

function isDuplex(stream: Readable): stream is Duplex {
  return "write" in stream;
}
