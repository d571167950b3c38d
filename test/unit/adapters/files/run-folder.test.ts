import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { runFolders } from "../../../../src/adapters/files/run-folder.ts";

const temporary = (): string => mkdtempSync(join(tmpdir(), "mhlab-run-"));
const nobody = (): void => {};
/** A file that takes nothing, as /dev/full; only root can make one. */
const fullDisk = (path: string): void => void execFileSync("mknod", ["-m", "666", path, "c", "1", "7"]);

test("a folder is made with those above it, and one that holds something is refused", async () => {
  const path = join(temporary(), "runs", "one");
  const folder = await runFolders.make(path, nobody);
  expect([folder.path, statSync(path).isDirectory()]).toEqual([path, true]);
  await runFolders.make(path, nobody);
  writeFileSync(join(path, "x"), "");
  await expect(runFolders.make(path, nobody)).rejects.toThrow("holds something already");
  await expect(runFolders.make(join(path, "x"), nobody)).rejects.toThrow(`cannot write ${join(path, "x")}`);
  expect(await runFolders.free(path)).toBe(`${path}-2`);
});

test("a file is whole or not there, compressed where that is asked for", async () => {
  const folder = await runFolders.make(temporary(), nobody);
  folder.write("a/b.txt", "text");
  folder.write("c.gz", "compressed", { gzip: true });
  expect(readFileSync(join(folder.path, "a/b.txt"), "utf8")).toBe("text");
  expect(gunzipSync(readFileSync(join(folder.path, "c.gz"))).toString()).toBe("compressed");
  expect(readdirSync(folder.path).sort()).toEqual(["a", "c.gz"]);
});

test("a file is removed, and one that is not there or stays does no harm", async () => {
  const folder = await runFolders.make(temporary(), nobody);
  folder.write("progress.json", "1", { passing: true });
  folder.write("progress.json", "2", { passing: true });
  expect(readFileSync(join(folder.path, "progress.json"), "utf8")).toBe("2");
  for (const _ of [1, 2]) folder.remove("progress.json");
  expect(readdirSync(folder.path)).toEqual([]);
  folder.write("a/b.txt", "text");
  folder.remove("a");
  expect(readdirSync(folder.path)).toEqual(["a"]);
  expect(() => folder.remove("../x")).toThrow("leads out of the folder");
});

test.each(["../x", "/etc/x", "a/../../x", "."])("a name that leads out is refused: %s", async (name) => {
  const folder = await runFolders.make(temporary(), nobody);
  expect(() => folder.write(name, "")).toThrow("leads out of the folder");
  expect(() => folder.grow(name)).toThrow("leads out of the folder");
});

test("what grows is called a part until it is whole; lines are whole by themselves", async () => {
  const folder = await runFolders.make(temporary(), nobody);
  const [packets, lines, cut] = [
    folder.grow("p.pcapng"),
    folder.grow("e.ndjson", { lines: true }),
    folder.grow("cut"),
  ];
  packets.write(new Uint8Array([1, 2]));
  lines.write("{}\n");
  cut.write("half");
  expect(readdirSync(folder.path).sort()).toEqual(["cut.part", "e.ndjson", "p.pcapng.part"]);
  expect(readFileSync(join(folder.path, "e.ndjson"), "utf8")).toBe("{}\n");
  for (const file of [packets, packets, lines]) file.close();
  cut.close({ whole: false });
  expect(readdirSync(folder.path).sort()).toEqual(["cut.part", "e.ndjson", "p.pcapng"]);
  expect([...readFileSync(join(folder.path, "p.pcapng"))]).toEqual([1, 2]);
});

test("the sums are those of sha256sum, of every file but their own", async () => {
  const folder = await runFolders.make(temporary(), nobody);
  folder.write("b.txt", "b");
  folder.write("a/c.txt", "c");
  await folder.seal();
  await folder.seal();
  const sum = (text: string): string => createHash("sha256").update(text).digest("hex");
  expect(readFileSync(join(folder.path, "SHA256SUMS"), "utf8")).toBe(
    `${sum("c")}  a/c.txt\n${sum("b")}  b.txt\n`,
  );
});

test.runIf(process.getuid?.() === 0)(
  "a full disk is told once, and what is written after that is dropped",
  async () => {
    const failures: string[] = [];
    const folder = await runFolders.make(temporary(), (error) => failures.push(error.message));
    // The kernel's own full disk, under the name that a growing file has.
    fullDisk(join(folder.path, "e.ndjson"));
    const file = folder.grow("e.ndjson", { lines: true });
    file.write("x");
    file.write("y");
    file.close();
    expect(failures).toEqual([expect.stringContaining("e.ndjson: the disk is full")]);
    fullDisk(join(folder.path, "w.txt.part"));
    expect(() => folder.write("w.txt", "x")).toThrow("w.txt: the disk is full");
    expect(existsSync(join(folder.path, "w.txt"))).toBe(false);
  },
);

test("an empty folder of a run that did not begin goes; one with something in it stays", async () => {
  const empty = await runFolders.make(join(temporary(), "x"), nobody);
  empty.discard();
  expect(existsSync(empty.path)).toBe(false);
  empty.discard();
  const full = await runFolders.make(join(temporary(), "x"), nobody);
  full.write("a", "");
  full.discard();
  expect(existsSync(full.path)).toBe(true);
});

test("files of a folder are read by name, and what is not there is nothing", async () => {
  const folder = await runFolders.make(temporary(), nobody);
  folder.write("run.json", "{}");
  const read = runFolders.read(folder.path);
  expect([read("run.json"), read("nothing"), read("run.json/x")]).toEqual(["{}", undefined, undefined]);
  folder.write("logs/x", "");
  expect(() => read("logs")).toThrow("it is a folder");
  expect([...runFolders.bytes(folder.path, "run.json")]).toEqual([123, 125]);
  expect(() => runFolders.bytes(folder.path, "nothing")).toThrow("there is no such file");
});

test("nothing is written through a link that came into the folder meanwhile", async () => {
  const [folder, elsewhere] = [await runFolders.make(temporary(), nobody), temporary()];
  symlinkSync(elsewhere, join(folder.path, "logs"));
  symlinkSync(join(elsewhere, "target"), join(folder.path, "events.ndjson"));
  expect(() => folder.write("logs/ping.txt", "1")).toThrow("'logs' is a symbolic link");
  const failures: Error[] = [];
  const other = await runFolders.make(temporary(), (error) => void failures.push(error));
  symlinkSync(join(elsewhere, "target"), join(other.path, "events.ndjson"));
  other.grow("events.ndjson", { lines: true }).write("{}\n");
  expect(failures.map(({ message }) => message)).toEqual([expect.stringContaining("cannot write")]);
  expect(readdirSync(elsewhere)).toEqual([]);
});
