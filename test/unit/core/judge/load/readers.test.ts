/** The readers of tools' output, on output that the tools printed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { LoadMetric } from "../../../../../src/core/judge/experiment/load-metrics.ts";
import type { LoadValue } from "../../../../../src/core/judge/load/kind.ts";
import { LOAD_KINDS, loadRecord, type LoadKind } from "../../../../../src/core/judge/load/registry.ts";
import { latestOf, summaryOf } from "../../../../../src/core/judge/load/summary.ts";
import { ROOT } from "../../model/lab/golden.ts";

const output = (name: string): string => readFileSync(join(ROOT, "test/unit/core/judge/load", name), "utf8");
const START_NS = 1_000_000_000_000_000_000n;

/** All values of an output whose lines come a second after each other. */
function read(
  kind: LoadKind,
  text: string,
  startNs = START_NS,
  options: object = {},
): { values: LoadValue[]; error: string | null } {
  const order = { options: options as never, target: "2001:db8::1", source: null, forS: 2, port: 5300 };
  const clock = { sinceStart: (ns: bigint) => Number(ns - startNs) / 1e9 };
  const reader = loadRecord(kind).reader(order, clock);
  const values = text.split("\n").flatMap((line, index) => reader.line(line, 10 + index));
  const { values: more, error } = reader.end();
  return { values: [...values, ...more], error };
}

const of = (values: readonly LoadValue[], metric: LoadMetric) =>
  values.filter((one) => one.metric === metric);

describe("iperf3", () => {
  test("gives each interval, and the mean at the receiver", () => {
    const { values, error } = read("iperf3", output("iperf3.ndjson"));
    expect(error).toBeNull();
    expect(of(values, "throughput")).toEqual([
      { atS: 10, lastsS: 1.001147, metric: "throughput", value: 10473746.280118549, about: null },
      {
        atS: 11.001147,
        lastsS: 2.000935 - 1.001147,
        metric: "throughput",
        value: 10487983.596432954,
        about: null,
      },
    ]);
    expect(of(values, "throughput-mean")).toMatchObject([
      { atS: 10, lastsS: 2.000925, value: 10480912.577932706 },
    ]);
    expect(of(values, "rtt").map(({ value }) => value)).toEqual([269e-6, 74e-6, 128e-6, 79e-6]);
  });

  test("tells its own error", () => {
    const text = '{"event":"error","data":"unable to connect to server"}\n{"event":"end","data":{}}\n';
    expect(read("iperf3", text)).toEqual({ values: [], error: "unable to connect to server" });
  });
});

