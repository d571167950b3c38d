import type { Diagnostic } from "../../core/model/diagnostics.ts";
import { ExitCode, MhlabError } from "../../core/model/errors.ts";
import { counted } from "../../core/model/words.ts";
import type { LoadedLab } from "../../app/choose-lab.ts";
import type { LoadedScenario } from "../../app/load-scenario.ts";
import { loadCosts } from "../../core/judge/scenario/load-paths.ts";
import { viewOn, type Context } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { wantsJson, words, type Input, type Outcome } from "./input.ts";

/** `mhlab validate`. */
export const validateCommand: CommandDefinition = {
  path: ["validate"],
  asksEngine: false,
  group: "Labs",
  summary: "check lab files and scenarios, without engine or root",
  description:
    "Reports all errors of a lab file or scenario at once, each with its location, a code and a hint. Detects the kind of file by its content. For a scenario, also checks its lab, and its names against the lab.",
  arguments: [
    {
      usage: "[lab.yaml...]",
      description: "lab files and scenarios; by default this folder's lab.yaml",
    },
  ],
  options: FORMAT_OPTIONS,
  examples: [
    ["validate lab.yaml", "exit code 0 if it is valid, 2 if not"],
    ["validate labs/*.yaml", "all of them; 2 if one is invalid"],
    ["validate lab.yaml --json", "for editors and CI"],
  ],
  next: ["up <lab.yaml> --dry-run"],
  run: runValidate,
};

/** What is said of a file that is right. */
interface Right {
  readonly json: { readonly valid: true } & Readonly<Record<string, unknown>>;
  readonly said: string;
  readonly warnings: readonly Diagnostic[];
}

async function runValidate(context: Context, input: Input): Promise<Outcome> {
  const { labFileHere } = await import("../../app/choose-lab.ts");
  const named = words(input, 0);
  const files = named.length > 0 ? named : [await labFileHere(await context.labSource())];
  const [only = "", ...others] = files;
  return others.length === 0 ? await validateOne(context, only) : await validateAll(context, input, files);
}

async function validateOne(context: Context, file: string): Promise<Outcome> {
  const right = await check(context, file);
  await warn(context, right);
  return { json: right.json, text: await sentence(context, right), exitCode: ExitCode.ok };
}

async function validateAll(context: Context, input: Input, files: readonly string[]): Promise<Outcome> {
  const { errorObject, renderError } = await import("../views/error.ts");
  const { version, verbose, stderr } = context;
  const results: { file: string; valid: boolean }[] = [];
  for (const file of files) {
    try {
      const right = await check(context, file);
      await warn(context, right);
      results.push({ file, ...right.json });
      if (!wantsJson(input)) context.stdout.write(await sentence(context, right));
    } catch (error) {
      if (!(error instanceof MhlabError)) throw error;
      results.push({ file, valid: false, ...(errorObject(error, version) as object) });
      if (!wantsJson(input)) stderr.write(renderError(error, { ...viewOn(stderr), verbose, version }));
    }
  }
  const valid = results.every((one) => one.valid);
  return { json: { valid, files: results }, exitCode: valid ? ExitCode.ok : ExitCode.badInput };
}

/** Reads a file as what it is. Throws MhlabError when it is wrong or cannot be read. */
async function check(context: Context, file: string): Promise<Right> {
  const [{ loadLab }, { isScenarioText }, source] = await Promise.all([
    import("../../app/choose-lab.ts"),
    import("../../core/judge/scenario/detect.ts"),
    context.labSource(),
  ]);
  // Why a file cannot be read is told by whoever reads it in earnest.
  const text = await source.read(file).catch(() => "");
  if (!isScenarioText(text)) return rightLab(file, await loadLab(file, source));
  const { loadScenario } = await import("../../app/load-scenario.ts");
  return rightScenario(file, await loadScenario(file, await context.scenarioSource()));
}

async function warn({ stderr }: Context, { warnings }: Right): Promise<void> {
  if (warnings.length === 0) return;
  const { formatDiagnostics } = await import("../views/diagnostics.ts");
  stderr.write(formatDiagnostics(warnings, viewOn(stderr)));
}

function rightLab(file: string, { lab, warnings }: LoadedLab): Right {
  const parts = [
    counted(lab.providers.length, "provider"),
    ...(lab.cpes.length > 0 || lab.devices.length === 0 ? [counted(lab.cpes.length, "bundled CPE")] : []),
    ...(lab.devices.length > 0 ? [counted(lab.devices.length, "device")] : []),
    ...(lab.hosts.length > 0 ? [counted(lab.hosts.length, "host")] : []),
  ];
  return {
    json: {
      valid: true,
      kind: "lab",
      lab: lab.name,
      providers: lab.providers.map(({ name }) => name),
      cpes: lab.cpes.map(({ name }) => name),
      hosts: lab.hosts.map(({ name }) => name),
      ...(lab.devices.length > 0 ? { devices: lab.devices.map(({ name }) => name) } : {}),
      warnings,
    },
    said: `${file} is right: lab '${lab.name}' with ${parts.join(", ")}, ${lab.internet} internet`,
    warnings,
  };
}

function rightScenario(file: string, { runs, lab, labFile, warnings }: LoadedScenario): Right {
  const { name = "", steps = [], expect = [] } = runs[0]?.scenario ?? {};
  const all = [...warnings, ...lab.warnings];
  const loads = loadCosts(steps);
  const costs = loads.map(({ id, cost }) => `; the load ${id} takes ${cost}`);
  return {
    json: {
      valid: true,
      kind: "scenario",
      scenario: name,
      lab: lab.lab.name,
      labFile,
      runs: runs.map(({ variables }) => variables),
      steps: steps.length,
      expectations: expect.length,
      loads,
      warnings: all,
    },
    said: `${file} is right: scenario '${name}' in the lab '${lab.lab.name}' with ${counted(runs.length, "run")} of ${counted(steps.length, "step")} and ${counted(expect.length, "expectation")}${costs.join("")}`,
    warnings: all,
  };
}

async function sentence({ stdout }: Context, { said }: Right): Promise<string> {
  const { renderSentences } = await import("../views/sentences.ts");
  return renderSentences([said], viewOn(stdout));
}
