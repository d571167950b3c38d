import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeRootWithNode } from "../../../../src/adapters/sandbox/debian-root.ts";

let folder: string;
let work: string;
let path: string | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mhlab-root-"));
  work = mkdtempSync(join(folder, "work-"));
  path = process.env["PATH"];
  process.env["PATH"] = `${folder}:${path}`;
});

afterEach(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true, force: true });
});

/** For scripts: waits until the other program has begun. */
const begun = (file: string): string => `until [ -s ${join(folder, file)} ]; do sleep 0.01; done`;

/** A program of this name that does what the script says. */
function program(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** mmdebstrap that notes its words, and makes a root of them at once only when Node is to be in it. */
function mmdebstrapThatWaits(): void {
  program(
    "mmdebstrap",
    `echo "$*" >> ${folder}/asked; case "$*" in *nodejs*) echo root;; *) exec sleep 60;; esac`,
  );
}

async function make(): Promise<string> {
  const file = join(work, "base.tar");
  await makeRootWithNode(
    { file, release: "trixie", words: ["--variant=minbase"], mirrors: [] },
    "amd64",
    work,
    {},
  );
  return readFileSync(file, "utf8");
}

test("where npm cannot bring Node, the root that was begun is given up and made anew with Debian's", async () => {
  program("npm", `${begun("asked")}; echo "npm error code E404" >&2; exit 1`);
  mmdebstrapThatWaits();
  expect(await make()).toBe("root\n");
  expect(readFileSync(join(folder, "asked"), "utf8")).toBe(
    "--variant=minbase trixie -\n--include=nodejs --variant=minbase trixie -\n",
  );
});

test("another Node than was published ends the making of the root", async () => {
  program("npm", `${begun("pid")}; echo other > "$5/node.tgz"`);
  program("mmdebstrap", `echo $$ > ${folder}/pid; exec sleep 60`);
  await expect(make()).rejects.toMatchObject({ code: "MHLAB_BASE_IMAGE" });
  expect(existsSync(`/proc/${readFileSync(join(folder, "pid"), "utf8").trim()}`)).toBe(false);
});

test("a root that cannot be made says what mmdebstrap said, and npm is not waited for", async () => {
  program("npm", `echo $$ > ${folder}/pid; exec sleep 60`);
  program("mmdebstrap", `${begun("pid")}; echo "E: apt-get update failed" >&2; exit 25`);
  await expect(make()).rejects.toMatchObject({
    code: "MHLAB_BASE_IMAGE",
    evidence: ["E: apt-get update failed"],
  });
  expect(existsSync(`/proc/${readFileSync(join(folder, "pid"), "utf8").trim()}`)).toBe(false);
});

test("mmdebstrap is given the time that it takes to remove its root", async () => {
  program("npm", `${begun("pid")}; echo other > "$5/node.tgz"`);
  const clear = `kill $waiting; sleep 5.5; echo all > ${folder}/removed; exit 1`;
  program("mmdebstrap", `sleep 60 & waiting=$!; trap '${clear}' TERM; echo $$ > ${folder}/pid; wait`);
  await expect(make()).rejects.toMatchObject({ code: "MHLAB_BASE_IMAGE" });
  expect(readFileSync(join(folder, "removed"), "utf8")).toBe("all\n");
});
