/** What everyone who looks at a lab is told, and that nothing is followed while nobody looks. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Engines } from "../../../../src/app/agents/engines.ts";
import { Collector } from "../../../../src/app/dashboard/collector.ts";
import type { EngineReader, LineStream } from "../../../../src/app/ports/engine-reader.ts";
import type { Engine } from "../../../../src/app/ports/engine.ts";
import type { LiveMessage } from "../../../../src/core/judge/live/message.ts";
import { LiveView } from "../../../../src/core/judge/live/view.ts";
import { NODES } from "../../../../src/core/render/nodes/registry.ts";
import { Label } from "../../../../src/core/model/names.ts";
import type { FoundContainer } from "../../../../src/core/render/nodes/observed.ts";
import { eventLine, idOf, signing, snapshotLine } from "../../support/agent-lines.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const alpha = {
  ...NODES.bng.silent({ name: "alpha", state: "running", problem: { code: "x", message: "x" } }),
  ready: true,
  problems: [],
};
const container: FoundContainer = {
  id: idOf("alpha"),
  containerName: "mhlab-one-alpha",
  image: "x",
  state: "running",
  labels: { [Label.lab]: "one", [Label.name]: "alpha", [Label.role]: "bng" },
};

/** A lab of one provider, whose agent says what the test wants. */
function lab() {
  let containers = [container];
  let failure: Error | undefined;
  const streams = new Set<LineStream>();
  const reader: Partial<EngineReader> = {
    listContainers: () => (failure === undefined ? Promise.resolve(containers) : Promise.reject(failure)),
    execLines: (_, argv, asked) => {
      const stream = signing(argv, asked);
      streams.add(stream);
      setTimeout(() => stream.onLine(snapshotLine(alpha, { epoch: "ea" })), 1);
      return new Promise((___, reject) => {
        const leave = (): void => {
          streams.delete(stream);
          reject(new Error("left"));
        };
        stream.signal.addEventListener("abort", leave, { once: true });
      });
    },
  };
  const stop = new AbortController();
  const collector = new Collector({
    engines: new Engines([{ reader } as Engine]),
    lab: "one",
    self: "mhlab",
    version: "1",
    epoch: "e",
    signal: stop.signal,
    now: () => Date.now(),
  });
  let seq = 0;
  return {
    collector,
    streams,
    stop,
    say: (event: Readonly<Record<string, unknown>>) => {
      for (const stream of streams) stream.onLine(eventLine(alpha, ++seq, event));
    },
    setContainers: (now: FoundContainer[]) => (containers = now),
    fail: (error: Error | undefined) => (failure = error),
  };
}

/** One who looks: the messages, the place of the last, and a view made of them. */
async function look(collector: Collector, since?: string) {
  const heard: LiveMessage[] = [];
  const view = new LiveView();
  const seen = { heard, view, last: "", leave: () => {} };
  const opened = collector.open(since, {
    tell: ({ id, text }) => {
      const message = JSON.parse(text) as LiveMessage;
      heard.push(message);
      view.take(message, performance.now());
      seen.last = id;
    },
  });
  await vi.advanceTimersByTimeAsync(3500);
  seen.leave = await opened;
  return seen;
}

const types = (heard: readonly LiveMessage[]): string[] =>
  heard.map(({ type }) => type).filter((type) => type !== "sample");
const TROUBLE = {
  event: "patch",
  patch: [
    { op: "replace", path: ["state"], value: "degraded" },
    { op: "replace", path: ["ready"], value: false },
    { op: "add", path: ["problems", "x bad"], index: 0, value: { code: "x", message: "bad" } },
  ],
} as const;

test("the first who looks is told everything, then every change; his view is the agent's status", async () => {
  const { collector, say } = lab();
  const { heard, view } = await look(collector);
  expect(types(heard).slice(0, 3)).toEqual(["lab", "nodes", "event"]);
  say(TROUBLE);
  expect(view.statusOf("alpha")).toMatchObject({
    state: "degraded",
    problems: [{ code: "x" }],
  });
  expect(view.log.map(({ text }) => text)).toEqual(["ready", "bad", "degraded"]);
});

test("a second stream is not made for a second who looks, and each second has its sample", async () => {
  const { collector, streams } = lab();
  const [one, other] = [await look(collector), await look(collector)];
  expect(streams.size).toBe(1);
  await vi.advanceTimersByTimeAsync(5000);
  for (const { view } of [one, other]) expect(view.history.times.length).toBeGreaterThanOrEqual(4);
  expect(one.view.history.keys).toContain("handshake/alpha");
});

