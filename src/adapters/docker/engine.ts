import type { EngineEndpoint } from "./endpoint.ts";
import { openReader } from "./reader.ts";
import type { EngineWriter } from "../../app/ports/engine-writer.ts";
import type { Engine } from "../../app/ports/engine.ts";

/** An engine behind an endpoint: questions at once, dockerode when something is to be changed. */
export function openEngine(endpoint: EngineEndpoint, env: NodeJS.ProcessEnv): Engine {
  let writer: Promise<EngineWriter> | undefined;
  const attach = async (container: string, argv: readonly string[], tty: boolean): Promise<number> => {
    const [{ attachExec }, { connect }] = await Promise.all([import("./attach.ts"), import("./connect.ts")]);
    return await attachExec(await connect(endpoint), { container, argv, tty }, process);
  };
  return {
    reader: openReader(endpoint),
    writer() {
      return (writer ??= import("./writer.ts").then(({ openWriter }) => openWriter(endpoint)));
    },
    async probe() {
      return (await import("./probe-engine.ts")).openProbe(endpoint, env);
    },
    interactive: (container, argv) => attach(container, argv, true),
    piped: (container, argv) => attach(container, argv, false),
    async execBytes(container, argv, stream) {
      const [{ execBytes }, { connect }] = await Promise.all([
        import("./exec-bytes.ts"),
        import("./connect.ts"),
      ]);
      return await execBytes(await connect(endpoint), container, argv, stream);
    },
  };
}