test("irtt gives each round trip at the time when it was sent, and the loss", () => {
  const text = output("irtt.json");
  const { round_trips: trips, stats } = JSON.parse(text) as {
    round_trips: { delay: { rtt: number } }[];
    stats: { packet_loss_percent: number };
  };
  const [first = ""] = /(?<="send": \{\s+"wall": )\d+/.exec(text) ?? [];
  const { values } = read("irtt", text, BigInt(first) - 3_000_000_000n);
  expect(of(values, "rtt").map(({ value }) => Math.round(value * 1e9))).toEqual(
    trips.map(({ delay }) => delay.rtt),
  );
  expect(of(values, "rtt")[0]?.atS).toBe(3);
  expect(of(values, "loss")).toMatchObject([{ value: stats.packet_loss_percent }]);
});

test("curl gives each session with its source, and those that failed", () => {
  const { values } = read("curl", output("curl.ndjson"));
  const [one, other] = of(values, "session");
  expect([one?.about, other?.about]).toEqual(Array(2).fill("2001:db8:a:8001:6d:c3ff:fe60:b8c6"));
  expect(one?.atS).toBeCloseTo(10 - (one?.value ?? 0));
  // The second one went over the connection of the first.
  expect(of(values, "connect").length).toBe(1);
  expect(of(values, "session-failed").length).toBe(1);
});

describe("netperf", () => {
  const ending = (text: string) =>
    BigInt(`${/NETPERF_ENDING\[0\]=(\S+)/.exec(text)?.[1]?.replace(".", "")}000000`);
  const numbers = (text: string, name: string) =>
    [...text.matchAll(new RegExp(`^${name}(?:\\[\\d+\\])?=(\\S+)$`, "gm"))].map(([, value]) => Number(value));

  test("gives each interval of a stream at its time, and the mean over all of it", () => {
    const text = output("netperf-stream.txt");
    const { values, error } = read("netperf", text, ending(text) - 3_000_000_000n);
    const [lastsS = 0] = numbers(text, "NETPERF_INTERVAL");
    expect([error, values.length]).toEqual([null, 3]);
    expect(of(values, "throughput").map(({ value }) => Math.round(value / 1e4) / 100)).toEqual(
      numbers(text, "NETPERF_INTERIM_RESULT"),
    );
    expect(of(values, "throughput")[0]).toMatchObject({ atS: 3 - lastsS, lastsS, about: null });
    expect(of(values, "throughput-mean")).toMatchObject([
      { atS: 3 - lastsS, lastsS: numbers(text, "ELAPSED_TIME")[0] },
    ]);
    expect(of(values, "throughput-mean").map(({ value }) => Math.round(value / 1e4) / 100)).toEqual(
      numbers(text, "THROUGHPUT"),
    );
  });

  test("gives the mean round trip of the transactions of an interval", () => {
    const text = output("netperf-rr.txt");
    const { values } = read("netperf", text, ending(text) - 3_000_000_000n);
    expect(values.map(({ metric, value }) => [metric, (1 / value).toFixed(2)])).toEqual(
      numbers(text, "NETPERF_INTERIM_RESULT").map((rate) => ["rtt", rate.toFixed(2)]),
    );
    expect(values.length).toBeGreaterThan(1);
  });

  test("tells its own error, and nothing of an interval without transactions", () => {
    const refused = "establish control: are you sure there is a netserver listening on ::1 at port 25601?";
    expect(read("netperf", `${refused}\n`)).toEqual({ values: [], error: refused });
    const none = [
      "INTERIM_RESULT[0]=0.00",
      "UNITS[0]=Trans/s",
      "INTERVAL[0]=1.000",
      "ENDING[0]=1000000001.000",
    ];
    expect(read("netperf", none.map((line) => `NETPERF_${line}`).join("\n")).values).toEqual([]);
  });
});

describe("flent", () => {
  interface File {
    metadata: { T0: string; SERIES_META: Record<string, { MEAN_VALUE: number }> };
    raw_values: Record<string, { t: number; val: number; dur?: number }[]>;
    results: Record<string, (number | null)[]>;
  }
  const text = output("rrul.flent");
  const file = JSON.parse(text) as File;
  const startNs = BigInt(Date.parse(file.metadata.T0)) * 1_000_000n - 3_000_000_000n;

  test("gives the sum of all streams as flent has it, and the sum of their means", () => {
    const { values, error } = read("flent", text, startNs);
    const totals = file.results["TCP totals"] ?? [];
    const mbits = of(values, "throughput").map(({ value }) => value / 1e6);
    expect(error).toBeNull();
    expect(mbits.length).toBeGreaterThan(1);
    const told = totals.flatMap((one) => one ?? []);
    expect(mbits.map((one) => one.toFixed(3))).toEqual(told.map((one) => one.toFixed(3)));
    const first = totals.findIndex((one) => one !== null);
    expect(of(values, "throughput")[0]?.lastsS).toBe(1);
    expect(of(values, "throughput")[0]?.atS).toBeCloseTo(3 + first - 1, 2);
    const means = Object.entries(file.metadata.SERIES_META)
      .filter(([name]) => /^TCP (up|down)load (BE|BK|CS5|EF)$/.test(name))
      .map(([, { MEAN_VALUE }]) => MEAN_VALUE);
    expect(means.length).toBe(8);
    const [mean] = of(values, "throughput-mean");
    expect((mean?.value ?? 0) / 1e6).toBeCloseTo(
      means.reduce((all, one) => all + one, 0),
      6,
    );
  });

  test("gives each round trip of ICMP at the time when it was sent, and those of UDP", () => {
    const { values } = read("flent", text, startNs);
    const pings = Object.values(file.raw_values)
      .filter(([one]) => one !== undefined)
      .slice(0, 4)
      .flat();
    expect(of(values, "rtt").map(({ value }) => (value * 1000).toFixed(6))).toEqual(
      pings.map(({ val }) => val.toFixed(6)),
    );
    const [icmp] = of(values, "rtt");
    expect(icmp?.lastsS).toBe(icmp?.value);
    expect(icmp?.atS).toBeCloseTo(3, 2);
  });

  test("tells when a tool that it started failed, with what the others measured", () => {
    const { values, error } = read(
      "flent",
      text.replace('"FAILED_RUNNERS": 0', '"FAILED_RUNNERS": 2'),
      startNs,
    );
    expect([values.length > 0, error]).toEqual([true, "2 of the tools that flent started failed"]);
  });
});

test.each(LOAD_KINDS)("%s gives no value of anything else, and never throws", (kind) => {
  for (const text of [
    "",
    "no JSON",
    "null",
    "[1]",
    '{"event":"interval","data":{"sum":{"end":"x"}}}',
    '{"time_total":"1"}',
  ])
    expect(read(kind, text)).toEqual({ values: [], error: null });
});

describe("options", () => {
  const command = (kind: LoadKind, written: Record<string, string>, source: string | null = null) => {
    const record = loadRecord(kind);
    const checked = record.read(written);
    if (!("options" in checked)) return checked;
    const order = { options: checked.options, target: "2001:db8::1", source, forS: 3, port: 5300 };
    return record.client(order).join(" ");
  };

  test("make the command", () => {
    expect(
      command("iperf3", { parallel: "4", reverse: "true", rate: "5mbit", mptcp: "true" }, "2001:db8:a::5"),
    ).toBe(
      "mptcpize run iperf3 --client 2001:db8::1 --port 5300 --time 3 --json-stream --forceflush --interval 1 --connect-timeout 5000 --bind 2001:db8:a::5 --parallel 4 --reverse --bitrate 5000000",
    );
    expect(command("irtt", { interval: "1500ms" }, "2001:db8:a::5")).toBe(
      "irtt client -6 -Q -o - -d 3s -i 1s500ms --local=[2001:db8:a::5]:0 [2001:db8::1]:5300",
    );
    expect(command("netperf", { test: "TCP_RR", interval: "200ms" }, "2001:db8:a::5")).toBe(
      "netperf -6 -H 2001:db8::1 -p 5300 -L 2001:db8:a::5 -t TCP_RR -l 3 -f x -P 0 -D -0.2 -- -L 2001:db8:a::5 -k PROTOCOL,DIRECTION,ELAPSED_TIME,THROUGHPUT,THROUGHPUT_UNITS,MEAN_LATENCY,P50_LATENCY,P99_LATENCY",
    );
  });

  test.each([
    ["netperf", { test: "TCP_CRR" }, ["test"]],
    ["iperf3", { parallel: "65" }, ["parallel"]],
    ["iperf3", { paralel: "2" }, ["paralel"]],
    ["iperf3", { udp: "true" }, ["udp"]],
    ["iperf3", { udp: "true", rate: "1mbit", mptcp: "true" }, ["mptcp"]],
    ["iperf3", { rate: "5" }, ["rate"]],
    ["irtt", { interval: "0.5ms" }, ["interval"]],
    ["curl", { path: "/{a,b}" }, ["path"]],
    ["curl", { http: "3" }, ["http"]],
  ] as const)("%s refuses %o", (kind, written, path) => {
    expect(command(kind, { ...written })).toMatchObject([{ path }]);
  });
});

test("a load is summed up in a line", () => {
  const { values } = read("iperf3", output("iperf3.ndjson"));
  expect(summaryOf(values)).toBe(
    "throughput 10.48 Mbit/s (median of 2 samples), throughput mean 10.48 Mbit/s, retransmits 0 (median of 2 samples), rtt 0.104 ms (median of 4 samples)",
  );
  expect(summaryOf([])).toBeUndefined();
  const sample = { load: "a", atNs: 0, lastsNs: 0, about: null } as const;
  expect([
    ...latestOf([
      { ...sample, metric: "rtt", value: 1 },
      { ...sample, metric: "rtt", value: 0.5 },
    ]),
  ]).toEqual([["a", "rtt 500 ms"]]);
});

describe("happy-eyeballs", () => {
  const ALPHA = "2001:db8:a:7fff::80";
  const BETA = "2001:db8:b:7fff::80";
  const told = (values: readonly LoadValue[], metric: LoadMetric) =>
    of(values, metric).map(({ atS, value, about }) => [
      Number(atS.toFixed(4)),
      Number(value.toFixed(4)),
      about,
    ]);

  test("Node gives each attempt at its time, the address that won and the source", () => {
    const text = output("happy-eyeballs-node.txt");
    const [first, other] = text
      .trim()
      .split("\n")
      .map(
        (line) =>
          JSON.parse(line) as {
            startNs: string;
            resolvedS: number;
            attempts: { startS: number; endS: number }[];
          },
      );
    const { values } = read("happy-eyeballs", text, BigInt(first?.startNs ?? 0) - 3_000_000_000n);
    expect(told(values, "resolve")[0]).toEqual([3, Number(first?.resolvedS.toFixed(4)), ALPHA]);
    expect(told(values, "attempt").map(([, , about]) => about)).toEqual([ALPHA, BETA]);
    const [given] = told(values, "attempt-failed");
    expect(told(values, "attempt-failed")).toHaveLength(1);
    expect(given?.slice(1)).toEqual([
      Number(((other?.attempts[0]?.endS ?? 0) - (other?.attempts[0]?.startS ?? 0)).toFixed(4)),
      ALPHA,
    ]);
    expect(told(values, "connect").map(([, , about]) => String(about).slice(0, 10))).toEqual([
      "2001:db8:a",
      "2001:db8:b",
    ]);
    expect(of(values, "session")).toHaveLength(2);
    expect(of(values, "session-failed")).toMatchObject([{ value: 0.0051, about: null }]);
  });

  test("curl gives each attempt from what it tells of itself", () => {
    const { values } = read("happy-eyeballs", output("happy-eyeballs-curl.txt"), START_NS, {
      client: "curl",
    });
    expect(told(values, "attempt").map(([, , about]) => about)).toEqual([ALPHA, BETA]);
    const [tried] = of(values, "attempt-failed");
    expect([of(values, "attempt-failed").length, tried?.about]).toEqual([1, ALPHA]);
    expect(tried?.value).toBeCloseTo(2.5, 1);
    const connected = of(values, "connect").at(-1);
    expect(connected?.value).toBeGreaterThan(tried?.value ?? Infinity);
    expect((tried?.atS ?? 0) - (connected?.atS ?? 0)).toBeLessThan(0.05);
  });
});

test("perfdhcp gives leases a second, each exchange at its time, and what got no answer", () => {
  const { values, error } = read("perfdhcp", output("perfdhcp.txt"));
  expect(error).toBeNull();
  // Its reports come in the fourth and the fifth second, and it began in the first.
  expect(of(values, "lease-rate")).toMatchObject([
    { atS: 10, lastsS: 3, value: 16 },
    { atS: 13, lastsS: 1, value: 51 },
  ]);
  expect(of(values, "advertise").map(({ atS, value }) => [atS, value])).toEqual([
    [10.00007, 0.00067],
    [10.040128, 0.00051],
  ]);
  expect(of(values, "session").map(({ value }) => value)).toEqual([0.0013, 0.0003]);
  expect(of(values, "drops")).toMatchObject([{ value: 1 }]);
  expect(read("perfdhcp", "ERROR: running perfdhcp: no interface\n").error).toContain("no interface");
});
