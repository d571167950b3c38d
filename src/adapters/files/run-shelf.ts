import { lstat, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { RunShelf, ShelvedRun } from "../../app/ports/run-shelf.ts";
import { MhlabError } from "../../core/model/errors.ts";
import { PROGRESS_FILE, SUMS_FILE } from "../../core/judge/experiment/file-names.ts";
import { errnoOf, fileTrouble } from "../../core/model/file-trouble.ts";
import { readBelow } from "./safe-open.ts";

const RECORD = "run.json";
const REPORT = "report.html";
const INDEX = "index.json";
/** Nobody's report or record is larger; a file that pretends to be one should not fill the memory. */
const MOST_BYTES = 64 * 1024 * 1024;

/** A time as young as this may have been given twice: file systems count it in steps. */
const SETTLED_MS = 2000;

/** The folder of runs on this machine. It need not be there yet. */
export function runShelf(path: string): RunShelf {
  const root = resolve(path);
  const inside = new Map<string, Inside>();
  return {
    path,
    async list() {
      const runs: ShelvedRun[] = [];
      const series: ShelvedRun[] = [];
      for (const name of await foldersIn(root, true)) {
        const found = await stamped(root, name);
        if (found === undefined) continue;
        const known = inside.get(name);
        const { isSeries, below } = known?.stamp === found.stamp ? known : await lookInto(root, found);
        if (found.settled) inside.set(name, { stamp: found.stamp, isSeries, below });
        // Before its first run is over a series has no index; no run has runs in it.
        (isSeries ? series : runs).push(found);
        const parts = await Promise.all(below.map(async (one) => await stamped(root, `${name}/${one}`)));
        runs.push(...parts.flatMap((one) => one ?? []));
      }
      return { runs, series };
    },
    async look(id) {
      const place = placeOf(root, id);
      if (place === undefined) return NOTHING;
      const [sums, report, noted] = await Promise.all(
        [SUMS_FILE, REPORT, PROGRESS_FILE].map(async (name) => await statOf(join(place, name))),
      );
      const [progress, record] = [PROGRESS_FILE, RECORD].map((name) =>
        bytesOf(root, `${id}/${name}`)?.toString("utf8"),
      );
      return {
        sealed: sums !== undefined,
        report: report !== undefined,
        progressMs: noted?.mtimeMs,
        progress,
        record,
      };
    },
    async report(id) {
      const place = placeOf(root, id);
      return await Promise.resolve(place === undefined ? undefined : bytesOf(root, `${id}/${REPORT}`));
    },
  };
}

/** What is known of a folder as long as its stamp is the same. */
interface Inside {
  readonly stamp: string;
  readonly isSeries: boolean;
  readonly below: readonly string[];
}

async function lookInto(root: string, { id, stamp }: ShelvedRun): Promise<Inside> {
  const [index, below] = await Promise.all([statOf(join(root, id, INDEX)), foldersIn(join(root, id), false)]);
  return { stamp, isSeries: index !== undefined, below };
}

const NOTHING = {
  sealed: false,
  report: false,
  progressMs: undefined,
  progress: undefined,
  record: undefined,
} as const;

/** Names of real folders; links lead elsewhere. */
async function foldersIn(folder: string, tell: boolean): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (cause) {
    if (!tell || errnoOf(cause) === "ENOENT") return [];
    throw new MhlabError("MHLAB_RUN_UNREADABLE", `cannot read ${folder}: ${fileTrouble(cause)}`, { cause });
  }
}

async function stamped(root: string, id: string): Promise<ShelvedRun | undefined> {
  const place = placeOf(root, id);
  const found = place === undefined ? undefined : await lstat(place).catch(() => undefined);
  if (found?.isDirectory() !== true) return undefined;
  const settled = Date.now() - found.mtimeMs > SETTLED_MS;
  return { id, stamp: String(found.mtimeMs), settled };
}

/** Where a run lies; undefined for what is no name of one, or two with a stroke between. */
function placeOf(root: string, id: string): string | undefined {
  const names = id.split("/");
  const fine = names.every((name) => name !== "" && !name.startsWith(".") && !/[\\\0]/.test(name));
  return fine && names.length <= 2 ? join(root, ...names) : undefined;
}

async function statOf(path: string): Promise<{ readonly mtimeMs: number } | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() === true ? found : undefined;
}

function bytesOf(folder: string, name: string): Buffer | undefined {
  try {
    return readBelow(folder, name, MOST_BYTES);
  } catch {
    return undefined;
  }
}
