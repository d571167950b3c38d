import { stringify } from "yaml";
import { capturesOf } from "../../core/judge/experiment/capture-plan.ts";
import { factsOf, type Facts } from "../../core/judge/check/facts.ts";
import { filtersOf } from "../../core/judge/check/evaluate.ts";
import { FIELDS, type Packet } from "../../core/judge/check/packets.ts";
import type { Requirement, Side } from "../../core/judge/check/requirement.ts";
import { resultOf, windowOf } from "../../core/judge/check/result.ts";
import { phasesOf, scenarioOf, type Cast } from "../../core/judge/check/schedule.ts";
import { countVerdicts, type Check } from "../../core/judge/check/verdict.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { checkFiles } from "../../features/check/files.ts";
import type { LoadedLab } from "../choose-lab.ts";
import type { RunPlan } from "../experiment/record.ts";
import { runExperiment, type RunOptions, type RunPorts } from "../experiment/run.ts";
import type { PacketReader } from "../ports/packet-reader.ts";
import type { ScenarioSource } from "../ports/scenario-source.ts";

/** The folder of the run, in that of the check. */
const RUN = "run";
/** How long tshark may take to read what was captured when the user has ended the check. */
const READ_MS = 120_000;

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

/**
 * Checks requirements by one run, and writes the folder of the check. Once the run has begun it always gives a result, a
 * partial one when it was ended. Rejects with why it could not begin.
 */
export async function checkCpe(
  {
    requirements,
    cast,
    plan,
  }: { readonly requirements: readonly Requirement[]; readonly cast: Cast; readonly plan: RunPlan },
  ports: CheckPorts,
  options: RunOptions,
): Promise<Checked> {
  const tshark = await ports.packets.version(options.signal);
  let failure: unknown;
  const folder = await ports.folders.make(options.out, (error) => (failure ??= error));
  try {
    const ran = await runExperiment(plan, ports, { ...options, out: `${options.out}/${RUN}` });
    const { record } = ran;
    failure ??= ran.failure;
    options.report({ kind: "phase", text: "reading the captures" });
    // Also when the user has ended it: what was captured until then is judged.
    const reading = new Captured(record, ran.folder, ports.packets, AbortSignal.timeout(READ_MS));
    const facts = factsOf(await reading.packets([]));
    const packets = await reading.packets(
      requirements.flatMap((one) => {
        const window = windowOf(one, record);
        return typeof window === "string" ? [] : filtersOf(one, facts, window);
      }),
    );
    const check = checkOf(requirements, { record, facts, packets, cast, tshark, version: options.version });
    for (const { path, content } of checkFiles(check)) folder.write(path, content);
    await folder.seal();
    return { check, folder: folder.path, failure };
  } finally {
    folder.discard();
  }
}

interface Seen {
  readonly record: RunRecord;
  readonly facts: Facts;
  readonly packets: readonly Packet[];
  readonly cast: Cast;
  readonly tshark: string;
  readonly version: string;
}

function checkOf(requirements: readonly Requirement[], seen: Seen): Check {
  const { record, facts, packets, cast, tshark, version } = seen;
  const results = requirements.map((one) => resultOf(one, { ran: record, facts, packets }));
  const profiles = [...new Set(results.map(({ profile }) => profile))];
  return {
    format: 1,
    lab: record.lab,
    cpe: cast.cpe,
    mhlab: version,
    tshark,
    startedAt: record.startedAt,
    durationS: record.durationS,
    partial: record.partial,
    profiles: Object.fromEntries(
      profiles.map((name) => [name, countVerdicts(results.filter(({ profile }) => profile === name))]),
    ),
    results,
  };
}

/** The captures of a run, read by display filters. */
class Captured {
  readonly #record: RunRecord;
  readonly #folder: string;
  readonly #reader: PacketReader;
  readonly #signal: AbortSignal;

  constructor(record: RunRecord, folder: string, reader: PacketReader, signal: AbortSignal) {
    this.#record = record;
    this.#folder = folder;
    this.#reader = reader;
    this.#signal = signal;
  }

  /** All packets in the order of time, with a column for each filter of their side. */
  async packets(filters: readonly { readonly side: Side; readonly filter: string }[]): Promise<Packet[]> {
    const { scenario, providers, startedNs } = this.#record;
    const files = capturesOf(scenario.captures, []).map(({ node, file }) => ({
      file,
      side: providers.includes(node) ? ("wan" as const) : ("lan" as const),
    }));
    const all = await Promise.all(
      files.map(async ({ file, side }) => {
        const own = filters.filter((one) => one.side === side).map(({ filter }) => filter);
        const columns = [...new Set<string>([...FIELDS, ...own])];
        const path = `${this.#folder}/${file}`;
        const rows = await this.#reader.rows(
          path,
          ["frame.number", "frame.time_epoch", ...columns],
          this.#signal,
        );
        return rows.map(([frame = "", time = "", ...cells]): Packet => ({
          file: `${RUN}/${file}`,
          side,
          frame: Number(frame),
          atS: sinceS(time, startedNs),
          cells: new Map(columns.map((column, index) => [column, cells[index] ?? ""])),
        }));
      }),
    );
    return all.flat().sort((one, other) => one.atS - other.atS);
  }
}

/** Seconds since t=0 of seconds since 1970 with up to nine decimals. */
function sinceS(time: string, startedNs: string): number {
  const [seconds = "0", decimals = ""] = time.split(".");
  return Number(BigInt(seconds + decimals.padEnd(9, "0").slice(0, 9)) - BigInt(startedNs)) / 1e9;
}
