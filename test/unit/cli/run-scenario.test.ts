/** `mhlab run` against a fake engine: what it asks, what it leaves behind, and what it ends with. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { imagesToBuild } from "../../../src/adapters/docker/context.ts";
import { readRecord } from "../../../src/core/judge/evidence/read.ts";
import type { RunRecord } from "../../../src/core/judge/scenario/record.ts";
import { FakeDaemon } from "../support/fake-daemon.ts";
import { TWO_ISPS } from "../support/planned-lab.ts";
import { PlayedLab } from "./playing.ts";
import { mhlab, type Ran } from "./run.ts";

const IMAGES = fileURLToPath(new URL("../../../images", import.meta.url));
let daemon: FakeDaemon;
let lab: PlayedLab;
let state: string;
let folder: string;
let out: string;

beforeEach(async () => {
  daemon = await new FakeDaemon().listen();
  daemon.images = Object.values(await imagesToBuild(IMAGES)).map(({ reference }) => reference);
  lab = new PlayedLab(daemon);
  state = mkdtempSync(join(tmpdir(), "mhlab-state-"));
  folder = mkdtempSync(join(tmpdir(), "mhlab-scenario-"));
  out = join(folder, "out");
  writeFileSync(join(folder, "lab.yaml"), TWO_ISPS);
});
afterEach(() => daemon.close());

const HEAD = "name: dead\nlab: lab.yaml\nsettle: 100ms\ncaptures: [{in: home-host1}]\n";
const FAULT = "steps:\n  - {id: dead, fault: upstream-blackhole, provider: alpha}\n";

function scenario(text: string, name = "scenario"): string {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, `${HEAD}${text}`);
  return file;
}

const here = (argv: readonly string[], signal?: AbortSignal): Promise<Ran> =>
  mhlab(argv, { DOCKER_HOST: `unix://${daemon.socket}`, MHLAB_STATE_DIR: state }, signal);
const record = (path = out): RunRecord =>
  readRecord((name) => (existsSync(join(path, name)) ? readFileSync(join(path, name), "utf8") : undefined));
const files = (path = out): string[] => readdirSync(path).sort();

test("a run leaves a folder that is complete, a healed lab, and verdicts", async () => {
  let meanwhile: unknown;
  lab.commands.set("date", (talk) => {
    meanwhile = JSON.parse(readFileSync(join(out, "progress.json"), "utf8"));
    talk.send("noon\n");
    talk.end(0);
  });
  const file = scenario(
    `${FAULT}  - {id: ask, run: [date], in: home-host1, save: date.txt}\n  - {wait: {reaches: 2001:db8::1, from: home-host1}, within: 5s}\n  - {mark: over}\nexpect:\n  - {exit: 0, of: ask}\n`,
  );
  const { exitCode, stdout, stderr } = await here(["run", file, "--out", out]);
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining("dead begins: 4 steps")]);
  expect(stdout).toContain("✓ passed");
  expect(files()).toEqual(
    expect.arrayContaining([
      "SHA256SUMS",
      "date.txt",
      "events.ndjson",
      "home-host1.pcapng",
      "junit.xml",
      "probes.csv",
      "report.html",
      "run.json",
    ]),
  );
  expect(files().filter((name) => name.endsWith(".part"))).toEqual([]);
  expect(readFileSync(join(out, "date.txt"), "utf8")).toBe("noon\n");
  // Who looks at it meanwhile sees where it is; nothing of that stays.
  expect(meanwhile).toMatchObject({
    scenario: "dead",
    steps: [{ state: "done" }, { id: "ask", state: "running" }, { state: "planned" }, { state: "planned" }],
  });
  expect(files()).not.toContain("progress.json");
  expect(readFileSync(join(out, "SHA256SUMS"), "utf8")).not.toContain("progress");
  const { steps, probes, partial, machine, nodes, providers } = record();
  expect(steps.map(({ id, outcome }) => [id, outcome])).toEqual([
    ["dead", "done"],
    ["ask", "done"],
    ["steps[2]", "done"],
    ["steps[3]", "done"],
  ]);
  expect([partial, providers, nodes]).toEqual([false, ["alpha", "beta"], ["home", "home-host1"]]);
  expect(probes.length).toBeGreaterThan(0);
  expect(probes.every(({ sentNs, outcome }) => sentNs >= 0 && outcome === "answered")).toBe(true);
  expect(machine.clock.uncertaintyMs).toBeLessThan(5000);
  // It lasts as long as the run asks for it, so that it ends also when nobody heals it.
  expect(lab.asked).toEqual(["alpha inject upstream-blackhole keepalive=10s", "alpha clear alpha-1"]);
  const events = readFileSync(join(out, "events.ndjson"), "utf8").trim().split("\n");
  expect(events.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(
    expect.arrayContaining(["step-begin", "step-end"]),
  );
});

test("Ctrl-C heals, and leaves a partial record that can be read", async () => {
  const stop = new AbortController();
  lab.commands.set("sleep", (talk) => {
    talk.onEnd(() => talk.end(143));
    stop.abort();
  });
  const file = scenario(
    `${FAULT}  - {run: [sleep, "60"], in: home-host1, save: cut.txt, limit: 90s}\n  - {mark: never}\n`,
  );
  const { exitCode } = await here(["run", file, "--out", out], stop.signal);
  expect([exitCode, lab.faults.get("alpha")]).toEqual([130, []]);
  const { partial, steps } = record();
  expect([partial, ...steps.map(({ outcome }) => outcome)]).toEqual([true, "done", "failed", "not-reached"]);
  expect(files()).toEqual(expect.arrayContaining(["SHA256SUMS", "cut.txt.part"]));
});

test("a failed expectation ends with 1, and what cannot be done here with 127", async () => {
  lab.answers = false;
  const dead = scenario(
    `steps:\n  - {mark: x}\nexpect:\n  - {reaches: 2001:db8::1, from: home-host1, while: [0s, 1s]}\n`,
  );
  expect((await here(["run", dead, "--out", out])).exitCode).toBe(1);
  const nowhere = scenario("steps:\n  - {run: [nonesuch], in: home-host1}\n");
  const { exitCode, stdout } = await here(["run", nowhere, "--out", `${out}-2`, "--json"]);
  expect(exitCode).toBe(127);
  expect(JSON.parse(stdout)).toMatchObject({ steps: [{ outcome: "unsupported" }], partial: false });
});

test("a step that fails leaves a healed lab, and the rest goes on", async () => {
  lab.commands.set("false", (talk) => talk.end(1));
  const file = scenario(
    `${FAULT}  - {heal: dead}\n  - {id: no, run: ["false"], in: home-host1}\n  - {mark: x}\nexpect:\n  - {exit: 0, of: no}\n`,
  );
  const { exitCode } = await here(["run", file, "--out", out]);
  expect([exitCode, ...record().steps.map(({ outcome }) => outcome)]).toEqual([
    1,
    "done",
    "done",
    "done",
    "done",
  ]);
  expect(lab.asked.slice(1)).toEqual(["alpha clear alpha-1"]);
});

test("nothing is begun for input that is wrong, and nothing is left of it", async () => {
  const file = scenario(FAULT);
  mkdirSync(out);
  writeFileSync(join(out, "mine"), "");
  const cases = [
    [["run"], "no scenario was named"],
    [["run", file, "--replay", out], "takes the scenario from its folder"],
    [["run", "--replay", out, "--seed", "1"], "does the same again"],
    [["run", file, "--out", out], "holds something already"],
    [["run", file, "--repeat", "0"], "--repeat is '0'"],
    [["run", "--replay", out], "this is no folder of a run"],
    [["run", join(folder, "nothing.yaml")], "there is no such file"],
    [["run", scenario("steps: []\nnonsense: 1\n", "nonsense")], "unknown key 'nonsense'"],
    [
      [
        "run",
        scenario("steps:\n  - {run: [x], in: home-host1, save: run.json}\n", "clash"),
        "--out",
        `${out}-2`,
      ],
      "run.json",
    ],
  ] as const;
  for (const [argv, said] of cases) {
    const { exitCode, stderr } = await here(argv);
    expect([argv, exitCode, stderr]).toEqual([argv, 2, expect.stringContaining(said)]);
  }
  expect(daemon.requests.filter((line) => line.includes("create"))).toEqual([]);
  expect([files(), existsSync(`${out}-2`)]).toEqual([["mine"], false]);
});

test("repetitions of a matrix have a folder each, an index, and figures", async () => {
  lab.commands.set("date", (talk) => talk.end(0));
  const file = scenario(
    'for: {who: [alpha, beta]}\nsteps:\n  - {fault: ra-stop, provider: "${who}"}\n  - {id: ask, run: [date], in: home-host1}\nexpect:\n  - {exit: 0, of: ask}\n',
  );
  const { exitCode, stdout } = await here([
    "run",
    file,
    "--repeat",
    "2",
    "--out",
    out,
    "--json",
    "--seed",
    "5",
  ]);
  expect(files()).toEqual(["1-1", "1-2", "2-1", "2-2", "index.json", "report.html"]);
  expect(lab.asked.filter((line) => line.includes("inject")).map((line) => line.split(" ")[0])).toEqual([
    "alpha",
    "beta",
    "alpha",
    "beta",
  ]);
  expect(record(join(out, "2-1"))).toMatchObject({ variables: { who: "beta" }, scenario: { seed: 5 } });
  const { runs } = JSON.parse(stdout) as { runs: object[] };
  expect([exitCode, runs.length]).toEqual([0, 4]);
});

test("a replay does the same again, and compares", async () => {
  lab.commands.set("date", (talk) => talk.end(0));
  const file = scenario(
    "steps:\n  - {id: ask, run: [date], in: home-host1}\nexpect:\n  - {exit: 0, of: ask}\n",
  );
  await here(["run", file, "--out", out]);
  writeFileSync(file, "nothing of it is needed any more");
  lab.commands.set("date", (talk) => talk.end(3));
  // Of what a container of the fake engine holds nothing can be read, so that the same lab seems to be another one.
  const { exitCode, stdout } = await here([
    "run",
    "--replay",
    out,
    "--out",
    `${out}-2`,
    "--json",
    "--replace",
  ]);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    replayOf: out,
    same: false,
    compared: [{ before: { result: "passed" }, now: { result: "failed" }, same: false }],
  });
  expect(record(`${out}-2`).scenarioText).toBe(record(out).scenarioText);
});
