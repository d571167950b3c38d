/** The program that starts programs for the agents (images/runner), as it is in the images, by the class that talks to it. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Runner, type Outcome } from "../../src/agent/programs/runner.ts";
import type { KeptProgram } from "../../src/agent/programs/kept-program.ts";
import { deafFilter } from "../../src/core/render/confinement/deaf.ts";
import { docker, imageOf, useSandbox } from "./support/sandbox.ts";

useSandbox();

let folder: string;
let program: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mhlab-runner-"));
  const bng = await imageOf("bng");
  const container = await docker.createContainer({ Image: bng, Cmd: ["none"] });
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
  // What is no request ends it, and starts nothing: too long, without words, for something that nobody does.
  const head = (...values: number[]): Buffer => Buffer.from(new Uint32Array(values).buffer);
  for (const nonsense of [Buffer.alloc(4, 255), head(16, 1, 0, 0, 0), head(16, 1, 9, 0, 1)]) {
    const { status, stdout } = spawnSync(program, { input: nonsense, stdio: ["pipe", "pipe", "ignore"] });
    expect({ status, stdout: stdout.length }).toEqual({ status: 1, stdout: 0 });
  }
  expect(spawnSync(program, { input: "" }).status).toBe(0);
});

/** What a kept program printed so far. */
function reading(kept: KeptProgram): { output: string; complaint: string } {
  const read = { output: "", complaint: "" };
  kept.read({
    onOutput: (text) => void (read.output += text),
    onComplaint: (text) => void (read.complaint += text),
  });
  return read;
}

test("a program that is kept tells as it goes, takes signals, and tells its end once all is told", async () => {
  const runner = new Runner(program);
  const script = "trap 'echo gone; exit 7' TERM; echo one; echo ärger >&2; while :; do sleep 0.02; done";
  const kept = await runner.keep(["sh", "-c", script]);
  expect(readFileSync(`/proc/${kept.pid}/cmdline`, "utf8")).toContain("ärger");
  const read = reading(kept);
  await expect.poll(() => read).toEqual({ output: "one\n", complaint: "ärger\n" });
  // Others are served meanwhile.
  expect(await sh(runner, "echo beside")).toMatchObject({ stdout: "beside\n" });
  expect(kept.end).toBeUndefined();
  kept.signal("SIGTERM");
  expect(await kept.ended).toEqual({ code: 7, signal: null });
  expect(read.output).toBe("one\ngone\n");
  // Its number may be somebody else's by now.
  kept.signal("SIGKILL");
  const killed = await runner.keep(["sleep", "50"]);
  killed.signal("SIGKILL");
  expect(await killed.ended).toEqual({ code: null, signal: "SIGKILL" });
  await expect(runner.keep(["mhlab-no-such-program"])).rejects.toThrow("spawn mhlab-no-such-program ENOENT");
});

test("a program that is kept has no input", async () => {
  expect(await (await new Runner(program).keep(["cat"])).ended).toEqual({ code: 0, signal: null });
});

test("as many are kept as there is work for; with the runner they end, and are told so", async () => {
  const runner = new Runner(program);
  const { stdout: parent } = await sh(runner, "echo $PPID");
  const mark = `mhlab-${process.pid}-kept`;
  const all = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      runner.keep(["sh", "-c", `echo ${index}; sleep 50; : ${mark}`]),
    ),
  );
  const read = all.map(reading);
  await expect.poll(() => read.map(({ output }) => output)).toEqual(all.map((_, index) => `${index}\n`));
  expect(await sh(runner, "echo beside")).toMatchObject({ stdout: "beside\n" });
  process.kill(Number(parent), "SIGKILL");
  const ends = await Promise.all(all.map(({ ended }) => ended));
  expect(new Set(ends.map(({ signal }) => signal))).toEqual(new Set(["SIGKILL"]));
  await expect.poll(() => marked(mark)).toEqual([]);
  expect(await sh(runner, "echo again")).toMatchObject({ stdout: "again\n" });
});

