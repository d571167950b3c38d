import { expect, test, vi } from "vitest";
import { log } from "../../../../src/agent/log.ts";
import { parseEvent } from "../../../../src/core/model/protocol/event.ts";
import type { Patch } from "../../../../src/core/model/protocol/patch.ts";
import { Story } from "../../../../src/core/model/protocol/story.ts";
import { fakeTime, heardLog, until } from "../../support/fake-time.ts";
import { Asker, startAgent } from "./agent.ts";

const delegation = (prefix: string, expiresAt = "2026-11-24T16:00:00Z") => ({
  prefix,
  via: "fe80::1",
  duid: "00",
  iaid: 1,
  mac: null,
  preferredS: 1800,
  validS: 14_400,
  expiresAt,
  routed: true,
});

test("after the snapshot comes only what changed", async () => {
  const agent = await startAgent();
  const asker = new Asker(agent.socket, "events\n");
  await vi.waitFor(() => expect(asker.kinds).toEqual(["snapshot"]));
  agent.become({ delegations: [delegation("2001:db8:a:8000::/56")] });
  await vi.waitFor(() => expect(asker.lines).toHaveLength(2));
  expect(asker.lines[1]).toMatchObject({ seq: 1, event: "patch", patch: [{ op: "add", index: 0 }] });
  agent.become({ delegations: [delegation("2001:db8:a:8000::/56", "2026-11-24T17:00:00Z")] });
  await vi.waitFor(() => expect(asker.lines).toHaveLength(3));
  expect(asker.lines[2]).toMatchObject({ seq: 2, event: "patch", patch: [{ op: "replace" }] });
  expect(JSON.stringify(asker.lines[2]).length).toBeLessThan(500);
});

test("while nobody follows, nothing is looked at", async () => {
  const agent = await startAgent();
  vi.useFakeTimers();
  for (let count = 0; count < 5; count++) agent.become({ linkLocal: `fe80::${count}` });
  expect([agent.looks, vi.getTimerCount()]).toEqual([0, 0]);
  vi.useRealTimers();
});

test("the role is told when the first begins to follow, and when the last has left", async () => {
  const agent = await startAgent();
  const one = new Asker(agent.socket, "events attached\n");
  const other = new Asker(agent.socket, "events attached\n");
  await vi.waitFor(() => expect([one.kinds, other.kinds]).toEqual([["snapshot"], ["snapshot"]]));
  one.socket.destroy();
  await new Asker(agent.socket, "status\n").ended();
  expect(agent.observed).toEqual([true]);
  other.socket.destroy();
  await vi.waitFor(() => expect(agent.observed).toEqual([true, false]));
});

test("a burst of changes is looked at a few times only, and its end is told", async () => {
  const { pass } = fakeTime();
  const agent = await startAgent();
  const asker = new Asker(agent.socket, "events\n");
  await until(() => asker.lines.length === 1);
  for (let count = 1; count <= 100; count++) {
    agent.become({ prefix: `2001:db8:${count}::/48` });
    await pass(3);
  }
  await pass(150);
  expect(agent.looks).toBe(3);
  await until(() => asker.lines.length === 3);
  const end = { patch: [{ op: "replace", path: ["prefix"], value: "2001:db8:100::/48" }] };
  expect(asker.lines.at(-1)).toMatchObject(end);
});

test("a change is dated when it came about, not when it was looked at", async () => {
  const { clock, pass } = fakeTime();
  const agent = await startAgent();
  const asker = new Asker(agent.socket, "events\n");
  await until(() => asker.lines.length === 1);
  const toldAtMs = clock.monotonicMs();
  await pass(40);
  agent.become({ linkLocal: "fe80::1" }, toldAtMs);
  agent.become({ linkLocal: "fe80::2" }, toldAtMs + 30);
  await pass(200);
  await until(() => asker.lines.length === 2);
  // The journal of this agent has a clock that stands at 0; the look came 150 ms after the one before.
  expect(asker.lines[1]?.["monotonicS"]).toBeCloseTo(-0.15, 3);
  agent.become({ linkLocal: "fe80::3" });
  await pass(200);
  await until(() => asker.lines.length === 3);
  expect(asker.lines[2]?.["monotonicS"]).toBe(0);
});

test("counters are told once a second, whatever else is told meanwhile", async () => {
  const { pass } = fakeTime();
  const agent = await startAgent();
  const asker = new Asker(agent.socket, "events\n");
  await until(() => asker.lines.length === 1);
  for (let packets = 1; packets <= 30; packets++) {
    agent.become({ leaks: { since: null, up: packets, down: 0, addresses: [] } });
    if (packets === 15) agent.become({ linkLocal: "fe80::1" });
    await pass(100);
  }
  await until(() => asker.lines.length >= 6);
  const told = asker.lines.flatMap(({ patch }) => (patch as Patch | undefined) ?? []).map(({ op }) => op);
  expect(told.sort()).toEqual(["merge", "merge", "merge", "merge", "replace"]);
});

test("where nothing happens, that is said every 3 s", async () => {
  const { pass } = fakeTime();
  const agent = await startAgent();
  const asker = new Asker(agent.socket, "events\n");
  await until(() => asker.lines.length === 1);
  await pass(9000);
  await until(() => asker.lines.length === 4);
  expect(asker.kinds).toEqual(["snapshot", "alive", "alive", "alive"]);
  expect(asker.lines.map(({ seq }) => seq)).toEqual([0, 0, 0, 0]);
});

