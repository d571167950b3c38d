import { ExitCode, MhlabError } from "../core/errors.ts";
import { counted } from "../core/words.ts";
import type { LoadedLab } from "../app/choose-lab.ts";
import type { LabSource } from "../app/ports/lab-source.ts";
import { viewOn, type Context } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import type { Outcome } from "./outcome.ts";
import { wantsJson, words, type Input } from "./input.ts";

/** `mhlab validate`. */
export const validateCommand: CommandDefinition = {
  path: ["validate"],
  asksEngine: false,
  group: "Labs",
  summary: "check lab files; needs no engine and no root",
  description:
    "Finds everything that is wrong in a lab file at once, each with its place, a code and a hint. Several files are checked one after the other.",
  arguments: [
    { usage: "[lab.yaml...]", description: "the lab files; left out: the lab.yaml of this folder" },
  ],
  options: FORMAT_OPTIONS,
  examples: [
    ["validate lab.yaml", "exit code 0 when it is right, 2 when not"],
    ["validate labs/*.yaml", "all of them; 2 when one is wrong"],
    ["validate lab.yaml --json", "for editors and CI"],
  ],
  next: ["up <lab.yaml> --dry-run"],
  run: runValidate,
};

async function runValidate(context: Context, input: Input): Promise<Outcome> {
  const { labFileHere } = await import("../app/choose-lab.ts");
  const source = await context.labSource();
  const named = words(input, 0);
  const files = named.length > 0 ? named : [await labFileHere(source)];
  const [only = "", ...others] = files;
  return others.length === 0
    ? await validateOne(context, only, source)
    : await validateAll(context, input, { files, source });
}

async function validateOne(context: Context, file: string, source: LabSource): Promise<Outcome> {
  const { loadLab } = await import("../app/choose-lab.ts");
  const loaded = await loadLab(file, source);
  await warn(context, loaded);
  return { json: right(loaded), text: await sentence(context, file, loaded), exitCode: ExitCode.ok };
}

async function validateAll(
  context: Context,
  input: Input,
  { files, source }: { files: readonly string[]; source: LabSource },
): Promise<Outcome> {
  const [{ loadLab }, { errorObject, renderError }] = await Promise.all([
    import("../app/choose-lab.ts"),
    import("../views/error.ts"),
  ]);
  const { version, verbose, stderr } = context;
  const results: { file: string; valid: boolean }[] = [];
  for (const file of files) {
    try {
      const loaded = await loadLab(file, source);
      await warn(context, loaded);
      results.push({ file, ...right(loaded) });
      if (!wantsJson(input)) context.stdout.write(await sentence(context, file, loaded));
    } catch (error) {
      if (!(error instanceof MhlabError)) throw error;
      results.push({ file, valid: false, ...(errorObject(error, version) as object) });
      if (!wantsJson(input)) stderr.write(renderError(error, { ...viewOn(stderr), verbose, version }));
    }
  }
  const valid = results.every((one) => one.valid);
  return { json: { valid, files: results }, exitCode: valid ? ExitCode.ok : ExitCode.badInput };
}

async function warn({ stderr }: Context, { warnings }: LoadedLab): Promise<void> {
  if (warnings.length === 0) return;
  const { formatDiagnostics } = await import("../views/diagnostics.ts");
  stderr.write(formatDiagnostics(warnings, viewOn(stderr)));
}

function right({ lab, warnings }: LoadedLab): { valid: true } & Record<string, unknown> {
  return {
    valid: true,
    lab: lab.name,
    providers: lab.providers.map(({ name }) => name),
    cpes: lab.cpes.map(({ name }) => name),
    hosts: lab.hosts.map(({ name }) => name),
    warnings,
  };
}

async function sentence({ stdout }: Context, file: string, { lab }: LoadedLab): Promise<string> {
  const { renderSentences } = await import("../views/sentences.ts");
  const parts = [
    counted(lab.providers.length, "provider"),
    counted(lab.cpes.length, "bundled CPE"),
    ...(lab.hosts.length > 0 ? [counted(lab.hosts.length, "host")] : []),
  ];
  const said = `${file} is right: lab '${lab.name}' with ${parts.join(", ")}, ${lab.internet} internet`;
  return renderSentences([said], viewOn(stdout));
}