const SELF = [
  "sh",
  "-c",
  "grep -E '^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp:)' /proc/self/status; echo $A-$B",
];
const NOTHING = ["--ambient-caps=-all", "--inh-caps=-all", "--bounding-set=-all"];
const RAW = ["--ambient-caps=-all,+net_raw", "--inh-caps=-all,+net_raw", "--bounding-set=-all,+net_raw"];
const NOBODY = ["--reuid=65534", "--regid=65533", "--clear-groups"];

test.each([
  ["a user without rights", ["setpriv", "--no-new-privs", ...NOBODY, ...NOTHING, "--"]],
  ["a user with a right", ["setpriv", "--no-new-privs", ...NOBODY, ...RAW, "--"]],
  ["root without rights", ["setpriv", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", "--"]],
  ["variables", ["env", "A=one two", "B=", "setpriv", "--no-new-privs", ...NOBODY, ...RAW, "--"]],
  [
    "a filter",
    ["setpriv", "--no-new-privs", ...NOBODY, ...RAW, "--seccomp-filter=FILTER", "--", "env", "A=1"],
  ],
  ["options that only the program knows", ["setpriv", "--nnp", "--", "env", "-u", "A"]],
  [
    "two users, of which the second counts",
    ["setpriv", "--reuid=1", ...NOTHING, "--", "setpriv", "--reuid=2", "--"],
  ],
])("%s: as setpriv and env make it", async (_, words) => {
  const filter = join(folder, "filter");
  writeFileSync(filter, deafFilter(process.arch) ?? "");
  const argv = [...words.map((word) => word.replace("FILTER", filter)), ...SELF];
  const [name = "", ...rest] = argv;
  const { status, stdout, stderr } = spawnSync(name, rest, { encoding: "utf8" });
  expect(await run(new Runner(program), argv)).toEqual({ code: status, stdout, stderr });
});

test("neither nsenter nor setpriv nor env is started for it, and what is wrong is told as they do", async () => {
  const elsewhere = execFileSync("unshare", ["--net", "sh", "-c", "sleep 20 >/dev/null 2>&1 & echo $!"], {
    encoding: "utf8",
  });
  const network = `/proc/${elsewhere.trim()}/ns/net`;
  const path = process.env["PATH"];
  const runner = new Runner(program);
  try {
    process.env["PATH"] = "/nowhere";
    const inside = ["/usr/bin/readlink", "/proc/self/ns/net"];
    const all = [
      "nsenter",
      `--net=${network}`,
      "setpriv",
      "--no-new-privs",
      ...NOBODY,
      ...RAW,
      "--",
      "env",
      "A=1",
    ];
    expect((await run(runner, [...all, ...inside])).stdout).not.toBe((await run(runner, inside)).stdout);
    expect(await run(runner, ["nsenter", "--net=/nowhere/ns", ...inside])).toEqual({
      code: 127,
      stdout: "",
      stderr: "nsenter: cannot open /nowhere/ns: No such file or directory\n",
    });
    await expect(runner.keep(["nsenter", "--net=/etc/passwd", ...inside])).rejects.toThrow(
      "/usr/bin/readlink was refused its network, user or rights\n/etc/passwd: Invalid argument",
    );
    expect(await run(runner, ["setpriv", ...NOBODY, "--", ...inside])).toMatchObject({
      stderr: "spawn setpriv ENOENT",
    });
    const none = join(folder, "none");
    const filtered = ["setpriv", "--no-new-privs", ...NOTHING, `--seccomp-filter=${none}`, "--", ...inside];
    // Of nothing, and of less than one instruction.
    for (const text of ["", "half"]) {
      writeFileSync(none, text);
      expect(await run(runner, filtered)).toEqual({
        code: 127,
        stdout: "",
        stderr: `setpriv: ${none} holds no filter\n`,
      });
    }
  } finally {
    process.env["PATH"] = path;
    process.kill(Number(elsewhere), "SIGKILL");
  }
});
