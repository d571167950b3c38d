import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Listener } from "../../../../src/app/agents/known.ts";
import { LabWatch } from "../../../../src/app/agents/watch.ts";
import { Node } from "../../../../src/app/agents/node.ts";
import type { EngineReader, LineStream } from "../../../../src/app/ports/engine-reader.ts";
import type { Engine } from "../../../../src/app/ports/engine.ts";
import { OperationError } from "../../../../src/core/model/errors.ts";
import { NODES } from "../../../../src/core/render/nodes/registry.ts";
import { Label } from "../../../../src/core/model/names.ts";
import type { FoundContainer } from "../../../../src/core/render/nodes/observed.ts";
import type { NodeStatus } from "../../../../src/core/model/status/model.ts";
import { eventLine, idOf, signing, snapshotLine } from "../../support/agent-lines.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const silence = (name: string) => ({ name, state: "running", problem: { code: "x", message: "x" } }) as const;
const internet = (name: string): NodeStatus => ({
  ...NODES.internet.silent(silence(name)),
  problems: [],
});

const becomes = (state: string): object => ({
  event: "patch",
  patch: [{ op: "replace", path: ["state"], value: state }],
});

interface Exec {
  readonly container: string;
  readonly words: string;
  /** What comes by it is signed. */
  readonly stream: LineStream;
  /** The same without that. */
  readonly raw: LineStream;
  readonly argv: readonly string[];
  /** Ends the command. */
  readonly end: (error?: Error) => void;
}

const containerOf = (name: string): FoundContainer => ({
  id: idOf(name),
  containerName: `c-${name}`,
  image: "x",
  state: "running",
  labels: { [Label.lab]: "one", [Label.name]: name, [Label.role]: "internet" },
});

/** An engine whose execs last until the test, or who asked, ends them. */
function engine() {
  const execs: Exec[] = [];
  const containers = ["a", "b"].map(containerOf);
  const reader: Partial<EngineReader> = {
    listContainers: () => Promise.resolve(containers),
    execLines: (container, argv, stream) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error): void => (error === undefined ? resolve() : reject(error));
        const words = argv
          .filter((word) => !word.startsWith("nonce="))
          .slice(1)
          .join(" ");
        execs.push({ container, words, argv, stream: signing(argv, stream), raw: stream, end });
        stream.signal.addEventListener("abort", () => reject(stream.signal.reason as Error), { once: true });
      }),
  };
  const stop = new AbortController();
  const agents = new LabWatch(stop.signal);
  const where = { reader } as Engine;
  const node = (name: string): Node =>
    new Node({ name, role: "internet", containerName: `c-${name}` }, where, idOf(name));
  const heard: string[] = [];
  const listener = (name: string): Listener => ({
    onStatus: (status) => heard.push(`${name} ${status.state}`),
    onGone: () => heard.push(`${name} gone`),
    onComplaint: (text) => heard.push(`${name}: ${text}`),
  });
  const follow = (name: string): void => {
    agents.follow(node(name), listener(name), stop.signal).catch(() => undefined);
  };
  return { execs, agents, heard, node, follow, stop, containers };
}

test("a stream that breaks is taken up where it was, in the next node", async () => {
  const { execs, heard, follow } = engine();
  follow("a");
  follow("b");
  const first = execs[0];
  first?.stream.onLine(snapshotLine(internet("a"), { epoch: "ea" }));
  first?.stream.onLine(snapshotLine(internet("b"), { epoch: "eb", seq: 7 }));
  first?.stream.onLine(eventLine(internet("a"), 1, becomes("degraded")));
  first?.end();
  await vi.advanceTimersByTimeAsync(250);
  expect(execs.map(({ container, words }) => `${container} ${words}`)).toEqual([
    "c-a all events attached",
    "c-b all events attached since=a@ea:1 since=b@eb:7",
  ]);
  expect(heard.splice(0)).toEqual(["a running", "b running", "a degraded", "a gone", "b gone"]);
  execs[1]?.stream.onLine(eventLine(internet("a"), 1, { event: "resumed", epoch: "ea" }));
  execs[1]?.stream.onLine(eventLine(internet("a"), 2, becomes("running")));
  expect(heard).toEqual(["a degraded", "a running"]);
});

test("an agent that began anew is taken from its snapshot", async () => {
  const { execs, heard, follow } = engine();
  follow("a");
  execs[0]?.stream.onLine(snapshotLine(internet("a"), { epoch: "one", seq: 50 }));
  execs[0]?.stream.onLine(eventLine(internet("a"), 50, { event: "gone" }));
  execs[0]?.stream.onLine(snapshotLine({ ...internet("a"), state: "starting" }, { epoch: "two", seq: 1 }));
  expect(heard).toEqual(["a running", "a gone", "a starting"]);
});

test("where an event is missing, only a new snapshot counts", async () => {
  const { execs, heard, agents, follow } = engine();
  follow("a");
  execs[0]?.stream.onLine(snapshotLine(internet("a"), { epoch: "ea", seq: 1 }));
  execs[0]?.stream.onLine(eventLine(internet("a"), 3, becomes("degraded")));
  expect(heard).toEqual(["a running", "a gone"]);
  expect(agents.statusOf("a")).toBeUndefined();
  await vi.advanceTimersByTimeAsync(250);
  expect(execs[1]?.words).toBe("all events attached");
});

