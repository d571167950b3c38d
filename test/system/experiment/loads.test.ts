/** Loads on a real lab: their figures are those of their tools, and nothing of them is left, however they end. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readRecord } from "../../../src/core/judge/evidence/read.ts";
import type { RunRecord } from "../../../src/core/judge/scenario/record.ts";
import { labFolder, startMhlab, succeed, useLabs } from "../lab/fixture.ts";
import { eventually, mhlab, PROJECT } from "../support/sandbox.ts";

useLabs();

const HOST = "home-host1";
const LAB_FILE = join(PROJECT, "examples/two-isps/lab.yaml");

beforeAll(() => succeed(["up", LAB_FILE]));

/** The tools of loads that run in a node; the internet's own server of iperf3 has no port of its own. */
async function toolsIn(node: string): Promise<string[]> {
  const { stdout } = await mhlab(["exec", node, "--", "ps", "-eo", "args"]);
  return stdout
    .split("\n")
    .filter((line) =>
      /^(timeout|iperf3|irtt|(\/usr\/bin\/)?(netperf|python3)|netserver|curl|node) .*((53|56|57|58|59)\d\d|happy-eyeballs)/.test(
        line,
      ),
    );
}

const noneLeft = async (): Promise<void> => {
  expect([await toolsIn(HOST), await toolsIn("internet")]).toEqual([[], []]);
};

