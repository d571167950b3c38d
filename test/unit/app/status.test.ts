import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { EngineReader } from "../../../src/app/ports/engine-reader.ts";
import { answersTold, askNodes } from "../../../src/app/status.ts";
import { NODES } from "../../../src/core/render/nodes/registry.ts";
import { Engines, nodesOf } from "../../../src/app/agents/engines.ts";
import type { Engine } from "../../../src/app/ports/engine.ts";
import type { FoundContainer } from "../../../src/core/render/nodes/observed.ts";
import type { NodeStatus } from "../../../src/core/model/status/model.ts";
import { Label } from "../../../src/core/model/names.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const NAMES = ["internet", "other"];
const status = (name: string): NodeStatus =>
  NODES.internet.silent({ name, state: "running", problem: { code: "x", message: "x" } });
const containers: FoundContainer[] = NAMES.map((name) => ({
  id: name,
  containerName: `mhlab-lab-${name}`,
  state: "running",
  labels: { [Label.lab]: "lab", [Label.role]: "internet", [Label.name]: name },
})) as unknown as FoundContainer[];

/** An engine whose execs of the question of all tell `lines` and then hang, as on a machine that is too slow. */
function slowEngine(lines: readonly string[], found = containers) {
  const askedAlone: string[] = [];
  const reader: Partial<EngineReader> = {
    listContainers: async () => found,
    execLines: async (_container, _argv, stream) => {
      for (const line of lines) stream.onLine(line);
      return await new Promise((_, reject) =>
        stream.signal.addEventListener("abort", () => reject(stream.signal.reason as Error), { once: true }),
      );
    },
    exec: async (container, _argv, signal) => {
      askedAlone.push(container);
      return await new Promise((_, reject) =>
        signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
      );
    },
  };
  const engines = new Engines([{ reader } as Engine]);
  return { nodes: async () => nodesOf(await engines.look(), "lab"), askedAlone };
}

const silence = (node: string): string =>
  JSON.stringify({ node, failure: "no answer in 2 s", code: "no-answer" });

test("what nodes told last is their answers where each that runs is followed", async () => {
  const { nodes } = slowEngine([]);
  const all = await nodes();
  const answers = NAMES.map((name) => ({ kind: "answer", value: status(name) }));
  expect(answersTold(all, status)?.map(({ reply }) => reply)).toEqual(answers);
  const onlyOne = (name: string): NodeStatus | undefined => (name === "other" ? status(name) : undefined);
  expect(answersTold(all, onlyOne)).toBeUndefined();
  const oneRuns = containers.map((one) => (one.id === "other" ? one : { ...one, state: "exited" as const }));
  const one = await slowEngine([], oneRuns).nodes();
  expect(answersTold(one, onlyOne)?.map(({ reply }) => reply)).toEqual([undefined, answers[1]]);
});

test.each([
  ["that nobody told of", []],
  ["that another one found silent", NAMES.map(silence)],
])(
  "a node %s counts as it told itself last where it is followed, and is not asked alone",
  async (_, lines) => {
    const { nodes, askedAlone } = slowEngine(lines);
    const answers = askNodes({ nodes: await nodes(), followed: status });
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await answers).map(({ reply }) => reply)).toEqual(
      NAMES.map((name) => ({ kind: "answer", value: status(name) })),
    );
    expect(askedAlone).toEqual([]);
  },
);

test("a silent node that nobody follows is silent", async () => {
  const { nodes, askedAlone } = slowEngine([]);
  const answers = askNodes({ nodes: await nodes(), followed: () => undefined });
  await vi.advanceTimersByTimeAsync(10_000);
  expect((await answers).map(({ reply }) => reply?.kind)).toEqual(["silent", "silent"]);
  expect(askedAlone).toEqual(containers.map(({ containerName }) => containerName));
});
