import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  createReadStream,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join, resolve, sep } from "node:path";
import { gzipSync } from "node:zlib";
import type { GrowingFile, RunFolder, RunFolders, WriteOptions } from "../../app/ports/run-folder.ts";
import { MhlabError, OperationError, UsageError } from "../../core/model/errors.ts";
import { SUMS_FILE } from "../../core/judge/experiment/file-names.ts";
import { errnoOf, fileTrouble } from "../../core/model/file-trouble.ts";
import { makeFolder } from "./make-folder.ts";
import { inFolderOf, leadsOut, openBelow, readBelow } from "./safe-open.ts";

/** What fits into memory on any machine; days of probes do. */
const MOST_BYTES = 256 * 1024 * 1024;
const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
const NEW = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW;
/** What a file is called until it is whole. */
const PART = ".part";

/** Folders of runs on this machine. */
export const runFolders: RunFolders = {
  async make(path, onFailure) {
    const whole = resolve(path);
    try {
      await makeFolder(whole, 0o755);
    } catch (cause) {
      throw failed(path, cause);
    }
    if (namesIn(whole).length > 0)
      throw new UsageError(`${path} holds something already, and an empty folder is needed`, {
        hint: "name another one with --out, or leave --out out",
        state: "Nothing was changed.",
      });
    return new FolderOnDisk(whole, onFailure);
  },
  free: async (path) => {
    for (let number = 1; ; number++) {
      const name = number === 1 ? path : `${path}-${number}`;
      if (!existsSync(name)) return name;
    }
  },
  read: (path) => (name) => {
    try {
      return readBelow(path, name, MOST_BYTES).toString("utf8");
    } catch (cause) {
      if (errnoOf(cause) === "ENOENT" || errnoOf(cause) === "ENOTDIR") return undefined;
      throw unreadable(join(path, name), cause);
    }
  },
  stream(path, name) {
    try {
      return createReadStream("", { fd: openBelow(path, name) });
    } catch (cause) {
      if (errnoOf(cause) === "ENOENT") return undefined;
      throw unreadable(join(path, name), cause);
    }
  },
  bytes(path, name) {
    try {
      return readBelow(path, name, MOST_BYTES);
    } catch (cause) {
      throw unreadable(join(path, name), cause);
    }
  },
};

class FolderOnDisk implements RunFolder {
  readonly path: string;
  readonly #onFailure: (error: Error) => void;

  constructor(path: string, onFailure: (error: Error) => void) {
    this.path = path;
    this.#onFailure = onFailure;
  }

  write(
    name: string,
    content: string | Uint8Array,
    { gzip = false, passing = false }: WriteOptions = {},
  ): void {
    const plain = typeof content === "string" ? Buffer.from(content) : content;
    this.#at(name, (target) => {
      const file = openSync(`${target}${PART}`, NEW, 0o644);
      try {
        writeAll(file, gzip ? gzipSync(plain) : plain);
        // Without it, a machine that fails may keep the name and lose the content.
        if (!passing) fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(`${target}${PART}`, target);
    });
  }

  list(): string[] {
    return filesBelow(this.path);
  }

  remove(name: string): void {
    this.#at(name, (target) => {
      try {
        rmSync(target, { force: true });
      } catch {
        // What cannot be removed is summed with the rest.
      }
    });
  }

  grow(name: string, { lines = false } = {}): GrowingFile {
    const part = lines ? "" : PART;
    let file: number | undefined;
    let broken = false;
    const attempt = (act: (target: string) => void): void => {
      if (broken) return;
      try {
        this.#at(name, act);
      } catch (cause) {
        if (cause instanceof UsageError) throw cause;
        broken = true;
        this.#onFailure(cause as Error);
      }
    };
    attempt((target) => (file = openSync(`${target}${part}`, NEW, 0o644)));
    return {
      write: (bytes) => {
        if (file === undefined || broken) return;
        try {
          writeAll(file, typeof bytes === "string" ? Buffer.from(bytes) : bytes);
        } catch (cause) {
          broken = true;
          this.#onFailure(failed(join(this.path, name), cause));
        }
      },
      close: ({ whole } = { whole: true }) => {
        if (file === undefined) return;
        closeSync(file);
        file = undefined;
        if (whole && !lines) attempt((target) => renameSync(`${target}${part}`, target));
      },
    };
  }

  discard(): void {
    try {
      if (namesIn(this.path).length === 0) rmdirSync(this.path);
    } catch {
      // An empty folder that stays does no harm.
    }
  }

  async seal(): Promise<void> {
    const names = this.list().filter((name) => name !== SUMS_FILE);
    const lines: string[] = [];
    for (const name of names) lines.push(`${await sha256(openBelow(this.path, name))}  ${name}\n`);
    this.write(SUMS_FILE, lines.join(""));
  }

  /**
   * Does something where a file lies; its folder is made. Throws UsageError for a name that leads out of the folder, OperationError
   * for the rest.
   */
  #at(name: string, act: (target: string) => void): void {
    if (leadsOut(name))
      throw new UsageError(`'${name}' leads out of the folder of the run`, {
        hint: "a name such as iperf3.json, or logs/ping.txt",
      });
    try {
      inFolderOf(this.path, name, (parent, last) => act(`${parent}/${last}`), makeOne);
    } catch (cause) {
      throw failed(join(this.path, name), cause);
    }
  }
}

function makeOne(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw failed(folder, cause);
  }
}

/** Paths of all files below a folder, sorted, with `/` between. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join("/"),
    )
    .sort();
}

/** Of an open file, which is closed then. */
async function sha256(fd: number): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream("", { fd })) hash.update(piece as Buffer);
  return hash.digest("hex");
}

function failed(path: string, cause: unknown): OperationError {
  return new OperationError("MHLAB_RUN_FOLDER", `cannot write ${path}: ${fileTrouble(cause)}`, {
    hint: "name a folder with --out that you may write to, on a disk with room",
    cause,
  });
}

function unreadable(path: string, cause: unknown): MhlabError {
  return new MhlabError("MHLAB_RUN_UNREADABLE", `cannot read ${path}: ${fileTrouble(cause)}`, { cause });
}