describe("a scenario", () => {
  let record: RunRecord;
  let out: string;

  beforeAll(async () => {
    const file = join(labFolder(), "loads.yaml");
    out = join(labFolder(), "loads");
    writeFileSync(
      file,
      `name: loads
lab: ${LAB_FILE}
settle: 1s
steps:
  - {id: down, at: 1s, load: iperf3, from: ${HOST}, source: alpha, options: {rate: 5mbit, reverse: true}, for: 4s}
  - {id: both, at: 1s, load: iperf3, from: home, options: {rate: 2mbit, mptcp: true, parallel: 2}, for: 3s}
  - {id: ping, at: 1s, load: irtt, from: ${HOST}, source: beta, options: {interval: 50ms}, for: 3s}
  - {id: pages, at: 1s, load: curl, from: ${HOST}, source: beta, options: {rate: 5}, for: 3s}
  - {id: eyes, at: 1s, load: happy-eyeballs, from: ${HOST}, options: {interval: 500ms}, for: 3s}
  - {id: nowhere, at: 2s, load: curl, from: ${HOST}, target: "2001:db8:ffff::1", options: {limit: 500ms}, for: 2s}
  - {id: turns, at: 6s, load: netperf, from: ${HOST}, source: beta, options: {test: TCP_RR, interval: 500ms}, for: 3s}
  - {id: wide, at: 10s, load: netperf, from: ${HOST}, source: alpha, options: {test: TCP_MAERTS}, for: 3s}
  - {id: rrul, at: 14s, load: flent, from: ${HOST}, source: beta, for: 13s}
expect:
  - {throughput: 4mbit to 6mbit, of: down}
  - {throughput: 3mbit to 5mbit, of: both}
  - {stall: at most 2s, of: down}
  - {rtt-under-load: at most 500ms, of: ping}
  - {throughput: at least 1mbit, of: wide}
  - {rtt-under-load: at most 500ms, of: turns}
  - {throughput: at least 1mbit, of: rrul}
  - {rtt-under-load: at most 5s, of: rrul}
  - {sessions: at least 5, of: pages}
  - {connect-time: at most 1s, of: pages}
  - {chosen-source: beta, of: pages}
  - {chosen-source: alpha, of: eyes}
  - {connect-time: at most 1s, of: eyes}
  - {sessions: 0, of: nowhere}
`,
    );
    await succeed(["run", file, "--out", out]);
    record = readRecord((name) =>
      existsSync(join(out, name)) ? readFileSync(join(out, name), "utf8") : undefined,
    );
  }, 240_000);

  test("is judged by what the tools measured", () => {
    expect(record.verdicts.map(({ result, measured }) => [result, measured])).toEqual(
      record.verdicts.map(({ measured }) => ["passed", measured]),
    );
    expect(record.steps.map(({ id, outcome }) => [id, outcome])).toEqual(
      ["down", "both", "ping", "pages", "eyes", "nowhere", "turns", "wide", "rrul"].map((id) => [id, "done"]),
    );
  });

  test("has the figures of the tools' own output", () => {
    const valuesOf = (load: string, metric: string) =>
      record.loads.filter((one) => one.load === load && one.metric === metric).map(({ value }) => value);
    const events = readFileSync(join(out, "loads/down.ndjson"), "utf8")
      .trim()
      .split("\n")
      .map(
        (line) => JSON.parse(line) as { event: string; data: Record<string, { bits_per_second: number }> },
      );
    const rates = (event: string, key: string) =>
      events.filter((one) => one.event === event).map(({ data }) => data[key]?.bits_per_second);
    expect(rates("interval", "sum").length).toBeGreaterThan(3);
    expect(valuesOf("down", "throughput")).toEqual(rates("interval", "sum"));
    expect(valuesOf("down", "throughput-mean")).toEqual(rates("end", "sum_received"));
    // It reads when iperf3 began from when its first line comes, which must not wait in a buffer.
    const first = record.loads.find(({ load, metric }) => load === "down" && metric === "throughput");
    const begunS = record.steps.find(({ id }) => id === "down")?.startedS ?? Infinity;
    expect((first?.atNs ?? 0) / 1e9 - begunS).toBeLessThan(1);
    const { round_trips: trips } = JSON.parse(readFileSync(join(out, "loads/ping.json"), "utf8")) as {
      round_trips: { lost: string; delay: { rtt: number } }[];
    };
    expect(trips.length).toBeGreaterThan(30);
    expect(valuesOf("ping", "rtt").map((seconds) => Math.round(seconds * 1e9))).toEqual(
      trips.filter(({ lost }) => lost === "false").map(({ delay }) => delay.rtt),
    );
    // The step began after 1 s, and lasted for 3 s: irtt tells when by the clock of the engine's host.
    const sent = record.loads.filter(({ load, metric }) => load === "ping" && metric === "rtt");
    expect(sent.every(({ atNs }) => atNs > 1e9 && atNs < 8e9)).toBe(true);
    const printed = (load: string, name: string) =>
      [...readFileSync(join(out, `loads/${load}.log`), "utf8").matchAll(/^(\w+)(?:\[\d+\])?=(\S+)$/gm)]
        .filter(([, key]) => key === name)
        .map(([, , value]) => Number(value));
    expect(printed("wide", "NETPERF_INTERIM_RESULT").length).toBeGreaterThan(1);
    expect(valuesOf("wide", "throughput").map((bits) => Math.round(bits / 1e4) / 100)).toEqual(
      printed("wide", "NETPERF_INTERIM_RESULT"),
    );
    expect(valuesOf("wide", "throughput-mean").map((bits) => Math.round(bits / 1e4) / 100)).toEqual(
      printed("wide", "THROUGHPUT"),
    );
    expect(valuesOf("turns", "rtt").map((seconds) => Math.round(100 / seconds) / 100)).toEqual(
      printed("turns", "NETPERF_INTERIM_RESULT"),
    );
    const rrul = JSON.parse(readFileSync(join(out, "loads/rrul.flent"), "utf8")) as {
      results: Record<string, (number | null)[]>;
      raw_values: Record<string, unknown[]>;
    };
    expect(valuesOf("rrul", "throughput").map((bits) => Math.round(bits / 1e3))).toEqual(
      rrul.results["TCP totals"]?.flatMap((mbits) => (mbits === null ? [] : Math.round(mbits * 1e3))),
    );
    expect(valuesOf("rrul", "throughput").length).toBeGreaterThan(10);
    const pings = Object.entries(rrul.raw_values).filter(([name]) => name.startsWith("Ping"));
    expect(pings.filter(([, values]) => values.length > 0).length).toBe(4);
    expect(valuesOf("rrul", "rtt").length).toBe(pings.flatMap(([, values]) => values).length);
    const opened = readFileSync(join(out, "loads/eyes.log"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { connectedS: number; winner: string });
    expect(opened.length).toBeGreaterThan(3);
    expect(valuesOf("eyes", "connect")).toEqual(opened.map(({ connectedS }) => connectedS));
    const won = record.loads.filter(({ load, metric }) => load === "eyes" && metric === "attempt");
    expect(won.map(({ about }) => about)).toEqual(opened.map(({ winner }) => winner));
    expect(new Set(opened.map(({ winner }) => winner))).toEqual(new Set(["2001:db8:a:7fff::80"]));
    expect(readFileSync(join(out, "metrics.om"), "utf8")).toContain(
      'mhlab_load{load="down",metric="throughput"',
    );
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("down: throughput, at most");
  });

  test("leaves nothing behind", async () => {
    await noneLeft();
    expect(record.partial).toBe(false);
  });
});

describe("a load by hand", () => {
  test("is shown, and kept with what it measured", async () => {
    const out = join(labFolder(), "by-hand");
    const argv = ["load", "iperf3", "--from", HOST, "--for", "2s", "rate=5mbit", "--out", out, "--json"];
    const { code, stdout, stderr } = await mhlab(argv);
    expect([code, stderr.includes("throughput")]).toEqual([0, false]);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "done", samples: expect.arrayContaining([]) });
    expect(readFileSync(join(out, "loads.csv"), "utf8")).toContain(",iperf3,throughput-mean,");
    await noneLeft();
  });

  test("of what does not answer fails with what the tool said", async () => {
    const argv = ["load", "iperf3", "--from", HOST, "--for", "1s", "--target", "2001:db8::2"];
    const { code, stdout } = await mhlab(argv);
    expect(code).toBe(1);
    expect(stdout).toContain("unable to connect to server");
  });

  test.each([
    ["SIGINT", 130],
    ["SIGKILL", undefined],
  ] as const)("leaves nothing behind after %s", async (how, code) => {
    const running = startMhlab(["load", "iperf3", "--from", HOST, "--for", "5m", "rate=1mbit"]);
    running.catch(() => undefined);
    await eventually(async () => {
      expect([(await toolsIn(HOST)).length, (await toolsIn("internet")).length]).not.toContain(0);
    });
    running.kill(how);
    expect((await running).exitCode).toBe(code);
    // The keepalive's time, and a moment.
    await eventually(noneLeft, { timeoutMs: 15_000 });
  });
});
