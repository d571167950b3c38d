/** Probes of a whole lab, held against what the lab did and what tcpdump saw. */
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { AbsoluteSample } from "../../../src/app/experiment/probes.ts";
import type { FlowPlan } from "../../../src/core/judge/experiment/record.ts";
import { faultyLab } from "../faults/fixture.ts";
import { succeed, useLabs } from "../lab/fixture.ts";
import { eventually, PROJECT } from "../support/sandbox.ts";
import { EVERY_MS, probe, recordStamp, TARGET, type CapturedPacket } from "./fixture.ts";

useLabs();

const LAB = "two-isps";
const HOST = "home-host1";
const { inside, inject, heal } = faultyLab(LAB);

beforeAll(() => succeed(["up", join(PROJECT, "examples/two-isps/lab.yaml")]));

const isAlpha = ({ source }: { source: string }): boolean => source.startsWith("2001:db8:a:");
const isBeta = ({ source }: { source: string }): boolean => source.startsWith("2001:db8:b:");
const ofHost = ({ node }: AbsoluteSample): boolean => node === HOST;
const outcomes = (samples: readonly AbsoluteSample[]): string[] => [
  ...new Set(
    samples.map(({ outcome, reason, arrivedBy }) => [outcome, reason, arrivedBy].filter(Boolean).join(" ")),
  ),
];

/** Global addresses of a node, as the kernel has them. */
async function addressesOf(node: string): Promise<string[]> {
  const { stdout } = await inside(node, ["ip", "-j", "-6", "addr", "show", "scope", "global"]);
  const links = JSON.parse(stdout) as { addr_info?: { local?: string }[] }[];
  return links.flatMap(({ addr_info = [] }) => addr_info.flatMap(({ local }) => local ?? [])).sort();
}

test("every address of host and CPE is probed, and each probe came in by its own provider", async () => {
  const probing = await probe(LAB);
  await probing.more(200);
  const { probes } = await probing.stop();
  for (const node of [HOST, "home"]) {
    const sources = probes.filter((sample) => sample.node === node).map(({ source }) => source);
    expect([...new Set(sources)].sort()).toEqual(await addressesOf(node));
  }
  expect(outcomes(probes.filter(isAlpha))).toEqual(["answered alpha"]);
  expect(outcomes(probes.filter(isBeta))).toEqual(["answered beta"]);
  expect(probes.every((one) => isAlpha(one) !== isBeta(one))).toBe(true);
  // A busy machine leaves out rounds; nothing else is missing.
  expect(probing.told.filter((sentence) => !/^\S+ \d+ rounds were left out/.test(sentence))).toEqual([]);
  for (const { sentNs, arrivedNs, receivedNs } of probes)
    expect([sentNs < (arrivedNs ?? 0n), (arrivedNs ?? 0n) < (receivedNs ?? 0n)]).toEqual([true, true]);
  for (const source of new Set(probes.map((one) => one.source))) {
    const own = probes.filter((one) => one.source === source);
    expect(own.map(({ seq }) => seq)).toEqual(own.map((_, index) => index));
  }
});

/** By what a probe is known in a capture and in samples; each life of the program has a session of its own. */
const keyOf = ({ source, seq }: { source: string; seq: number }): string => `${source} ${seq}`;

test("what was sent, lost and answered is what tcpdump saw, and when", async () => {
  const capture = await recordStamp(LAB, HOST, "eth0");
  await inject("line-loss", "alpha", ["share=30%"]);
  const probing = await probe(LAB);
  await probing.more(200, ofHost);
  const probes = (await probing.stop()).probes.filter(ofHost);
  await heal("alpha");
  const packets = await capture.stop();
  const seen = (way: CapturedPacket["way"]): Map<string, bigint> =>
    new Map(packets.filter((one) => one.way === way).map((one) => [keyOf(one), one.atNs]));
  const [requests, replies] = [seen("request"), seen("reply")];
  expect(outcomes(probes).sort()).toEqual(
    ["answered alpha", "answered beta", "no-answer", "no-answer alpha"].sort(),
  );
  expect(probes.map(keyOf).sort()).toEqual([...requests.keys()].sort());
  const answered = probes.filter(({ outcome }) => outcome === "answered");
  // First as samples, so that a failure says what became of which, and when.
  expect(probes.filter((one) => (one.outcome === "answered") !== replies.has(keyOf(one)))).toEqual([]);
  expect(answered.map(keyOf).sort()).toEqual([...replies.keys()].sort());
  const apart = (one: bigint | null, other: bigint | undefined): number =>
    Math.abs(Number((one ?? 0n) - (other ?? 0n))) / 1e6;
  for (const one of probes) expect(apart(one.sentNs, requests.get(keyOf(one)))).toBeLessThan(20);
  for (const one of answered) expect(apart(one.receivedNs, replies.get(keyOf(one)))).toBeLessThan(20);
});

test.each([
  ["down", "no-answer alpha"],
  ["up", "no-answer"],
])("behind a black hole %s a probe is told as %s", async (direction, told) => {
  await inject("upstream-blackhole", "alpha", [`direction=${direction}`]);
  const probing = await probe(LAB);
  await probing.more(40, (one) => isAlpha(one) && ofHost(one));
  const { probes } = await probing.stop();
  await heal("alpha");
  expect(outcomes(probes.filter((one) => isAlpha(one) && ofHost(one)))).toEqual([told]);
  expect(outcomes(probes.filter((one) => isBeta(one) && ofHost(one)))).toEqual(["answered beta"]);
});

