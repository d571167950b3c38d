import type { ByteStream } from "../../app/ports/exec-bytes.ts";
import type { EngineConnection } from "./connection.ts";
import { engineError } from "./errors.ts";
import { exitCodeOf, startTalk } from "./exec.ts";
import { demultiplex } from "./frames.ts";

/** How long a command may take to end once its input has ended. */
const END_MS = 5000;

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
  let late: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  try {
    const { id, talk: stream } = await startTalk(connection, { container, argv });
    const take = demultiplex((name, piece) => {
      if (name === "stderr") receiver.onErrorOutput(piece);
      else receiver.onOutput(piece);
    });
    await new Promise<void>((resolve, reject) => {
      stop = (): void => {
        stream.end();
        late = setTimeout(() => stream.destroy(), END_MS);
      };
      stream.on("data", (piece: Buffer) => {
        try {
          take(piece);
        } catch (error) {
          stream.destroy(error instanceof Error ? error : new Error(String(error)));
        }
      });
      stream.once("end", resolve);
      stream.once("close", resolve);
      stream.once("error", reject);
      if (!signal.aborted) receiver.onOpen?.((bytes) => void (stream.writable && stream.write(bytes)));
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    });
    return await exitCodeOf(connection, id);
  } catch (error) {
    throw engineError(error, `run ${argv[0] ?? "nothing"} in ${container}`);
  } finally {
    clearTimeout(late);
    if (stop !== undefined) signal.removeEventListener("abort", stop);
  }
}
