import { basename, dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { labFiles } from "../adapters/machine/lab-file.ts";
import { openMachine, type MachineOptions } from "../adapters/machine/machine.ts";
import type { Guide } from "../commands/guide.ts";
import { commands } from "../commands/registry.ts";
import { GLOBAL_OPTIONS } from "./program.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SCHEMA = fileURLToPath(new URL("../../schemas/lab.schema.json", import.meta.url));

export interface GuideOptions extends MachineOptions {
  readonly interactive: boolean;
  readonly colour: boolean;
  readonly signal: AbortSignal;
  readonly engineBy: Guide["engineBy"];
  readonly run: Guide["run"];
}

/** Wires what the guided commands touch; questions go to standard error, so that standard output stays the result. */
export function openGuide(options: GuideOptions): Guide {
  const { endpoint, sandbox, interactive, colour, signal, engineBy, run } = options;
  return {
    interactive,
    async prompter() {
      const [{ openPrompter }, { promptLook }] = await Promise.all([
        import("../adapters/prompt/inquirer.ts"),
        import("../views/prompt-look.ts"),
      ]);
      return await openPrompter({
        input: process.stdin,
        output: process.stderr,
        signal,
        look: promptLook(colour),
      });
    },
    engineBy,
    machine: openMachine({ endpoint, sandbox }),
    files: labFiles,
    folderOf: (file) => basename(dirname(resolve(file))),
    schemaFor(file) {
      const folder = dirname(resolve(file));
      return `${folder}${sep}`.startsWith(ROOT) ? relative(folder, SCHEMA) : SCHEMA;
    },
    run,
    commands,
    globalOptions: GLOBAL_OPTIONS,
  };
}
