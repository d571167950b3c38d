import { Cancelled, MhlabError, reasonOf } from "../../core/model/errors.ts";
import { compareRuns } from "../../core/judge/evidence/compare.ts";
import { reportPage } from "../../features/report/page.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import type { RunReport } from "../../core/judge/scenario/progress.ts";
import type { RunFolder } from "../ports/run-folder.ts";
import type { RunPlan } from "./record.ts";
import { runExperiment, type Ran, type RunOptions, type RunPorts } from "./run.ts";

/** One run of a series, or why it could not begin. */
export interface SeriesEntry {
  /** Its folder below that of the series. */
  readonly name: string;
  readonly plan: RunPlan;
  readonly ran: Ran | undefined;
  readonly error: unknown;
}

export interface SeriesOptions extends Omit<RunOptions, "out" | "report"> {
  /** The folder of all. */
  readonly out: string;
  readonly repeat: number;
  readonly onRun: (name: string, index: number, count: number) => RunReport;
}

/** Runs each plan so many times, one run after the other. One that fails is told in its entry, and the next one goes on. */
export async function runSeries(
  plans: readonly RunPlan[],
  ports: RunPorts,
  options: SeriesOptions,
): Promise<SeriesEntry[]> {
  const { repeat, out, signal, onRun } = options;
  // What grows in it belongs to a run, which hears of failures itself.
  const folder = await ports.folders.make(out, () => undefined);
  // In turns, so that what changes with time meets every cell alike.
  const wanted = Array.from({ length: repeat }, (_, round) =>
    plans.map((plan, cell) => ({ plan, cell, round })),
  );
  const all = wanted.flat();
  const entries: SeriesEntry[] = [];
  for (const [index, { plan, cell, round }] of all.entries()) {
    if (signal.aborted) break;
    const name = nameOf({ cells: plans.length, cell, repeat, round });
    const report = onRun(name, index, all.length);
    try {
      const ran = await runExperiment(plan, ports, { ...options, report, out: `${out}/${name}` });
      entries.push({ name, plan, ran: slim(ran), error: ran.failure });
      writeIndex(entries, folder);
    } catch (error) {
      entries.push({ name, plan, ran: undefined, error });
      writeIndex(entries, folder);
      // What is wrong with the input, the host or the lock is wrong with every run.
      if (error instanceof Cancelled) break;
      if (error instanceof MhlabError && error.exitCode !== 1) throw error;
    }
  }
  return entries;
}

/** A run without its tables, which a thousand runs have no room for; they are in its folder. */
function slim({ record, ...ran }: Ran): Ran {
  return { ...ran, record: { ...record, probes: [], flows: [], loads: [], facts: [] } };
}

/** What a run came to, in a line. */
export function lineOf({
  ran,
  error,
  plan,
}: {
  readonly plan: Pick<RunPlan, "variables">;
  readonly ran?: Pick<Ran, "record"> | undefined;
  readonly error?: unknown;
}): string {
  const cell = Object.entries(plan.variables).map(([name, value]) => `${name}=${value}`);
  const why = reasonOf(error);
  if (ran === undefined) return [...cell, `did not begin: ${why}`].join(", ");
  const { verdicts, partial } = ran.record;
  const met = verdicts.filter(({ result }) => result === "passed" || result === "expected-failure").length;
  const early = partial ? [error === undefined ? "ended early" : `ended early: ${why}`] : [];
  return [...cell, `${met} of ${verdicts.length} as expected`, ...early].join(", ");
}

/** The index and the common report, after each run: a series that is ended is whole up to there. */
function writeIndex(entries: readonly SeriesEntry[], folder: RunFolder): void {
  const records = recordsOf(entries);
  const runs = entries.map((entry) => ({
    folder: entry.name,
    variables: entry.plan.variables,
    seed: entry.plan.scenario.seed,
    began: entry.ran !== undefined,
    partial: entry.ran?.record.partial ?? null,
    came: lineOf(entry),
    verdicts:
      entry.ran?.record.verdicts.map(({ id, result, value, unit }) => ({ id, result, value, unit })) ?? [],
  }));
  const index = { format: 1, runs, comparisons: compareRuns(records) };
  folder.write("index.json", `${JSON.stringify(index, null, 2)}\n`);
  if (records.length > 1) folder.write("report.html", reportPage(records));
}

/** The records that there are. */
export function recordsOf(entries: readonly SeriesEntry[]): RunRecord[] {
  return entries.flatMap(({ ran }) => ran?.record ?? []);
}

interface Place {
  readonly cells: number;
  readonly cell: number;
  readonly repeat: number;
  readonly round: number;
}

/** `3` of a matrix, `02` of repetitions, `3-02` of both; with as many digits as sort them. */
function nameOf({ cells, cell, repeat, round }: Place): string {
  const parts = [...(cells > 1 ? [padded(cell, cells)] : []), ...(repeat > 1 ? [padded(round, repeat)] : [])];
  return parts.join("-");
}

function padded(number: number, most: number): string {
  return String(number + 1).padStart(String(most).length, "0");
}
