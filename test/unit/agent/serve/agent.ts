import { mkdtempSync } from "node:fs";
import { connect, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { systemClock } from "../../../../src/agent/clock.ts";
import { Feed } from "../../../../src/agent/serve/feed.ts";
import { Journal } from "../../../../src/agent/serve/journal.ts";
import { listen } from "../../../../src/agent/serve/listen.ts";
import { answerBy, type Served } from "../../../../src/agent/serve/server.ts";
import type { Way } from "../../../../src/core/model/protocol/request.ts";
import { NODES } from "../../../../src/core/render/nodes/registry.ts";
import { SHAPES, type ProviderStatus } from "../../../../src/core/model/status/model.ts";
import { testClock } from "./clock.ts";

const opened: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

export interface TestAgent {
  readonly socket: string;
  readonly feed: Feed;
  status: ProviderStatus;
  /** How often its status was asked for. */
  looks: number;
  /** How old what starts programs may have been, each time. */
  readonly ages: number[];
  /** What the role was told of who follows. */
  readonly observed: boolean[];
  /** Lets the status become another one and says so, and since when it is. */
  become(over: Partial<ProviderStatus>, sinceMs?: number): void;
}

/** An agent of the real server, on a real unix socket, with a status that the test makes. */
export async function startAgent(
  options: {
    way?: Way;
    folder?: string;
    name?: string;
    labSize?: number;
    resync?: Served["handlers"]["resync"];
  } = {},
): Promise<TestAgent> {
  const { way = "own", name = "alpha", folder = mkdtempSync(join(tmpdir(), "mhlab-agent-")) } = options;
  const problem = { code: "x", message: "x" };
  const served: Served = {
    node: name,
    role: "bng",
    shape: SHAPES.bng,
    clock: systemClock(),
    status: async (maxAgeMs = 0) => {
      agent.looks += 1;
      agent.ages.push(maxAgeMs);
      return agent.status;
    },
    observed: (observed) => void agent.observed.push(observed),
    handlers: { resync: options.resync ?? (async () => ({ ok: true })) },
  };
  const journal = new Journal({ node: name, role: "bng", epoch: `life0f${name}`, clock: testClock() });
  const feed = new Feed({ ...served, labSize: () => options.labSize ?? 1 }, journal, served.clock);
  const agent: TestAgent = {
    socket: join(folder, `${name}.sock`),
    feed,
    status: { ...NODES.bng.silent({ name, state: "running", problem }), problems: [] },
    looks: 0,
    ages: [],
    observed: [],
    become(over, sinceMs) {
      agent.status = { ...agent.status, ...over };
      feed.publish(sinceMs);
    },
  };
  const server: Server = await listen(agent.socket, answerBy(way, served, feed));
  opened.push(feed, server);
  return agent;
}

/** Somebody who asks on a socket. */
export class Asker {
  readonly socket: Socket;
  readonly lines: Record<string, unknown>[] = [];
  #rest = "";

  constructor(path: string, request: string | Buffer, { stalled = false } = {}) {
    this.socket = connect({ path, allowHalfOpen: true });
    opened.push({ close: () => this.socket.destroy() });
    this.socket.on("error", () => {});
    this.socket.write(request);
    if (stalled) this.socket.pause();
    else this.read();
  }

  /** Reads from now on. */
  read(): void {
    this.socket.on("data", (piece: Buffer) => {
      const lines = (this.#rest + piece.toString("utf8")).split("\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) this.lines.push(JSON.parse(line) as Record<string, unknown>);
    });
    this.socket.resume();
  }

  /** Resolves when the other side has said its last. */
  async ended(): Promise<Record<string, unknown>[]> {
    if (!this.socket.readableEnded && !this.socket.destroyed) {
      await new Promise<void>((resolve) => {
        this.socket.once("end", resolve);
        this.socket.once("close", resolve);
      });
    }
    return this.lines;
  }

  /** The kinds of what was heard, in order. */
  get kinds(): unknown[] {
    return this.lines.map(({ event }) => event);
  }
}

/** Asks one thing to the end. */
export async function asked(path: string, request: string | Buffer): Promise<Record<string, unknown>[]> {
  return await new Asker(path, request).ended();
}
