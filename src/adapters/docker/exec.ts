import type { Duplex, Readable } from "node:stream";
import type { ByteStream } from "../../app/ports/exec-bytes.ts";
import { endedExec } from "./answers.ts";
import type { EngineConnection } from "./connection.ts";
import { demultiplex } from "./frames.ts";

/** How long a command may take to end once its input has ended. */
const END_MS = 5000;

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

/** Takes what a command says until its connection ends; rejects with what breaks that off, or what `take` throws. */
export async function listen(talk: Duplex, take: (piece: Buffer) => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    talk.on("data", (piece: Buffer) => {
      try {
        take(piece);
      } catch (error) {
        talk.destroy(error as Error);
      }
    });
    talk.once("end", resolve).once("close", resolve).once("error", reject);
  });
}

/**
 * Runs a command with binary output and its input held open until the signal fires: the engine never tells a process
 * that its reader is gone, but when this connection ends, however it ends, the engine closes the input.
 */
export async function execBytes(
  connection: EngineConnection,
  container: string,
  argv: readonly string[],
  receiver: ByteStream,
): Promise<number> {
  const { signal } = receiver;
  const { id, talk } = await startTalk(connection, { container, argv });
  let late: NodeJS.Timeout | undefined;
  const stop = (): void => {
    talk.end();
    late = setTimeout(() => talk.destroy(), END_MS);
  };
  return await connection.ask(`run ${argv[0] ?? "nothing"} in ${container}`, async () => {
    try {
      const heard = listen(
        talk,
        demultiplex((name, piece) => {
          if (name === "stderr") receiver.onErrorOutput(piece);
          else receiver.onOutput(piece);
        }),
      );
      if (signal.aborted) stop();
      else {
        receiver.onOpen?.((bytes) => void (talk.writable && talk.write(bytes)));
        signal.addEventListener("abort", stop, { once: true });
      }
      await heard;
      return await exitCodeOf(connection, id);
    } finally {
      clearTimeout(late);
      signal.removeEventListener("abort", stop);
    }
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
