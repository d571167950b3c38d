import { execFileSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  inFolderOf,
  openBelow,
  readBelow,
  readFrom,
  readNamed,
} from "../../../../src/adapters/files/safe-open.ts";

const MIB = 1024 * 1024;

/** A folder with `a/b/file`, a secret beside it, and links to that in all ways. */
function ground(): string {
  const top = mkdtempSync(join(tmpdir(), "mhlab-safe-"));
  const root = join(top, "root");
  mkdirSync(join(root, "a/b"), { recursive: true });
  writeFileSync(join(root, "a/b/file"), "text");
  writeFileSync(join(root, "plain"), "plain");
  writeFileSync(join(top, "secret"), "SECRET");
  symlinkSync(join(top, "secret"), join(root, "absolute"));
  symlinkSync("../secret", join(root, "relative"));
  symlinkSync("plain", join(root, "inside"));
  symlinkSync("..", join(root, "up"));
  symlinkSync("a", join(root, "to-a"));
  symlinkSync("nowhere", join(root, "dangling"));
  execFileSync("mkfifo", [join(root, "pipe")]);
  return root;
}

const openFiles = (): number => readdirSync("/proc/self/fd").length;

test("a file below is read, and the folder itself may be named by a link", () => {
  const root = ground();
  expect(readBelow(root, "a/b/file", MIB).toString()).toBe("text");
  symlinkSync(root, `${root}-link`);
  expect(readBelow(`${root}-link`, "plain", MIB).toString()).toBe("plain");
});

test.each([
  ["absolute", "'absolute' is a symbolic link"],
  ["relative", "'relative' is a symbolic link"],
  ["inside", "'inside' is a symbolic link"],
  ["dangling", "'dangling' is a symbolic link"],
  ["up/secret", "'up' is a symbolic link"],
  ["to-a/b/file", "'to-a' is a symbolic link"],
  ["pipe", "it is a pipe"],
  ["a/b", "it is a folder"],
  ["../secret", "leads out"],
  ["a/../../secret", "leads out"],
  ["/etc/passwd", "leads out"],
  ["", "leads out"],
  [".", "leads out"],
  ["a//b/file", "leads out"],
  ["plain\0", "leads out"],
  ["nothing", "ENOENT"],
  ["plain/x", "ENOTDIR"],
])("%j is not read, and nothing stays open", (name, said) => {
  const root = ground();
  const before = openFiles();
  expect(() => readBelow(root, name, MIB)).toThrow(said);
  expect(openFiles()).toBe(before);
});

test("a device and a file larger than wanted are not read", () => {
  expect(() => readBelow("/dev", "zero", MIB)).toThrow("it is a device");
  expect(() => readNamed("/dev/zero", MIB)).toThrow("it is a device");
  const root = ground();
  expect(readBelow(root, "plain", 5).toString()).toBe("plain");
  expect(() => readBelow(root, "plain", 4)).toThrow("plain is larger than");
});

test("a file whose size the system does not tell is read to its end, and not beyond what is wanted", () => {
  expect(readNamed("/proc/self/stat", MIB).toString()).toMatch(/^\d+ \(/);
  expect(() => readNamed("/proc/self/status", 100)).toThrow("is larger than");
});

test("what a file names may lead up, and by no link", () => {
  const root = ground();
  expect(readFrom(join(root, "a/b"), "../../plain", MIB).toString()).toBe("plain");
  expect(readFrom(join(root, "a/b"), "./../b/file", MIB).toString()).toBe("text");
  expect(readFrom("/nowhere", join(root, "plain"), MIB).toString()).toBe("plain");
  expect(() => readFrom(join(root, "a"), "../inside", MIB)).toThrow("'inside' is a symbolic link");
  expect(() => readFrom(join(root, "a"), "../to-a/b/file", MIB)).toThrow("'to-a' is a symbolic link");
  expect(() => readFrom(join(root, "a"), "..", MIB)).toThrow("it is a folder");
});

test("a folder that is replaced by a link between two steps of the walk changes nothing", () => {
  const root = ground();
  const seen = inFolderOf(root, "a/b/file", (parent, last) => {
    renameSync(join(root, "a"), join(root, "moved"));
    symlinkSync("/etc", join(root, "a"));
    return readFileSync(`${parent}/${last}`, "utf8");
  });
  expect(seen).toBe("text");
});

test("folders on the way are made where that is wanted, never through a link", () => {
  const root = ground();
  const make = (path: string): void => void (existsSync(path) || mkdirSync(path));
  inFolderOf(root, "new/er/file", (parent, last) => writeFileSync(`${parent}/${last}`, "1"), make);
  expect(readFileSync(join(root, "new/er/file"), "utf8")).toBe("1");
  expect(() => inFolderOf(root, "up/file", () => 1, make)).toThrow("'up' is a symbolic link");
});

test("an open file is the caller's", () => {
  const fd = openBelow(ground(), "plain");
  expect(readFileSync(fd, "utf8")).toBe("plain");
  closeSync(fd);
});
