/** The stream of all nodes: what came since one was there, once, and in order. */
import { expect, test } from "vitest";
import { Engines } from "../../../src/app/agents/engines.ts";
import { readEvents } from "../../../src/app/events.ts";
import type { EngineReader } from "../../../src/app/ports/engine-reader.ts";
import type { Engine } from "../../../src/app/ports/engine.ts";
import { NODES } from "../../../src/core/render/nodes/registry.ts";
import { Label } from "../../../src/core/model/names.ts";
import type { FoundContainer } from "../../../src/core/render/nodes/observed.ts";
import type { Cursor } from "../../../src/core/model/protocol/cursor.ts";
import { eventLine, idOf, signing, snapshotLine } from "../support/agent-lines.ts";

const alpha = {
  ...NODES.bng.silent({ name: "alpha", state: "running", problem: { code: "x", message: "x" } }),
  problems: [],
};
const container: FoundContainer = {
  id: idOf("alpha"),
  containerName: "mhlab-one-alpha",
  image: "x",
  state: "running",
  labels: { [Label.lab]: "one", [Label.name]: "alpha", [Label.role]: "bng" },
};
const logged = (seq: number): string =>
  eventLine(alpha, seq, { event: "log", level: "info", message: `${seq}` });

const seqOf = (line: object): string => ("seq" in line ? String(line.seq) : "");

/** Reads the events of one node, as far as `enough`; `answer` says what comes of the question. */
async function read(since: Cursor | undefined, answer: readonly string[], enough: number) {
  const asked: string[] = [];
  const heard: string[] = [];
  const stop = new AbortController();
  const reader: Partial<EngineReader> = {
    listContainers: () => Promise.resolve([container]),
    execLines: (_, argv, stream) => {
      const words = argv.filter((word) => !word.startsWith("nonce=")).slice(1);
      asked.push(words.join(" "));
      const all = signing(argv, stream);
      setImmediate(() => {
        for (const line of asked.length === 1 ? answer : [snapshot]) all.onLine(line);
      });
      return new Promise<never>((__, reject) => {
        stream.signal.addEventListener("abort", () => reject(new Error("left")), { once: true });
      });
    },
  };
  const engines = new Engines([{ reader } as Engine]);
  const reading = readEvents(await engines.look(), {
    engines,
    questions: () => [{ lab: "one" }],
    since: new Map(since === undefined ? [] : [["alpha", since]]),
    signal: stop.signal,
    onNews: ({ told }) => {
      heard.push(told === "gone" ? "gone" : told.event === "snapshot" ? "snapshot" : seqOf(told));
      if (heard.length === enough) stop.abort();
    },
  });
  await expect(reading).rejects.toThrow("aborted");
  return { asked, heard };
}

const snapshot = snapshotLine(alpha, { seq: 5, epoch: "ea" });
const resumed = eventLine(alpha, 3, { event: "resumed", epoch: "ea", protocol: 1 });
const changed = eventLine(alpha, 5, {
  event: "patch",
  patch: [{ op: "replace", path: ["linkLocal"], value: "fe80::1" }],
});

test("without a place, it begins with what is now", async () => {
  const { heard, asked } = await read(undefined, [snapshot, logged(6)], 2);
  expect([heard, asked]).toEqual([["snapshot", "6"], ["all events attached"]]);
});

test("after a place, what was missed comes, though the status before it is not known", async () => {
  const { heard, asked } = await read({ epoch: "ea", seq: 3 }, [resumed, logged(4), changed, logged(6)], 3);
  expect([heard, asked]).toEqual([["4", "5", "6"], ["all events attached since=alpha@ea:3"]]);
});

test("an agent that does not remember, or is another one, begins with what is now", async () => {
  for (const since of [
    { epoch: "ea", seq: 1 },
    { epoch: "old", seq: 9 },
  ])
    expect((await read(since, [snapshot, logged(6)], 2)).heard).toEqual(["snapshot", "6"]);
});

test("where an event is missing, the node is asked for what is now", async () => {
  const { heard, asked } = await read({ epoch: "ea", seq: 3 }, [resumed, logged(4), logged(6)], 3);
  expect(heard).toEqual(["4", "gone", "snapshot"]);
  expect(asked).toEqual(["all events attached since=alpha@ea:3", "all events attached"]);
});