test("who says nothing any more is lost, and a stream in which nobody speaks is given up", async () => {
  const { execs, heard, agents, follow } = engine();
  follow("a");
  follow("b");
  execs[0]?.stream.onLine(snapshotLine(internet("a")));
  execs[0]?.stream.onLine(snapshotLine(internet("b")));
  for (let time = 0; time < 15_000; time += 3000) {
    execs[0]?.stream.onLine(eventLine(internet("a"), 0, { event: "alive" }));
    await vi.advanceTimersByTimeAsync(3000);
  }
  expect(heard.splice(0)).toEqual(["a running", "b running", "b gone"]);
  expect(agents.statusOf("a")).toBeDefined();
  expect(agents.statusOf("b")).toBeUndefined();
  execs[0]?.stream.onLine(eventLine(internet("b"), 0, { event: "alive" }));
  expect(heard.splice(0)).toEqual(["b running"]);
  await vi.advanceTimersByTimeAsync(13_000);
  expect(heard).toEqual(["a gone", "b gone"]);
  expect(execs[1]?.container).toBe("c-b");
});

test("an image of another protocol is named, with what mends it", () => {
  const { execs, heard, follow } = engine();
  follow("a");
  follow("b");
  execs[0]?.stream.onLine(snapshotLine(internet("a")));
  execs[0]?.stream.onLine('{"node":"b","event":"snapshot","status":{"name":"b"}}');
  expect(heard).toEqual(["a running", "b: its image speaks another protocol; `mhlab up` renews it"]);
});

test("a hub that cannot tell of others is no reason to stop", async () => {
  const { execs, heard, follow } = engine();
  follow("a");
  follow("b");
  execs[0]?.stream.onLine('{"error":"unknown request \'all\'"}');
  execs[0]?.end();
  await vi.advanceTimersByTimeAsync(450);
  execs[1]?.stream.onLine(snapshotLine(internet("a")));
  expect(execs[1]?.container).toBe("c-b");
  expect(heard.at(-1)).toBe("a running");
});

test("one status is waited for, also one that was told before", async () => {
  const { execs, agents, node, follow, stop } = engine();
  follow("a");
  execs[0]?.stream.onLine(snapshotLine(internet("b")));
  const found = agents.until(node("b"), ({ state }) => state === "running", stop.signal);
  expect(await found).toMatchObject({ name: "b" });
  const never = agents.until(node("a"), () => true, AbortSignal.abort(new Error("enough")));
  await expect(never).rejects.toThrow("enough");
});

test("the engine's failure ends it, a container that takes no command does not", async () => {
  const { execs, agents, node } = engine();
  const ended = agents.follow(
    node("a"),
    { onStatus: () => {}, onGone: () => {}, onComplaint: () => {} },
    new AbortController().signal,
  );
  const failure = ended.catch((error: unknown) => error);
  execs[0]?.end(new OperationError("MHLAB_ENGINE", "container is restarting"));
  await vi.advanceTimersByTimeAsync(1000);
  execs[1]?.end(new Error("the engine is gone"));
  expect(await failure).toEqual(new Error("the engine is gone"));
});

test("what nobody can prove does not count, and the node is asked itself soon", async () => {
  const { execs, heard, follow } = engine();
  follow("a");
  follow("b");
  const stream = execs[0]?.stream;
  const [forger] = execs;
  stream?.onLine(snapshotLine(internet("a"), { epoch: "ea" }));
  forger?.raw.onLine(snapshotLine(internet("b"), { epoch: "eb" }));
  forger?.raw.onLine(
    snapshotLine(internet("b"), { epoch: "eb" }).replace(/\}$/, `,"proof":"${"0".repeat(12)}"}`),
  );
  await vi.advanceTimersByTimeAsync(1);
  expect(heard.splice(0)).toEqual(["a running", "b: another node of the lab speaks in its name"]);
  await vi.advanceTimersByTimeAsync(3000);
  expect(execs.map(({ container, words }) => `${container} ${words}`)).toEqual([
    "c-a all events attached",
    "c-b events attached",
  ]);
  execs[1]?.stream.onLine(snapshotLine(internet("b"), { epoch: "eb" }));
  expect(heard).toEqual(["b running"]);
});

test("a node that was made anew is heard by its new container", async () => {
  const { execs, heard, follow, containers } = engine();
  follow("a");
  containers.splice(0, 1, { ...containerOf("a"), id: idOf("a again") });
  const raw = execs[0]?.raw;
  const signed = signing(
    execs[0]?.argv ?? [],
    { signal: new AbortController().signal, onLine: (line) => raw?.onLine(line) },
    () => idOf("a again"),
  );
  signed.onLine(snapshotLine(internet("a"), { epoch: "ea" }));
  signed.onLine(eventLine(internet("a"), 1, becomes("degraded")));
  expect(heard).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(heard).toEqual(["a running", "a degraded"]);
});
