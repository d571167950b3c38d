import type { EngineEndpoint } from "../adapters/docker/endpoint.ts";
import { openReader } from "../adapters/docker/reader.ts";
import type { EngineWriter } from "../app/ports.ts";
import type { Engine } from "../commands/context.ts";

/** An engine behind an endpoint: questions at once, dockerode when something is to be changed. */
export function openEngine(endpoint: EngineEndpoint, env: NodeJS.ProcessEnv): Engine {
  let writer: Promise<EngineWriter> | undefined;
  const attach = async (container: string, argv: readonly string[], tty: boolean): Promise<number> => {
    const [{ attachExec }, { connect }] = await Promise.all([
      import("../adapters/docker/attach.ts"),
      import("../adapters/docker/connect.ts"),
    ]);
    return await attachExec(await connect(endpoint), { container, argv, tty }, process);
  };
  return {
    reader: openReader(endpoint),
    writer() {
      return (writer ??= import("../adapters/docker/writer.ts").then(({ openWriter }) =>
        openWriter(endpoint),
      ));
    },
    async probe() {
      return (await import("../adapters/docker/probe-engine.ts")).openProbe(endpoint, env);
    },
    interactive: (container, argv) => attach(container, argv, true),
    piped: (container, argv) => attach(container, argv, false),
    async execBytes(container, argv, stream) {
      const [{ execBytes }, { connect }] = await Promise.all([
        import("../adapters/docker/exec-bytes.ts"),
        import("../adapters/docker/connect.ts"),
      ]);
      return await execBytes(await connect(endpoint), container, argv, stream);
    },
  };
}
