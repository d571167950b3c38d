import { randomBytes } from "node:crypto";
import { link, readFile, readlink, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LabLock } from "../../app/ports/lab-lock.ts";
import { StateError } from "../../core/model/errors.ts";
import { formatSeconds } from "../../core/model/duration.ts";
import { makeFolder } from "./make-folder.ts";
import { inState, labFolder } from "./state-folder.ts";

interface Holder {
  readonly pid: number;
  /** Ticks since boot at which the process started; tells a reused pid from the holder. */
  readonly start: string;
  /** The PID namespace in which that is its pid; a lock of an earlier version does not tell. */
  readonly pidNamespace?: string | undefined;
  /** The boot that the start is counted from. */
  readonly bootId?: string | undefined;
  readonly what: string;
  readonly since: string;
}

/** A lock file per lab; one whose process is gone counts for nothing. Of a process in another PID namespace that cannot be told. */
export function openLabLock(state: string): LabLock {
  return {
    async acquire(lab, what) {
      const folder = labFolder(state, lab);
      return await inState(state, async () => {
        await makeFolder(folder, 0o700);
        return await take(join(folder, "lock"), lab, what);
      });
    },
  };
}

async function take(file: string, lab: string, what: string): Promise<() => Promise<void>> {
  const own: Holder = {
    pid: process.pid,
    start: (await startOf(process.pid)) ?? "",
    pidNamespace: await pidNamespace(),
    bootId: await bootId(),
    what,
    since: new Date().toISOString(),
  };
  const text = JSON.stringify(own);
  for (let attempt = 0; attempt < 10; attempt++) {
    if (await createWhole(file, text)) {
      return async () => {
        if ((await readFile(file, "utf8").catch(() => "")) === text) await rm(file, { force: true });
      };
    }
    const holder = await readFile(file, "utf8").catch(() => undefined);
    if (holder === undefined) continue;
    const parsed = parseHolder(holder);
    if (parsed !== undefined && (await isAlive(parsed))) throw await locked(lab, parsed, file);
    await discard(file, holder);
  }
  throw new StateError("MHLAB_LOCKED", `could not lock the lab '${lab}'`, { hint: `look at ${file}` });
}

async function locked(lab: string, holder: Holder, file: string): Promise<StateError> {
  const { pid, what, since, pidNamespace: namespace } = holder;
  const elsewhere = namespace !== undefined && namespace !== (await pidNamespace());
  const where = elsewhere ? " of another PID namespace, such as a container's" : "";
  return new StateError(
    "MHLAB_LOCKED",
    `\`mhlab ${what}\` (process ${pid}${where}) is at work on the lab '${lab}', for ${formatSince(since)}`,
    {
      hint: elsewhere
        ? `wait until it is done; from here it cannot be seen whether it lives: if you know that it does not, rm ${file}`
        : "wait until it is done, or stop it with Ctrl-C",
      state: "Nothing was changed.",
    },
  );
}

/** How long a lock is held; its file was written by the clock of this machine. */
function formatSince(since: string): string {
  return formatSeconds((Date.now() - Date.parse(since)) / 1000);
}

async function createWhole(file: string, text: string): Promise<boolean> {
  const temporary = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await writeFile(temporary, text, { mode: 0o600, flag: "wx" });
    await link(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Moves a stale lock away; puts it back when it turns out to be a fresh one of another run. */
async function discard(file: string, stale: string): Promise<void> {
  const aside = `${file}.${randomBytes(6).toString("hex")}`;
  await rename(file, aside).catch(() => undefined);
  const moved = await readFile(aside, "utf8").catch(() => stale);
  if (moved !== stale) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder;
    return Number.isInteger(holder.pid) ? holder : undefined;
  } catch {
    return undefined;
  }
}

async function isAlive({ pid, start, pidNamespace: namespace, bootId: boot }: Holder): Promise<boolean> {
  if (boot !== undefined && boot !== (await bootId())) return false;
  if (namespace !== undefined && namespace !== (await pidNamespace())) return true;
  const now = await startOf(pid);
  if (now !== undefined) return start === "" || now === start;
  try {
    process.kill(pid, 0);
    return process.platform !== "linux";
  } catch (error) {
    return process.platform !== "linux" && (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Field 22 of /proc/<pid>/stat; undefined when there is no such process (or no /proc). */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ")[19];
}

/** Undefined where there is none. */
async function pidNamespace(): Promise<string | undefined> {
  return await readlink("/proc/self/ns/pid").catch(() => undefined);
}

async function bootId(): Promise<string | undefined> {
  return (await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => undefined))?.trim();
}
