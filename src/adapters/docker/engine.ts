import type { EngineWriter } from "../../app/ports/engine-writer.ts";
import type { Engine } from "../../app/ports/engine.ts";
import { EngineConnection } from "./connection.ts";
import type { EngineEndpoint } from "./endpoint.ts";
import { openReader } from "./reader.ts";

/** An engine behind an endpoint; what few commands need is loaded when it is asked for. */
export function openEngine(endpoint: EngineEndpoint, env: NodeJS.ProcessEnv): Engine {
  const connection = new EngineConnection(endpoint);
  const reader = openReader(connection);
  let writer: Promise<EngineWriter> | undefined;
  const attach = async (container: string, argv: readonly string[], terminal?: string): Promise<number> => {
    const { attachExec } = await import("./attach.ts");
    return await attachExec(connection, { container, argv, terminal }, process);
  };
  return {
    reader,
    writer() {
      return (writer ??= import("./writer.ts").then(({ openWriter }) => openWriter(connection)));
    },
    async probe() {
      return (await import("./probe-engine.ts")).openProbe(connection, reader, env);
    },
    interactive: (container, argv) => attach(container, argv, env["TERM"] ?? "xterm"),
    piped: (container, argv) => attach(container, argv),
    async execBytes(container, argv, stream) {
      return await (await import("./exec.ts")).execBytes(connection, container, argv, stream);
    },
  };
}
