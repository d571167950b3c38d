/**
 * Opens files that come from strangers: a cloned repository, or somebody else's folder of a run. What the user names is
 * resolved once, links and all; below it no part of a path may be a link, or lead out of the folder.
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
} from "node:fs";
import { basename } from "node:path";

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;

/** O_NONBLOCK: an open of a pipe without a writer would wait for ever, and no signal would end it. */
const OPEN_FILE = O_RDONLY | O_NONBLOCK | O_NOCTTY;
const OPEN_FOLDER = O_RDONLY | O_DIRECTORY | O_NONBLOCK;
/** Node has no openat(2). Linux names an open folder, whatever became of its path; elsewhere a path is looked up again. */
const FOLDERS_HAVE_NAMES = existsSync("/proc/self/fd");
const PIECE = 64 * 1024;

/** An open folder, and the path by which files in it are opened. */
interface OpenFolder {
  readonly fd: number;
  readonly path: string;
}

/** Reads a file that the user named. Throws the system's error, or one that says why it is not read. */
export function readNamed(path: string, mostBytes: number): Buffer {
  return readAll(checked(openSync(path, OPEN_FILE), basename(path), mostBytes), basename(path), mostBytes);
}

/** Reads a file below a folder that the user named. Throws the system's error, or one that says why it is not read. */
export function readBelow(folder: string, name: string, mostBytes: number): Buffer {
  return readAll(openBelow(folder, name, mostBytes), name, mostBytes);
}

/** Opens a file below a folder; the caller closes it. Throws as `readBelow` does. */
export function openBelow(folder: string, name: string, mostBytes = Infinity): number {
  return walk(folder, partsOf(name), (parent, last) =>
    checked(openNext(parent, last, OPEN_FILE), name, mostBytes),
  );
}

/**
 * Reads a file that another file names, from the folder of that one: also by an absolute path or one that leads up, but by no
 * link. Throws as `readBelow` does.
 */
export function readFrom(folder: string, name: string, mostBytes: number): Buffer {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  const fd = walk(name.startsWith("/") ? "/" : folder, parts, (parent, last) =>
    checked(openNext(parent, last, OPEN_FILE), name, mostBytes),
  );
  return readAll(fd, name, mostBytes);
}

/**
 * Does something in the folder of a file below another one; `make` makes that folder. `parent` is its path while this lasts.
 * Throws as `readBelow` does.
 */
export function inFolderOf<T>(
  folder: string,
  name: string,
  act: (parent: string, last: string) => T,
  make?: (path: string) => void,
): T {
  return walk(folder, partsOf(name), ({ path }, last) => act(path, last), make);
}

/** Whether a name is none of a file below a folder. */
export function leadsOut(name: string): boolean {
  return name.split("/").some((part) => ["", ".", ".."].includes(part) || part.includes("\0"));
}

function partsOf(name: string): string[] {
  if (leadsOut(name)) throw new Error("its name leads out of the folder");
  return name.split("/");
}

function walk<T>(
  folder: string,
  parts: readonly string[],
  act: (parent: OpenFolder, last: string) => T,
  make?: (path: string) => void,
): T {
  const last = parts.at(-1);
  if (last === undefined || last === "..") throw new Error("it is a folder");
  let at = opened(openSync(folder, OPEN_FOLDER), folder);
  try {
    for (const part of parts.slice(0, -1)) {
      make?.(`${at.path}/${part}`);
      const next = opened(openNext(at, part, OPEN_FOLDER), `${at.path}/${part}`);
      closeSync(at.fd);
      at = next;
    }
    return act(at, last);
  } finally {
    closeSync(at.fd);
  }
}

function opened(fd: number, path: string): OpenFolder {
  return { fd, path: FOLDERS_HAVE_NAMES ? `/proc/self/fd/${fd}` : path };
}

/** One step of a walk. A link is told as one: the system says ELOOP, or ENOTDIR where a folder was wanted. */
function openNext(parent: OpenFolder, part: string, flags: number): number {
  const path = `${parent.path}/${part}`;
  try {
    return openSync(path, flags | O_NOFOLLOW);
  } catch (error) {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true)
      throw new Error(`'${part}' is a symbolic link, and those are not followed here`, { cause: error });
    throw error;
  }
}

/** The file itself, once it is known to be a regular one of at most so many bytes; otherwise it is closed. */
function checked(fd: number, name: string, mostBytes: number): number {
  try {
    const found = fstatSync(fd);
    if (!found.isFile()) throw notRegular(found);
    if (found.size > mostBytes) throw tooLarge(name, mostBytes);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function notRegular(found: Stats): Error {
  // The same error as of a read, for which callers have words of their own.
  if (found.isDirectory())
    return Object.assign(new Error("EISDIR: it is a folder"), { code: "EISDIR", syscall: "read" });
  const what = found.isFIFO() ? "a pipe" : found.isSocket() ? "a socket" : "a device";
  return new Error(`it is ${what}, not a file`);
}

function tooLarge(name: string, mostBytes: number): Error {
  return new Error(
    `${name} is larger than ${mostBytes / 1024 / 1024} MiB, and nothing that large is read here`,
  );
}

/** Reads to the end, and closes. The size of a file may change meanwhile, and in some file systems says nothing. */
function readAll(fd: number, name: string, mostBytes: number): Buffer {
  try {
    const pieces: Buffer[] = [];
    let size = 0;
    for (;;) {
      const piece = Buffer.allocUnsafe(size === 0 ? Math.max(PIECE, fstatSync(fd).size + 1) : PIECE);
      const count = readSync(fd, piece);
      if (count === 0) return Buffer.concat(pieces, size);
      size += count;
      if (size > mostBytes) throw tooLarge(name, mostBytes);
      pieces.push(piece.subarray(0, count));
    }
  } finally {
    closeSync(fd);
  }
}
