/** Files of a cloned repository or of somebody else's run: none leads out of its folder, keeps the CLI waiting, or fills the memory. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  renameSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { evidenceFiles } from "../../../src/features/report/files.ts";
import { runRecord } from "../support/run-record.ts";
import { TWO_ISPS } from "../support/planned-lab.ts";
import { mhlab } from "./run.ts";

const root = mkdtempSync(join(tmpdir(), "mhlab-untrusted-"));
afterAll(() => rmSync(root, { recursive: true }));

const SECRET = "root:x:0:0:SECRET";
const secret = join(root, "secret");
writeFileSync(secret, `${SECRET}\n`);
const whole = mkdtempSync(join(root, "whole-"));
for (const { path, content } of evidenceFiles(runRecord({ everyMs: 5000 })))
  writeFileSync(join(whole, path), content);

const fifo = (path: string): void => void execFileSync("mkfifo", [path]);

/** A whole run's folder in which one file is another. */
function folderWith(name: string, replace: (path: string) => void): string {
  const folder = mkdtempSync(join(root, "run-"));
  cpSync(whole, folder, { recursive: true });
  rmSync(join(folder, name));
  replace(join(folder, name));
  return folder;
}

describe.each(["run.json", "probes.csv"])("report, when %s is", (name) => {
  const link = `${name}: '${name}' is a symbolic link`;
  test.each<[string, (path: string) => void, string]>([
    ["a link to a file elsewhere", (path) => symlinkSync(secret, path), link],
    ["a link to an endless device", (path) => symlinkSync("/dev/zero", path), link],
    ["a link to a file beside it", (path) => symlinkSync("flows.csv", path), link],
    ["a pipe", fifo, `${name}: it is a pipe, not a file`],
    ["a folder", (path) => mkdirSync(path), `${name}: it is a folder`],
    [
      "a file without end",
      (path) => {
        writeFileSync(path, "");
        truncateSync(path, 2 ** 40);
      },
      `${name} is larger than`,
    ],
  ])("%s", async (_, replace, said) => {
    const folder = folderWith(name, replace);
    for (const argv of [
      ["report", folder],
      ["run", "--replay", folder],
    ]) {
      const { exitCode, stdout, stderr } = await mhlab(argv);
      expect([exitCode, stdout]).toEqual([2, ""]);
      expect(stderr).toContain("MHLAB_RUN_UNREADABLE");
      expect(stderr.replaceAll(/\s+/g, " ")).toContain(said);
      expect(stderr).not.toContain(SECRET);
    }
  });
});

test("the folder of a run may be named by a link: it is the user who names it", async () => {
  const link = join(root, "link-to-run");
  symlinkSync(whole, link);
  expect(await mhlab(["report", link])).toMatchObject({ exitCode: 0, stderr: "" });
});

test("a cell of 30 MB is a wrong cell, quoted or not", async () => {
  for (const cell of [
    "x".repeat(30_000_000),
    `"${'a""'.repeat(10_000_000)}"`,
    `"${"x".repeat(30_000_000)}`,
  ]) {
    const folder = folderWith("flows.csv", (path) =>
      writeFileSync(path, `at_s,flow,event,rtt_s,detail\r\n${cell},f,lost,,\r\n`),
    );
    const { exitCode, stderr } = await mhlab(["report", folder]);
    expect([exitCode, stderr.split("  ")[0]]).toEqual([2, "error MHLAB_RUN_UNREADABLE"]);
    expect(stderr.length).toBeLessThan(2000);
  }
});

describe("a file that the user names himself", () => {
  test.each<[string, (path: string) => void, string]>([
    ["a pipe", fifo, "it is a pipe, not a file"],
    ["a link to an endless device", (path) => symlinkSync("/dev/zero", path), "it is a device, not a file"],
    [
      "a file without end",
      (path) => {
        writeFileSync(path, "");
        truncateSync(path, 2 ** 40);
      },
      "is larger than 4 MiB",
    ],
  ])("is %s", async (_, make, said) => {
    const path = join(mkdtempSync(join(root, "named-")), "lab.yaml");
    make(path);
    for (const argv of [
      ["validate", path],
      ["run", path],
      ["up", path, "--dry-run"],
    ]) {
      const { exitCode, stderr } = await mhlab(argv);
      expect([exitCode, stderr.replaceAll(/\s+/g, " ")]).toEqual([2, expect.stringContaining(said)]);
    }
  });

  test("may be a link", async () => {
    const path = join(mkdtempSync(join(root, "named-")), "lab.yaml");
    symlinkSync("real.yaml", path);
    writeFileSync(join(path, "../real.yaml"), TWO_ISPS);
    expect(await mhlab(["validate", path])).toMatchObject({ exitCode: 0, stderr: "" });
  });
});

describe("the lab that a scenario names", () => {
  const scenarioIn = (lab: string): { folder: string; file: string } => {
    const folder = mkdtempSync(join(root, "scenario-"));
    mkdirSync(join(folder, "labs"));
    mkdirSync(join(folder, "scenarios"));
    writeFileSync(join(folder, "labs/lab.yaml"), TWO_ISPS);
    const file = join(folder, "scenarios/s.yaml");
    writeFileSync(file, `name: s\nlab: ${lab}\nsteps:\n  - {at: 1s, mark: x}\nexpect:\n  - {leaks: 0}\n`);
    return { folder, file };
  };

  test("may lie beside, above, or anywhere", async () => {
    const { folder, file } = scenarioIn("../labs/lab.yaml");
    expect(await mhlab(["validate", file])).toMatchObject({ exitCode: 0, stderr: "" });
    const { file: other } = scenarioIn(join(folder, "labs/lab.yaml"));
    expect(await mhlab(["validate", other])).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test.each<[string, string, (folder: string) => void, string]>([
    [
      "a link",
      "../labs/lab.yaml",
      (folder) => {
        rmSync(join(folder, "labs/lab.yaml"));
        symlinkSync(secret, join(folder, "labs/lab.yaml"));
      },
      "'lab.yaml' is a symbolic link",
    ],
    [
      "below a link",
      "../labs/lab.yaml",
      (folder) => {
        renameSync(join(folder, "labs"), join(folder, "elsewhere"));
        symlinkSync("elsewhere", join(folder, "labs"));
      },
      "'labs' is a symbolic link",
    ],
    [
      "a pipe",
      "../labs/lab.yaml",
      (folder) => {
        rmSync(join(folder, "labs/lab.yaml"));
        fifo(join(folder, "labs/lab.yaml"));
      },
      "it is a pipe",
    ],
    ["no lab by its name", secret, () => {}, "the name of a lab file ends in .yaml or .yml"],
  ])("is refused when it is %s", async (_, lab, change, said) => {
    const { folder, file } = scenarioIn(lab);
    change(folder);
    for (const argv of [
      ["validate", file],
      ["run", file],
    ]) {
      const { exitCode, stderr } = await mhlab(argv);
      expect([exitCode, stderr.replaceAll(/\s+/g, " ")]).toEqual([2, expect.stringContaining(said)]);
      expect(stderr).not.toContain(SECRET);
    }
  });
});