test("for 10 s after the last follower left changes are still noted at their time, and then no more", async () => {
  const { pass } = fakeTime();
  const agent = await startAgent();
  const asker = new Asker(agent.socket, "events attached\n");
  await until(() => asker.lines.length === 1);
  asker.socket.end();
  await asker.ended();
  await pass(9000);
  const before = agent.looks;
  agent.become({ linkLocal: "fe80::1" });
  await pass(150);
  expect(agent.looks).toBeGreaterThan(before);
  await pass(20_000);
  const after = agent.looks;
  agent.become({ linkLocal: "fe80::2" });
  await pass(20_000);
  expect(agent.looks).toBe(after);
});

test("what was seen at one look is one event", async () => {
  const agent = await startAgent();
  const asker = new Asker(agent.socket, "events\n");
  await vi.waitFor(() => expect(asker.kinds).toEqual(["snapshot"]));
  agent.become({ ready: true, problems: [{ code: "no-carrier", message: "no cable" }] });
  await vi.waitFor(() => expect(asker.kinds).toEqual(["snapshot", "patch"]));
  expect(asker.lines[1]?.["patch"]).toMatchObject([
    { op: "replace", path: ["ready"] },
    { op: "add", path: ["problems", "no-carrier no cable"] },
  ]);
});

test("one who was away hears what he missed, also what nobody followed", async () => {
  const agent = await startAgent();
  const first = new Asker(agent.socket, "events\n");
  await vi.waitFor(() => expect(first.kinds).toEqual(["snapshot"]));
  agent.become({ linkLocal: "fe80::1" });
  await vi.waitFor(() => expect(first.lines).toHaveLength(2));
  first.socket.destroy();
  agent.become({ linkLocal: "fe80::2" });
  const again = new Asker(agent.socket, "events since=life0falpha:1\n");
  await vi.waitFor(() => expect(again.kinds).toEqual(["resumed", "patch"]));
  expect(again.lines[1]).toMatchObject({ seq: 2, patch: [{ value: "fe80::2" }] });
  const other = new Asker(agent.socket, "events since=otherlife:1\n");
  await vi.waitFor(() => expect(other.kinds).toEqual(["snapshot"]));
});

test("one who does not read is cut off, told where to go on, and costs no more memory than that", async () => {
  const agent = await startAgent();
  const reader = new Asker(agent.socket, "events\n");
  const stalled = new Asker(agent.socket, "events\n", { stalled: true });
  await until(() => reader.lines.length === 1 && agent.looks === 2);
  const long = "x".repeat(20_000);
  heardLog();
  for (let count = 0; count < 200; count++) {
    log("info", `${count} ${long}`);
    await until(() => reader.lines.length === count + 2);
  }
  stalled.read();
  const heard = await stalled.ended();
  const bytes = JSON.stringify(heard).length;
  // What the kernel's buffers hold comes on top of ours.
  expect(bytes).toBeLessThan(1_000_000);
  const { event, resume } = heard.at(-1) ?? {};
  expect(event).toBe("cut");
  expect(resume).toBe(`events since=life0falpha:${heard.at(-2)?.["seq"] as number}`);
  expect(reader.kinds).not.toContain("cut");
});

test("a follower rebuilds the status", async () => {
  const { pass } = fakeTime();
  const agent = await startAgent();
  const asker = new Asker(agent.socket, "events\n");
  const prefixes = ["2001:db8:a:8000::/56", "2001:db8:a:8100::/56", "2001:db8:a:8200::/56"];
  await until(() => asker.lines.length === 1);
  for (const kept of [1, 3, 2, 0, 3]) {
    agent.become({ delegations: prefixes.slice(0, kept).map((prefix) => delegation(prefix)) });
    await pass(200);
  }
  agent.become({ leaks: { since: null, up: 7, down: 0, addresses: [] } });
  await pass(1000);
  await until(() => JSON.stringify(asker.lines.at(-1)).includes("leaks"));
  const story = new Story();
  const outcomes: string[] = [];
  for (const line of asker.lines) {
    const heard = parseEvent(JSON.stringify(line));
    outcomes.push(heard.kind === "event" ? story.take(heard.event) : heard.kind);
  }
  expect(outcomes).not.toContain("gap");
  expect(story.status).toEqual(agent.status);
});

test("in a large lab counters are told less often, and what starts programs is asked of what is older", async () => {
  const { pass } = fakeTime();
  const agent = await startAgent({ labSize: 50 });
  const asker = new Asker(agent.socket, "events\n");
  await until(() => asker.lines.length === 1);
  await pass(1000);
  const before = agent.looks;
  for (let packets = 1; packets <= 150; packets++) {
    agent.status = { ...agent.status, leaks: { since: null, up: packets, down: 0, addresses: [] } };
    await pass(100);
  }
  expect(agent.looks - before).toBe(2);
  expect(agent.ages.at(-1)).toBe(30_000);
  await until(() => asker.kinds.filter((kind) => kind === "patch").length >= 2);
});
