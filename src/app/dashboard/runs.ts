import { shownRun } from "../../core/judge/evidence/shown-run.ts";
import { UsageError } from "../../core/model/errors.ts";
import type { RunSummary, ShownRun, ShownRuns } from "../../core/judge/experiment/shown.ts";
import type { RunShelf, ShelvedRun } from "../ports/run-shelf.ts";

/** So long a run may write nothing of itself, as it does each second, and still count as one that goes on. */
const SILENCE_MS = 20_000;
const MOST_RUNS = 300;

interface Known {
  readonly stamp: string;
  readonly shown: ShownRun | undefined;
  /** Milliseconds since 1970 when it was last written to by its run; undefined for one that is over. */
  readonly progressMs: number | undefined;
}

export interface RunBoardOptions {
  readonly shelf: RunShelf;
  readonly lab: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The runs of a lab, for all who look: a folder is read again only when something in it changed. */
export class RunBoard {
  readonly #options: RunBoardOptions;
  #known = new Map<string, Known>();
  #looking: Promise<Listed> | undefined;

  constructor(options: RunBoardOptions) {
    this.#options = options;
  }

  /** The list, the newest first. */
  async list(): Promise<ShownRuns> {
    const { series } = await this.#look();
    const all = [...this.#known.values()]
      .flatMap(({ shown }) => (shown?.lab === this.#options.lab ? shown : []))
      .sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
    const [runs, more] = [all.slice(0, MOST_RUNS), Math.max(0, all.length - MOST_RUNS)];
    const ofSeries = (id: string): number => all.filter((one) => one.id.startsWith(`${id}/`)).length;
    return {
      folder: this.#options.shelf.path,
      runs: runs.map(summary),
      series: series.map(({ id }) => ({ id, runs: ofSeries(id) })).filter((one) => one.runs > 0),
      more,
    };
  }

  /** All of one run. Throws UsageError when there is none of that name. */
  async run(id: string): Promise<ShownRun> {
    await this.#look();
    const shown = this.#known.get(id)?.shown;
    if (shown === undefined) throw unknown(id);
    return shown;
  }

  /** The report of a run or a series. Throws UsageError when there is none. */
  async report(id: string): Promise<Uint8Array> {
    const { runs, series } = await this.#look();
    // Only what was found there is read: no name that somebody made up becomes a path.
    const listed = [...runs, ...series].some((one) => one.id === id);
    const bytes = listed ? await this.#options.shelf.report(id) : undefined;
    if (bytes === undefined) throw unknown(id);
    return bytes;
  }

  /** Two who ask at once share a look. */
  #look(): Promise<Listed> {
    this.#looking ??= this.#lookOnce().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #lookOnce(): Promise<Listed> {
    const { shelf } = this.#options;
    const listed = await shelf.list();
    const known = new Map<string, Known>();
    for (const { id, stamp, settled } of listed.runs) {
      const before = this.#known.get(id);
      const same = before?.stamp === stamp && settled && !this.#fellSilent(before);
      known.set(id, same ? before : await this.#read(id, stamp));
    }
    this.#known = known;
    return listed;
  }

  /** Whether a run that counted as one that goes on does so no longer. */
  #fellSilent({ shown, progressMs }: Known): boolean {
    return shown?.state === "running" && !this.#isFresh(progressMs);
  }

  #isFresh(progressMs: number | undefined): boolean {
    return progressMs !== undefined && this.#options.now() - progressMs < SILENCE_MS;
  }

  async #read(id: string, stamp: string): Promise<Known> {
    const { sealed, report, progress, progressMs, record } = await this.#options.shelf.look(id);
    const fresh = this.#isFresh(progressMs);
    const shown = shownRun({ progress, record, sealed, fresh });
    const version = `${stamp} ${shown?.state}`;
    return { stamp, progressMs, shown: shown === undefined ? undefined : { ...shown, id, report, version } };
  }
}

interface Listed {
  readonly runs: readonly ShelvedRun[];
  readonly series: readonly ShelvedRun[];
}

function summary({ steps: _s, bands: _b, verdicts: _v, endsS: _e, ...rest }: ShownRun): RunSummary {
  return rest;
}

function unknown(id: string): UsageError {
  return new UsageError(`there is no run '${id}', or nothing of it to show`, {
    hint: "GET /api/runs lists those that there are",
  });
}
