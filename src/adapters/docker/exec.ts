import type { Duplex, Readable } from "node:stream";
import { endedExec, madeExec } from "./answers.ts";
import type { EngineClient } from "./client.ts";
import { engineError } from "./errors.ts";

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
  client: EngineClient,
  command: ExecCommand,
): Promise<{ id: string; output: Readable }> {
  const { container, argv, attached = false, terminal, signal } = command;
  const operation = `run ${argv.join(" ")} in ${container}`;
  const tty = terminal !== undefined;
  const { Id: id, message } = await client.post(
    `/containers/${encodeURIComponent(container)}/exec`,
    {
      AttachStdin: attached,
      AttachStdout: true,
      AttachStderr: true,
      Tty: tty,
      ...(tty ? { Env: [`TERM=${terminal}`] } : {}),
      Cmd: argv,
    },
    { operation, shape: madeExec, signal },
  );
  if (id === undefined) throw engineError({ message }, operation);
  const { body } = await client.ask(
    {
      method: "POST",
      path: `${pathOf(id)}/start`,
      body: { Detach: false, Tty: tty },
      signal,
      hijack: attached,
    },
    operation,
  );
  return { id, output: body };
}

/** Starts a command whose input is to be written to. */
export async function startTalk(
  client: EngineClient,
  command: Omit<ExecCommand, "attached">,
): Promise<{ id: string; talk: Duplex }> {
  const { id, output } = await startExec(client, { ...command, attached: true });
  if (isDuplex(output)) return { id, talk: output };
  output.destroy();
  const message = "it does not hand over the connection (HTTP upgrade), so the command has no input";
  throw engineError({ message }, `run ${command.argv.join(" ")} in ${command.container}`);
}

/** What a command that has ended came to; -1 when the engine does not know. */
export async function exitCodeOf(client: EngineClient, id: string, signal?: AbortSignal): Promise<number> {
  const question = { operation: "read an exit code", shape: endedExec, signal };
  return (await client.get(`${pathOf(id)}/json`, question))?.ExitCode ?? -1;
}

/** Tells a command's terminal how large it is. */
export async function resizeExec(client: EngineClient, id: string, size: { rows: number; columns: number }) {
  const path = `${pathOf(id)}/resize?h=${size.rows}&w=${size.columns}`;
  const { body } = await client.ask({ method: "POST", path }, "resize a terminal");
  body.resume();
}

/** An id is the engine's word, and leads nowhere else. */
function pathOf(id: string): string {
  return `/exec/${encodeURIComponent(id)}`;
}

function isDuplex(stream: Readable): stream is Duplex {
  return "write" in stream;
}
