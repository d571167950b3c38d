import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "../../../../src/adapters/files/make-folder.ts";

let place: string;
beforeEach(() => void (place = mkdtempSync(join(tmpdir(), "mhlab-folder-"))));
afterEach(() => rmSync(place, { recursive: true }));

test("is made with all above it, and fine when it is there", async () => {
  const folder = join(place, "a/b/c");
  await makeFolder(folder, 0o700);
  await makeFolder(folder, 0o700);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test("whoever makes what is above at the same time is in nobody's way", async () => {
  const labs = Array.from({ length: 8 }, (_, index) => `lab-${index}`);
  const folders = Array.from({ length: 200 }, (_, round) =>
    labs.map((lab) => join(place, `${round}/labs/${lab}`)),
  );
  for (const round of folders) await Promise.all(round.map((folder) => makeFolder(folder, 0o700)));
  expect(folders.flat().filter((folder) => !existsSync(folder))).toEqual([]);
});

test("what stands in the way is named, and a file system that makes none does not keep it for ever", async () => {
  const file = join(place, "file");
  writeFileSync(file, "");
  await expect(makeFolder(file, 0o700)).rejects.toThrow(`${file} is not a folder`);
  await expect(makeFolder(join(file, "below"), 0o700)).rejects.toMatchObject({ code: "ENOTDIR" });
  await expect(makeFolder("/proc/mhlab/labs", 0o700)).rejects.toMatchObject({ code: "ENOENT" });
});
