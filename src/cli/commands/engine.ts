import { ExitCode } from "../../core/model/errors.ts";
import type { Lab } from "../../core/model/lab/model.ts";
import { LAB_FILE } from "../../core/model/names.ts";
import { viewOn, type Context } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { word, type Input, type Outcome } from "./input.ts";

/** `mhlab engine ls`. */
export const engineLsCommand: CommandDefinition = {
  path: ["engine", "ls"],
  group: "Engine and images",
  summary: "list the engines of a lab: whether they answer, versions, load, NICs",
  description:
    "Asks every engine that a lab file names; without a file with `engines`, the selected engine and those that its labs name. Load and network cards come from a short-lived container, so they need an image there. `images` is `current`, `other` (the BNG image is of another version of mhlab) or `none`. Exit code 3 if an engine does not answer.",
  arguments: [
    {
      usage: "[lab.yaml]",
      description: "a lab file; by default this folder's lab.yaml if it names engines",
    },
  ],
  options: FORMAT_OPTIONS,
  examples: [
    ["engine ls lab.yaml", "the engines of this lab"],
    ["engine ls --json | jq '.engines[] | select(.reachable | not).name'", "those that do not answer"],
  ],
  next: ["doctor <lab.yaml>", "up <lab.yaml>"],
  run: runLs,
};

async function runLs(context: Context, input: Input): Promise<Outcome> {
  const lab = await labOf(context, word(input, 0));
  const [{ listEngines }, { renderEngines }, engines, images] = await Promise.all([
    import("../../app/list-engines.ts"),
    import("../views/engines.ts"),
    context.engines({}, lab),
    context.images(),
  ]);
  const current = Object.values(images).map(({ reference }) => reference);
  const found = await listEngines(engines, current, context.signal);
  const exitCode = found.every(({ reachable }) => reachable) ? ExitCode.ok : ExitCode.hostLacks;
  return { json: { engines: found }, text: renderEngines(found, viewOn(context.stdout)), exitCode };
}

async function labOf(context: Context, file: string | undefined): Promise<Lab | undefined> {
  const { loadLab } = await import("../../app/choose-lab.ts");
  const source = await context.labSource();
  if (file === undefined && !(await source.exists(LAB_FILE))) return undefined;
  return (await loadLab(file ?? LAB_FILE, source)).lab;
}
