import type { RunPlan } from "../../app/experiment/record.ts";
import type { Requirement } from "../../core/judge/check/requirement.ts";
import type { Check } from "../../core/judge/check/verdict.ts";
import { allowVariables } from "./allow-env.ts";
import { FORMAT_OPTIONS, LAB_FILE_ARGUMENT } from "./command-text.ts";
import { viewOn, type Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import { count, flag, list, text, word, type Input, type Outcome } from "./input.ts";
import { LAB_RUN_OPTIONS, withLab } from "./run-lab.ts";

/** Those of the catalogue, and all of them. */
const CHOICES = ["rfc7084", "rfc9096", "multihoming", "all"] as const;

const MOST_REPEATS = 20;

/** `mhlab check`. */
export const checkCommand: CommandDefinition = {
  path: ["check"],
  group: "Experiments",
  summary: "conformance test of a CPE: RFC 7084, RFC 9096 and several providers, with evidence",
  description:
    "Brings the lab up, makes its providers and a host behind the CPE do what requirements are about, captures both sides, and judges the captures by Wireshark display filters (tshark). A requirement that failed is checked again; it fails if it failed each time. Writes a folder with report.md, check.json, junit.xml, earl.jsonld, and the run with its captures. Exit code 0 if no requirement failed or remained inconclusive, else 1. Ctrl-C ends the check and leaves a partial report. The lab stays up unless --down is given.",
  arguments: [LAB_FILE_ARGUMENT],
  options: [
    { flags: "--cpe <name>", description: "which CPE; may be omitted if the lab has one" },
    {
      flags: "--profile <name>",
      description: "the document to check; multihoming: our own requirements for several providers",
      choices: CHOICES,
      default: "all",
    },
    { flags: "--only <id...>", description: "only these requirements, such as L-3; needs less time" },
    {
      flags: "--repeat <n>",
      description:
        "check what failed up to n times more, before it is reported as failed; what then does not fail is inconclusive",
      default: "1",
    },
    { flags: "--list", description: "list the requirements, and check nothing" },
    {
      flags: "--out <folder>",
      description: "a new or empty folder for the report; by default runs/check-<lab>-<cpe>-<time>",
    },
    ...LAB_RUN_OPTIONS,
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["check lab.yaml", "everything; about half a minute after the lab is up"],
    ["check --profile rfc9096 --cpe home", "one document, one CPE"],
    ["check --only L-3 L-13 --out broken", "two requirements"],
    ["check --repeat 4", "a requirement fails only if it failed five times"],
    ["check --list", "what can be checked"],
    ["--sandbox check lab.yaml --json", "for CI; junit.xml is in the folder"],
  ],
  next: ["report <folder>/run", "down"],
  run: runCheck,
};

async function runCheck(context: Context, input: Input): Promise<Outcome> {
  const { chosen } = await import("../../core/judge/check/catalogue/registry.ts");
  const profile = CHOICES.find((one) => one === text(input, "profile")) ?? "all";
  const only = list(input, "only")
    .flatMap((one) => one.split(","))
    .filter((one) => one !== "");
  const requirements = chosen(profile, only);
  if (flag(input, "list")) {
    const { renderCatalogue } = await import("../views/check.ts");
    return { json: requirements, text: renderCatalogue(requirements, viewOn(context.stdout)) };
  }
  return await checkLab(context, input, requirements);
}

async function checkLab(
  context: Context,
  input: Input,
  requirements: readonly Requirement[],
): Promise<Outcome> {
  const [{ labFileHere, loadLab }, { castOf }, { checkCpe, planCheck }, { durationOf, phasesOf }, source] =
    await Promise.all([
      import("../../app/choose-lab.ts"),
      import("../../core/judge/check/cast.ts"),
      import("../../app/check/check.ts"),
      import("../../core/judge/check/schedule.ts"),
      context.scenarioSource(),
    ]);
  const repeat = count(input, "repeat", { flag: "--repeat", min: 0, max: MOST_REPEATS }) ?? 1;
  const loaded = await loadLab(word(input, 0) ?? (await labFileHere(source)), source);
  const cast = castOf(loaded.lab, text(input, "cpe"));
  const planOf = (some: readonly Requirement[]): RunPlan => planCheck(some, cast, loaded, source);
  await allowVariables(context, input, loaded);
  return await withLab(context, input, planOf(requirements), async ({ ports, options, report }) => {
    const about = durationOf(phasesOf(requirements));
    report({
      kind: "phase",
      text: `checking ${requirements.length} requirements at ${cast.cpe}, about ${about} s once the lab is up`,
    });
    const packets = await context.packetReader();
    const { check, folder, failure } = await checkCpe(
      { requirements, cast, planOf },
      { ...ports, packets },
      { ...options, report, repeat },
    );
    const { renderCheck } = await import("../views/check.ts");
    if (failure !== undefined) {
      context.stderr.write(renderCheck(check, folder, viewOn(context.stderr)));
      throw failure;
    }
    return {
      json: { folder, ...check },
      text: renderCheck(check, folder, viewOn(context.stdout)),
      exitCode: await exitCodeOf(check, context.signal),
    };
  });
}

async function exitCodeOf({ results, partial }: Check, signal: AbortSignal): Promise<number> {
  const { ExitCode } = await import("../../core/model/errors.ts");
  if (signal.aborted) return ExitCode.interrupted;
  const fine = results.every(({ verdict }) => verdict === "pass" || verdict === "not-applicable");
  return fine && !partial ? ExitCode.ok : ExitCode.failed;
}
