/** The stream of all nodes: what came since one was there, once, and in order. */
import { expect, test } from "vitest";
import { Engines } from "../../../src/app/agents/engines.ts";
import { readEvents } from "../../../src/app/events.ts";
import type { EngineReader, LineStream } from "../../../src/app/ports/engine-reader.ts";
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

/** Reads the events of one node whose agent is at event 5; `own` answers who asks it alone. */
async function read(since: Cursor | undefined, own: (stream: LineStream) => void, enough: number) {
  const asked: string[] = [];
  const heard: string[] = [];
  const stop = new AbortController();
  const reader: Partial<EngineReader> = {
    listContainers: () => Promise.resolve([container]),
    execLines: (_, argv, stream) => {
      const words = argv
        .filter((word) => !word.startsWith("nonce="))
        .slice(1)
        .join(" ");
      asked.push(words);
      const ended = new Promise<never>((__, reject) => {
        stream.signal.addEventListener("abort", () => reject(new Error("left")), { once: true });
      });
      setImmediate(() => {
        if (!words.startsWith("all ")) return own(stream);
        const all = signing(argv, stream);
        for (const line of [snapshotLine(alpha, { seq: 5, epoch: "ea" }), logged(6)]) all.onLine(line);
      });
      return ended;
    },
  };
  const engines = new Engines([{ reader } as Engine]);
  const reading = readEvents(await engines.look(), {
    engines,
    questions: () => [{ lab: "one" }],
    since: new Map(since === undefined ? [] : [["alpha", since]]),
    signal: stop.signal,
    onNews: ({ told }) => {
      heard.push(told === "gone" ? "gone" : told.kind === "snapshot" ? "snapshot" : `${told.event.seq}`);
      if (heard.length === enough) stop.abort();
    },
  });
  await expect(reading).rejects.toThrow("aborted");
  return { asked, heard };
}

test("without a place, it begins with what is now", async () => {
  expect((await read(undefined, () => {}, 2)).heard).toEqual(["snapshot", "6"]);
});

test("after a place, what was missed comes first, though the next events are there already", async () => {
  const own = (stream: LineStream): void => {
    setTimeout(() => {
      stream.onLine(eventLine(alpha, 3, { event: "resumed", epoch: "ea", protocol: 1 }));
      for (const seq of [4, 5, 6]) stream.onLine(logged(seq));
    }, 10);
  };
  const { heard, asked } = await read({ epoch: "ea", seq: 3 }, own, 3);
  expect(heard).toEqual(["4", "5", "6"]);
  expect(asked).toContain("events attached since=ea:3");
});

test("nothing was missed at the last event", async () => {
  const { heard, asked } = await read({ epoch: "ea", seq: 5 }, () => {}, 1);
  expect([heard, asked]).toEqual([["6"], ["all events attached"]]);
});

test("an agent that does not remember begins with what is now", async () => {
  const own = (stream: LineStream): void => stream.onLine(snapshotLine(alpha, { seq: 5, epoch: "ea" }));
  expect((await read({ epoch: "ea", seq: 1 }, own, 2)).heard).toEqual(["snapshot", "6"]);
});

test("so does one of another life", async () => {
  const { heard, asked } = await read({ epoch: "old", seq: 4 }, () => {}, 2);
  expect([heard, asked]).toEqual([["snapshot", "6"], ["all events attached"]]);
});
