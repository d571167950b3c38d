import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { gzipSync } from "node:zlib";
import type { GrowingFile, RunFolder, RunFolders, WriteOptions } from "../../app/ports/run-folder.ts";
import { MhlabError, OperationError, UsageError } from "../../core/errors.ts";
import { SUMS_FILE } from "../../core/experiment/file-names.ts";
import { errnoOf, fileTrouble } from "../../core/file-trouble.ts";
import { makeFolder } from "./make-folder.ts";

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
      throw new UsageError(`${path} holds something already, and a run needs an empty folder`, {
        hint: "name another one with --out, or leave --out out: each run gets a folder of its own",
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
      return readFileSync(join(path, name), "utf8");
    } catch (cause) {
      if (errnoOf(cause) === "ENOENT" || errnoOf(cause) === "ENOTDIR") return undefined;
      throw unreadable(join(path, name), cause);
    }
  },
  bytes(path) {
    try {
      return readFileSync(path);
    } catch (cause) {
      throw unreadable(path, cause);
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
    const target = this.#place(name);
    const plain = typeof content === "string" ? Buffer.from(content) : content;
    try {
      const file = openSync(`${target}${PART}`, "w", 0o644);
      try {
        writeAll(file, gzip ? gzipSync(plain) : plain);
        // Without it, a machine that fails may keep the name and lose the content.
        if (!passing) fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(`${target}${PART}`, target);
    } catch (cause) {
      throw failed(target, cause);
    }
  }

  remove(name: string): void {
    const target = this.#place(name);
    try {
      rmSync(target, { force: true });
    } catch {
      // What cannot be removed is summed with the rest.
    }
  }

  grow(name: string, { lines = false } = {}): GrowingFile {
    const target = this.#place(name);
    const during = lines ? target : `${target}${PART}`;
    let file: number | undefined;
    let broken = false;
    const attempt = (act: () => void): void => {
      if (broken) return;
      try {
        act();
      } catch (cause) {
        broken = true;
        this.#onFailure(failed(target, cause));
      }
    };
    attempt(() => (file = openSync(during, "w", 0o644)));
    return {
      write: (bytes) =>
        attempt(() => {
          if (file !== undefined) writeAll(file, typeof bytes === "string" ? Buffer.from(bytes) : bytes);
        }),
      close: ({ whole } = { whole: true }) => {
        if (file === undefined) return;
        closeSync(file);
        file = undefined;
        attempt(() => {
          if (whole && !lines) renameSync(during, target);
        });
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
    const names = filesBelow(this.path).filter((name) => name !== SUMS_FILE);
    const lines: string[] = [];
    for (const name of names) lines.push(`${await sha256(join(this.path, name))}  ${name}\n`);
    this.write(SUMS_FILE, lines.join(""));
  }

  /** Where a file lies; its folder is made. Throws UsageError for a name that leads out of the folder. */
  #place(name: string): string {
    const target = resolve(this.path, name);
    if (!target.startsWith(`${this.path}${sep}`))
      throw new UsageError(`'${name}' leads out of the folder of the run`, {
        hint: "a name such as iperf3.json, or logs/ping.txt",
      });
    try {
      mkdirSync(dirname(target), { recursive: true });
    } catch (cause) {
      throw failed(dirname(target), cause);
    }
    return target;
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

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
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
