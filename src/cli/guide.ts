import { basename, dirname, resolve } from "node:path";
import { labFiles } from "../adapters/machine/lab-file.ts";
import { runHere } from "../adapters/machine/here.ts";
import type { EngineEndpoint } from "../adapters/docker/endpoint.ts";
import type { RunOnce } from "../app/ports/host-probe.ts";
import { parseSshConnection } from "../core/model/host/network.ts";
import type { Guide } from "./commands/guide.ts";
import { commands } from "./commands/registry.ts";
import { GLOBAL_OPTIONS } from "./program.ts";
import { schemaFor } from "./schema-place.ts";

export interface GuideOptions {
  /** Where the engine is; rejects when there is none to ask. */
  readonly endpoint: () => Promise<EngineEndpoint>;
  /** Whether that engine is mhlab's own. */
  readonly sandbox: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly interactive: boolean;
  readonly colour: boolean;
  readonly signal: AbortSignal;
  readonly enginesBy: Guide["enginesBy"];
  readonly run: Guide["run"];
}

/** Wires what the guided commands touch; questions go to standard error, so that standard output stays the result. */
export function openGuide(options: GuideOptions): Guide {
  const { endpoint, sandbox, env, interactive, colour, signal, enginesBy, run } = options;
  return {
    interactive,
    async prompter() {
      const [{ openPrompter }, { promptLook }] = await Promise.all([
        import("../adapters/prompt/inquirer.ts"),
        import("./views/prompt-look.ts"),
      ]);
      return await openPrompter({
        input: process.stdin,
        output: process.stderr,
        signal,
        look: promptLook({ colour, columns: process.stderr.columns }),
      });
    },
    enginesBy,
    machine: {
      async engine() {
        const found = await endpoint();
        const { openEngine } = await import("../adapters/docker/engine.ts");
        const opened = openEngine(found, env);
        const runOnce: RunOnce = async (shot, stop) => (await opened.probe()).runOnce(shot, stop);
        return { where: found.text, local: found.kind === "unix", reader: opened.reader, runOnce };
      },
      sandbox,
      here: runHere,
      sshAddress: parseSshConnection(env["SSH_CONNECTION"]),
    },
    files: labFiles,
    folderOf: (file) => basename(dirname(resolve(file))),
    schemaFor: (file) => schemaFor(dirname(resolve(file))),
    run,
    commands,
    globalOptions: GLOBAL_OPTIONS,
  };
}
