/** The program that starts programs for the agents (images/runner), as it is in the images, by the class that talks to it. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Runner, type Outcome } from "../../src/agent/net/runner.ts";
import { docker, mhlab, useSandbox } from "./support/sandbox.ts";

useSandbox();

let folder: string;
let program: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mhlab-runner-"));
  const { stdout } = await mhlab(["image", "build", "bng", "--json"]);
  const [bng] = (JSON.parse(stdout) as { images: { reference: string }[] }).images;
  const container = await docker.createContainer({ Image: bng?.reference ?? "", Cmd: ["none"] });
  try {
    const archive = await container.getArchive({ path: "/usr/local/lib/mhlab/runner" });
    const parts: Buffer[] = [];
    for await (const part of archive) parts.push(part as Buffer);
    execFileSync("tar", ["-xf", "-", "-C", folder], { input: Buffer.concat(parts) });
  } finally {
    await container.remove({ force: true });
  }
  program = join(folder, "runner");
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const run = (runner: Runner, argv: readonly string[], input?: string, timeoutMs = 20_000): Promise<Outcome> =>
  runner.run({ argv, input, timeoutMs });
const sh = (runner: Runner, script: string, timeoutMs?: number): Promise<Outcome> =>
  run(runner, ["sh", "-c", script], undefined, timeoutMs);

/** Processes whose command line holds a mark. */
const marked = (mark: string): string[] =>
  readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(mark);
    } catch {
      return false;
    }
  });

test("tells what a program printed, complained of, and how it ended", async () => {
  const runner = new Runner(program);
  expect(runner.isThere).toBe(true);
  expect(await sh(runner, "echo out; echo ärger >&2; exit 3")).toEqual({
    code: 3,
    stdout: "out\n",
    stderr: "ärger\n",
  });
  expect(await run(runner, ["cat"], "what it is fed\n")).toMatchObject({
    code: 0,
    stdout: "what it is fed\n",
  });
  expect(await run(runner, ["cat"])).toMatchObject({ code: 0, stdout: "" });
  expect(await run(runner, ["printf", "%s|", "a b", "$HOME", "'\"\n", ""])).toMatchObject({
    stdout: "a b|$HOME|'\"\n||",
  });
  expect(await sh(runner, "kill -9 $$")).toMatchObject({ code: null });
  expect(await run(runner, ["mhlab-no-such-program"])).toEqual({
    code: null,
    stdout: "",
    stderr: "spawn mhlab-no-such-program ENOENT",
  });
  await expect(run(runner, ["echo", "one\0two"])).rejects.toThrow("holds a zero");
  // Signals that the runner keeps from itself reach what it starts.
  expect((await sh(runner, "grep -E '^Sig(Blk|Ign)' /proc/self/status")).stdout).toMatch(
    /^SigBlk:\s0+\nSigIgn:\s0+\n$/,
  );
  // Nor does it leave them an end of a pipe of somebody else.
  const ends = ["ls", "/proc/self/fd"] as const;
  expect((await run(runner, ends)).stdout).toBe(execFileSync(ends[0], [ends[1]], { encoding: "utf8" }));
});

test("hundreds at once, with more input and output than a pipe holds, each get their own", async () => {
  const runner = new Runner(program);
  const input = (index: number): string => `${index} `.repeat(60_000);
  const all = await Promise.all(
    Array.from({ length: 300 }, (_, index) =>
      index % 3 === 0
        ? run(runner, ["cat"], input(index))
        : sh(runner, `echo ${index}; sleep 0.0${index % 10}`),
    ),
  );
  const wrong = all.filter(({ stdout }, index) => stdout !== (index % 3 === 0 ? input(index) : `${index}\n`));
  expect(wrong).toEqual([]);
  // Who reads nothing of what he is fed fails for what he says himself.
  expect(await run(runner, ["sh", "-c", "exec 0<&-; echo full >&2; exit 4"], input(1))).toMatchObject({
    code: 4,
    stderr: "full\n",
  });
});

test("a program that takes too long, or prints without end, is ended with all that it started; nobody else", async () => {
  const runner = new Runner(program);
  const mark = `mhlab-${process.pid}-sleeper`;
  const other = sh(runner, "sleep 1; echo lives");
  const started = performance.now();
  const slow = await sh(runner, `sh -c 'sleep 50; : ${mark}' & sleep 50; : ${mark}`, 300);
  expect(slow).toMatchObject({ code: null, stdout: "" });
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(marked(mark)).toEqual([]);
  expect(await run(runner, ["yes"])).toMatchObject({ code: null });
  expect(await other).toMatchObject({ code: 0, stdout: "lives\n" });
});

test("after it was killed, who waited is told and the next is served; it goes with its agent", async () => {
  const runner = new Runner(program);
  const { stdout: parent } = await sh(runner, "echo $PPID");
  const waiting = sh(runner, "sleep 2");
  process.kill(Number(parent), "SIGKILL");
  expect(await waiting).toMatchObject({ code: null, stderr: "the program that starts programs ended" });
  expect(await sh(runner, "echo again")).toMatchObject({ stdout: "again\n" });
  // What is no request ends it, and starts nothing.
  for (const nonsense of [Buffer.alloc(4, 255), Buffer.from([12, 0, 0, 0, ...Buffer.alloc(12)])]) {
    const { status, stdout } = spawnSync(program, { input: nonsense, stdio: ["pipe", "pipe", "ignore"] });
    expect({ status, stdout: stdout.length }).toEqual({ status: 1, stdout: 0 });
  }
  expect(spawnSync(program, { input: "" }).status).toBe(0);
});