test("after a break one is told what he missed, and nothing twice", async () => {
  const { collector, say } = lab();
  const first = await look(collector);
  first.leave();
  say(TROUBLE);
  const again = await look(collector, first.last);
  expect(types(again.heard)).toEqual(["event"]);
  const fresh = await look(collector, "other-1");
  expect(types(fresh.heard)[0]).toBe("lab");
});

test("when the last has gone nothing is followed any more; whoever comes later is told everything anew", async () => {
  const { collector, streams } = lab();
  const first = await look(collector);
  first.leave();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(streams.size).toBe(1);
  await vi.advanceTimersByTimeAsync(6000);
  expect(streams.size).toBe(0);
  const again = await look(collector, first.last);
  expect(types(again.heard).slice(0, 3)).toEqual(["lab", "nodes", "event"]);
  expect(again.view.history.times.length).toBeGreaterThan(0);
});

test("a lab that goes and comes again is told as it is", async () => {
  const { collector, setContainers } = lab();
  const { view } = await look(collector);
  setContainers([]);
  await vi.advanceTimersByTimeAsync(2500);
  expect([view.containers, view.nodes.size]).toEqual([[], 0]);
  setContainers([container]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(view.labStatus().providers[0]?.ready).toBe(true);
});

test("an engine that does not answer is a trouble that ends; who was heard is gone meanwhile", async () => {
  const { collector, fail } = lab();
  const { view } = await look(collector);
  fail(new Error("the engine went away"));
  await vi.advanceTimersByTimeAsync(3000);
  expect([view.trouble, view.nodes.get("alpha")?.gone?.reason]).toEqual([
    "the engine went away",
    "the engine does not answer",
  ]);
  fail(undefined);
  await vi.advanceTimersByTimeAsync(15_000);
  expect([view.trouble, view.nodes.get("alpha")?.gone]).toEqual([null, undefined]);
});

/** One who listens to the events themselves. */
async function listen(collector: Collector) {
  const lines: { event: string; seq: number; epoch: string; status?: { problems: unknown[] } }[] = [];
  const opened = collector.events((line) => void lines.push(line as never));
  await vi.advanceTimersByTimeAsync(3500);
  return { lines, leave: await opened };
}

test("who listens to events hears them by the same stream; who comes later begins with what is now", async () => {
  const { collector, streams, say } = lab();
  const page = await look(collector);
  const { lines, leave } = await listen(collector);
  expect(streams.size).toBe(1);
  say({ event: "log", level: "info", message: "kea serves" });
  const late = await listen(collector);
  say(TROUBLE);
  expect(lines.map(({ event, seq, epoch }) => [event, seq, epoch])).toEqual([
    ["snapshot", 0, "ea"],
    ["log", 1, "ea"],
    ["patch", 2, "ea"],
  ]);
  expect(late.lines.map(({ event, seq }) => [event, seq])).toEqual([
    ["snapshot", 1],
    ["patch", 2],
  ]);
  expect(late.lines[0]?.status).toMatchObject({ problems: [], protocol: expect.any(Number) as number });
  const last = await listen(collector);
  expect(last.lines).toMatchObject([{ event: "snapshot", seq: 2, status: { problems: [{ code: "x" }] } }]);
  for (const one of [page, late, last]) one.leave();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(streams.size).toBe(1);
  leave();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(streams.size).toBe(0);
});

test("who listens to events hears that the engine went, and what is there when it is back", async () => {
  const { collector, fail } = lab();
  const { lines } = await listen(collector);
  fail(new Error("the engine went away"));
  await vi.advanceTimersByTimeAsync(3000);
  expect(lines.map(({ event }) => event)).toEqual(["snapshot", "gone"]);
  expect((await listen(collector)).lines.map(({ event }) => event)).not.toContain("snapshot");
  fail(undefined);
  // No longer: the agent of the test says nothing more, which would count as silence.
  await vi.advanceTimersByTimeAsync(6000);
  expect(lines.map(({ event }) => event)).toEqual(["snapshot", "gone", "snapshot"]);
});

test("a mark is a span and a line of the log", async () => {
  const { collector } = lab();
  const { view } = await look(collector);
  collector.mark("cable out");
  expect(view.spans).toMatchObject([{ kind: "mark", label: "cable out" }]);
  expect(view.log.at(-1)).toMatchObject({ event: "mark", text: "mark: cable out" });
});
