import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Node } from "../../../src/app/agents/node.ts";
import { LabWatch } from "../../../src/app/agents/watch.ts";
import type { ContainerState, EngineReader, LineStream } from "../../../src/app/ports/engine-reader.ts";
import type { Engine } from "../../../src/app/ports/engine.ts";
import { awaitReady, type Arrived, type Awaited } from "../../../src/app/ready.ts";
import { OperationError } from "../../../src/core/model/errors.ts";
import { NODES } from "../../../src/core/render/nodes/registry.ts";
import type { NodeStatus } from "../../../src/core/model/status/model.ts";
import { eventLine, idOf, signing, snapshotLine } from "../support/agent-lines.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const awaited = (name: string, where: Engine): Awaited => ({
  node: new Node({ name, role: "internet", containerName: `mhlab-lab-${name}` }, where, idOf(name)),
  realFarSides: new Set(),
  realSubscriber: false,
});
const ready = (name: string): NodeStatus => ({
  ...NODES.internet.silent({ name, state: "running", problem: { code: "x", message: "x" } }),
  ready: true,
  problems: [],
});
const snapshot = (name: string): string => snapshotLine(ready(name));
const refused = (): OperationError => new OperationError("MHLAB_ENGINE", "container is restarting");

interface Asked {
  readonly container: string;
  readonly words: string;
}

/** An engine that answers an exec as `answer` does, and notes what it was asked. */
function engine(
  answer: (stream: LineStream, asked: Asked, turn: number) => Promise<void>,
  state: () => Partial<ContainerState> | undefined = () => ({}),
) {
  const asked: Asked[] = [];
  let looks = 0;
  const reader: Partial<EngineReader> = {
    execLines: (container, argv, stream) => {
      const words = argv
        .filter((word) => !word.startsWith("nonce="))
        .slice(1)
        .join(" ");
      const one = { container, words };
      asked.push(one);
      return answer(signing(argv, stream), one, asked.length);
    },
    containerState: async () => {
      looks++;
      const found = state();
      return found && { status: "running", restartCount: 0, exitCode: 1, ...found };
    },
    lastLogLines: async () => ["its last line"],
  };
  return { reader: reader as EngineReader, asked, looks: () => looks };
}

/** A stream that lasts; what was heard lives on. */
const forEver = (stream: LineStream, alive: readonly string[] = []): Promise<void> =>
  new Promise((_, reject) => {
    const { signal } = stream;
    const timer = setInterval(() => {
      for (const name of alive) stream.onLine(eventLine(ready(name), 0, { event: "alive" }));
    }, 3000);
    const end = (): void => {
      clearInterval(timer);
      reject(signal.reason as Error);
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });

/** Waits for nodes as `up` does. */
function waitFor(reader: EngineReader, names: readonly string[]): Promise<Arrived[]> {
  const stop = new AbortController();
  const where = { reader } as Engine;
  const agents = new LabWatch(stop.signal);
  const options = { agents, strict: true, signal: stop.signal, report: () => {} };
  const all = Promise.all(names.map((name) => awaitReady(awaited(name, where), options)));
  return all.finally(() => agents.close());
}

test("all nodes are followed by one exec, and each is ready when it says so", async () => {
  const { reader, asked } = engine(async (stream) => {
    setTimeout(() => stream.onLine(snapshot("a")), 300);
    setTimeout(() => stream.onLine(snapshot("b")), 900);
    await forEver(stream);
  });
  const arrived = waitFor(reader, ["a", "b"]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await arrived).toEqual([{ name: "a" }, { name: "b" }]);
  expect(asked).toEqual([{ container: "mhlab-lab-a", words: "all events attached" }]);
});

test("an engine that takes 30 s for an exec is not asked to death, and the answer is waited for", async () => {
  const names = ["a", "b", "c", "d", "e", "f"];
  const { reader, asked, looks } = engine(async (stream) => {
    setTimeout(() => {
      if (!(stream.signal?.aborted ?? false)) for (const name of names) stream.onLine(snapshot(name));
    }, 30_000);
    await forEver(stream);
  });
  const arrived = waitFor(reader, names);
  await vi.advanceTimersByTimeAsync(46_000);
  expect(await arrived).toHaveLength(names.length);
  const all = asked.filter(({ words }) => words === "all events attached");
  expect(all.length).toBeLessThanOrEqual(2);
  expect(asked.length - all.length).toBeLessThanOrEqual(names.length);
  expect(looks()).toBeLessThanOrEqual(names.length * 20);
});

test("a node that others cannot reach is asked alone", async () => {
  const { reader, asked } = engine(async (stream, { words }) => {
    if (words === "events attached") stream.onLine(snapshot("b"));
    else stream.onLine(snapshot("a"));
    await forEver(stream, words === "events attached" ? ["b"] : ["a"]);
  });
  const arrived = waitFor(reader, ["a", "b"]);
  await vi.advanceTimersByTimeAsync(21_000);
  expect(await arrived).toEqual([{ name: "a" }, { name: "b" }]);
  expect(asked.at(-1)).toEqual({ container: "mhlab-lab-b", words: "events attached" });
  expect(asked).toHaveLength(2);
});

test("a stream that ends, or is refused, is opened again in the next node", async () => {
  const { reader, asked } = engine(async (stream, _, turn) => {
    if (turn === 1) throw refused();
    if (turn === 3) for (const name of ["a", "b"]) stream.onLine(snapshot(name));
    if (turn === 3) await forEver(stream);
  });
  const arrived = waitFor(reader, ["a", "b"]);
  await vi.advanceTimersByTimeAsync(3000);
  await arrived;
  expect(asked.map(({ container }) => container)).toEqual(["mhlab-lab-a", "mhlab-lab-b", "mhlab-lab-a"]);
});

test.each([
  ["exited", { status: "exited" }, /ends at once \(exit code 1\)/],
  ["restarted again and again", { restartCount: 3 }, /ends at once/],
  ["was removed", undefined, /was removed by someone else/],
])("a container that %s is named within 2 s, with its last words", async (_, state, message) => {
  let looks = 0;
  const { reader } = engine(
    async () => {
      throw refused();
    },
    () => (looks++ === 0 ? {} : state),
  );
  const arrived = waitFor(reader, ["a"]).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(2000);
  const error = (await arrived) as OperationError;
  expect(error.message).toMatch(message);
  expect(error.evidence).toEqual(["its last line"]);
});

test("what the engine itself fails at ends the wait", async () => {
  const { reader } = engine(async () => {
    throw new Error("the engine is gone");
  });
  const arrived = waitFor(reader, ["a"]).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1000);
  expect(((await arrived) as Error).message).toBe("the engine is gone");
});
