import { stringify } from "yaml";
import { factsOf } from "../../core/judge/check/facts.ts";
import { filtersOf } from "../../core/judge/check/evaluate.ts";
import { nameOf, type Requirement } from "../../core/judge/check/requirement.ts";
import { repeated, type Attempted } from "../../core/judge/check/repeat.ts";
import { resultOf, windowOf } from "../../core/judge/check/result.ts";
import { durationOf, phasesOf, scenarioOf, type Cast } from "../../core/judge/check/schedule.ts";
import { countVerdicts, type Check, type Result } from "../../core/judge/check/verdict.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { checkFiles } from "../../features/check/files.ts";
import type { LoadedLab } from "../choose-lab.ts";
import type { RunPlan } from "../experiment/record.ts";
import { runExperiment, type RunOptions, type RunPorts } from "../experiment/run.ts";
import type { PacketReader } from "../ports/packet-reader.ts";
import type { ScenarioSource } from "../ports/scenario-source.ts";
import { Captured } from "./captured.ts";

/** The folder of the run, in that of the check; repetitions have a number behind it. */
const RUN = "run";

/** The run by which requirements are checked. */
export function planCheck(
  requirements: readonly Requirement[],
  cast: Cast,
  { lab, text, place }: LoadedLab,
  source: Pick<ScenarioSource, "parseScenario">,
): RunPlan {
  const written = scenarioOf(phasesOf(requirements), cast, { name: lab.name, file: "lab.yaml" });
  const scenarioText = stringify(written);
  const { runs, diagnostics } = source.parseScenario(scenarioText, { file: "check", lab });
  const [run] = runs ?? [];
  if (run === undefined) throw new TypeError(diagnostics.map(({ message }) => message).join("; "));
  return {
    scenario: run.scenario,
    scenarioText,
    variables: {},
    licence: null,
    lab,
    labText: text,
    labFile: place,
    inputs: { folder: ".", below: "" },
  };
}

export interface CheckPorts extends RunPorts {
  readonly packets: PacketReader;
}

/** A check, and its folder. */
export interface Checked {
  readonly check: Check;
  readonly folder: string;
  /** Why it ended before its end, unless somebody wanted that. */
  readonly failure: unknown;
}

export interface CheckOptions extends RunOptions {
  /** How often at most a requirement that failed is checked again, before its failure is reported. */
  readonly repeat: number;
}

/** What is checked. */
export interface Wanted {
  readonly requirements: readonly Requirement[];
  readonly cast: Cast;
  /** The run for some of them. */
  readonly planOf: (requirements: readonly Requirement[]) => RunPlan;
}

/**
 * Checks requirements by one run, repeats those that failed, and writes the folder of the check. Once the first run has begun
 * it always gives a result, a partial one when it was ended. Rejects with why it could not begin.
 */
export async function checkCpe(wanted: Wanted, ports: CheckPorts, options: CheckOptions): Promise<Checked> {
  const { requirements, cast } = wanted;
  const tshark = await ports.packets.version(options.signal);
  let failure: unknown;
  const folder = await ports.folders.make(options.out, (error) => (failure ??= error));
  try {
    const first = await checkOnce(wanted, RUN, ports, options);
    failure ??= first.failure;
    const rounds: [Round, ...Round[]] = [first];
    const failing = (): Requirement[] => requirements.filter((one) => failsIn(one, rounds));
    while (rounds.length <= options.repeat && failing().length > 0) {
      if (options.signal.aborted || failure !== undefined) break;
      const again = failing();
      options.report({ kind: "phase", text: sayAgain(again) });
      try {
        const next = await checkOnce(
          { ...wanted, requirements: again },
          `${RUN}-${rounds.length + 1}`,
          ports,
          options,
        );
        failure ??= next.failure;
        rounds.push(next);
      } catch (error) {
        if (options.signal.aborted) break;
        failure ??= error;
      }
    }
    const check = checkOf(rounds, { cast, tshark, version: options.version, repeat: options.repeat });
    for (const { path, content } of checkFiles(check)) folder.write(path, content);
    await folder.seal();
    return { check, folder: folder.path, failure };
  } finally {
    folder.discard();
  }
}

function sayAgain(again: readonly Requirement[]): string {
  const ids = again.map(nameOf).join(", ");
  return `repeating what failed: ${ids}, about ${durationOf(phasesOf(again))} s`;
}

/** One run of a check, and what it came to. */
interface Round {
  readonly run: string;
  readonly record: RunRecord;
  readonly results: readonly Result[];
  readonly failure: unknown;
}

async function checkOnce(
  { requirements, planOf }: Wanted,
  run: string,
  ports: CheckPorts,
  options: RunOptions,
): Promise<Round> {
  const ran = await runExperiment(planOf(requirements), ports, { ...options, out: `${options.out}/${run}` });
  const { record } = ran;
  options.report({ kind: "phase", text: "reading the captures" });
  // Also when the user has ended it: what was captured until then is judged.
  const reading = new Captured(record, { path: ran.folder, name: run }, ports.packets);
  const facts = factsOf(await reading.packets([]));
  const packets = await reading.packets(
    requirements.flatMap((one) => {
      const window = windowOf(one, record);
      return typeof window === "string" ? [] : filtersOf(one, facts, window);
    }),
  );
  const results = requirements.map((one) => resultOf(one, { ran: record, facts, packets }));
  return { run, record, results, failure: ran.failure };
}

/** Each time that a requirement was checked. */
function attemptsAt(
  requirement: Pick<Requirement, "document" | "id">,
  rounds: readonly Round[],
): Attempted[] {
  const name = nameOf(requirement);
  return rounds.flatMap(({ run, results }) =>
    results.flatMap((result) => (nameOf(result) === name ? { run, result } : [])),
  );
}

/** Whether a requirement failed each time. */
function failsIn(requirement: Requirement, rounds: readonly Round[]): boolean {
  const attempts = attemptsAt(requirement, rounds);
  return attempts.length === rounds.length && attempts.every(({ result }) => result.verdict === "fail");
}

interface About {
  readonly cast: Cast;
  readonly tshark: string;
  readonly version: string;
  readonly repeat: number;
}

function checkOf(rounds: readonly [Round, ...Round[]], { cast, tshark, version, repeat }: About): Check {
  const [{ record, results: once }] = rounds;
  const results = once.map((one) => {
    const [first, ...again] = attemptsAt(one, rounds);
    return first === undefined || first.result.verdict !== "fail" || repeat === 0
      ? one
      : repeated(first, again);
  });
  const profiles = [...new Set(results.map(({ profile }) => profile))];
  return {
    format: 1,
    lab: record.lab,
    cpe: cast.cpe,
    mhlab: version,
    tshark,
    startedAt: record.startedAt,
    durationS: rounds.reduce((sum, one) => sum + one.record.durationS, 0),
    partial: rounds.some((one) => one.record.partial) || results.some(wasNotRepeated),
    profiles: Object.fromEntries(
      profiles.map((name) => [name, countVerdicts(results.filter(({ profile }) => profile === name))]),
    ),
    results,
  };
}

/** Whether a failure should have been repeated, and the check ended before. */
function wasNotRepeated({ attempts }: Result): boolean {
  return attempts.length === 1;
}