test("without a route nothing is sent, and an address that goes is no outage", async () => {
  const gone = (await addressesOf(HOST)).find((source) => isAlpha({ source })) ?? "";
  const probing = await probe(LAB);
  await probing.more(20, ofHost);
  await inside(HOST, ["ip", "-6", "route", "add", "throw", "default", "metric", "1"]);
  await probing.more(10, ({ node, outcome }) => node === HOST && outcome === "not-sent");
  await inside(HOST, ["ip", "-6", "route", "del", "throw", "default", "metric", "1"]);
  await probing.more(10, (one) => ofHost(one) && one.outcome === "answered");
  await inside(HOST, ["ip", "-6", "addr", "del", `${gone}/64`, "dev", "eth0"]);
  await probing.more(30, (one) => ofHost(one) && isBeta(one));
  await inside(HOST, ["ip", "-6", "addr", "add", `${gone}/64`, "dev", "eth0"]);
  await probing.more(10, (one) => ofHost(one) && one.source === gone);
  const { probes } = await probing.stop();
  const own = probes.filter(ofHost);
  expect(outcomes(own)).toEqual(
    expect.arrayContaining(["answered alpha", "not-sent ENETUNREACH", "answered beta"]),
  );
  expect(outcomes(own).filter((one) => one.startsWith("no-answer"))).toEqual([]);
  expect(own.filter(({ source }) => source === gone).map(({ seq }) => seq)).toEqual(
    own.filter(({ source }) => source === gone).map((_, index) => index),
  );
});

test("a node that starts again is probed on, with numbers that go on", async () => {
  const probing = await probe(LAB);
  await probing.more(20, ofHost);
  await succeed(["restart", HOST, "--lab", LAB]);
  await probing.more(20, (one) => ofHost(one) && one.outcome === "answered");
  const { probes } = await probing.stop();
  expect(probing.told.join()).toContain(HOST);
  const own = probes.filter((one) => ofHost(one) && isBeta(one));
  const keys = own.map(keyOf);
  expect(new Set(keys).size).toBe(keys.length);
});

test("flows tell what becomes of them", async () => {
  const flow = (id: string, kind: FlowPlan["kind"], target = TARGET): FlowPlan => ({
    id,
    kind,
    from: HOST,
    target,
    source: kind === "dns" ? null : "alpha",
    everyMs: EVERY_MS,
  });
  const names = ["tcp", "udp", "mptcp", "dns"] as const;
  const probing = await probe(
    LAB,
    names.map((kind) => flow(kind, kind, kind === "dns" ? "internet.example" : TARGET)),
  );
  await probing.more(60, ofHost);
  await inject("upstream-blackhole", "alpha");
  await probing.more(60, (one) => ofHost(one) && isBeta(one));
  const answeredBefore = probing.flows.filter(({ flow: id }) => id === "tcp").length;
  await heal("alpha");
  // TCP waits longer each time until it sends again (RFC 6298 5.5).
  await eventually(() => {
    expect(probing.flows.filter(({ flow: id }) => id === "tcp").length).toBeGreaterThan(answeredBefore);
  });
  const { flows } = await probing.stop();
  const of = (id: string, event: string) => flows.filter((one) => one.flow === id && one.event === event);
  const longestGap = (id: string): number => {
    const times = of(id, "answered").map(({ atNs }) => Number(atNs / 1_000_000n));
    return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at)));
  };
  for (const id of ["tcp", "udp", "mptcp"])
    expect(of(id, "connected")).toMatchObject([{ detail: expect.stringMatching(/^2001:db8:a:/) as string }]);
  expect(of("udp", "lost").length).toBeGreaterThan(20);
  expect(of("tcp", "lost").length + of("tcp", "broken").length).toBe(0);
  expect(longestGap("tcp")).toBeGreaterThan(2500);
  // The kernel sends by the other path what was not answered by the first.
  expect(longestGap("mptcp")).toBeLessThan(2000);
  expect(of("dns", "answered")[0]?.detail).toMatch(/^2001:db8::1 from /);
  for (const id of names) expect([id, of(id, "closed").length]).toEqual([id, 1]);
});

test("at the end of arrivals the reflector says that all is told", async () => {
  const { stdout } = await inside("internet", ["sh", "-c", "sleep 1 | agent arrivals"]);
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { event: string }).event),
  ).toEqual(["began", "mark"]);
});

test("who does not read is cut off and told so; nothing runs on", async () => {
  const targets = Array.from({ length: 16 }, (_, index) => `icmp=2001:db8::${(index + 16).toString(16)}`);
  const question = `probe every=10 ${targets.join(" ")}`;
  // Reads only when the program has ended.
  const reader = "until pgrep -x probe; do sleep 0.1; done; while pgrep -x probe; do sleep 0.2; done";
  const script = `{ printf '%s\\n' "$0"; sleep 97; } | nc -NU /run/mhlab/agent.sock | { (${reader}) > /dev/null; tail -n 1; pkill -xf 'sleep 97'; }`;
  const { stdout } = await inside(HOST, ["sh", "-c", script, question], 100_000);
  expect(JSON.parse(stdout)).toEqual({ event: "cut", resume: question });
  await eventually(async () => {
    expect((await inside(HOST, ["pgrep", "-x", "probe"])).stdout).toBe("");
  });
});
