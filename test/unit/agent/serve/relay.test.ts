import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { listen } from "../../../../src/agent/serve/listen.ts";
import { systemClock } from "../../../../src/agent/clock.ts";
import { relayEvents, relayStatuses } from "../../../../src/agent/serve/relay.ts";
import type { Cursor } from "../../../../src/core/model/protocol/cursor.ts";
import { fakeTime, until } from "../../support/fake-time.ts";
import { Asker, startAgent } from "./agent.ts";

const NONCE = "0".repeat(32);
const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of servers.splice(0)) one.close();
});

/** A lab's shared folder, and a socket elsewhere at which one asks for all of it. */
async function lab(since: Record<string, Cursor> = {}): Promise<{ folder: string; all: string }> {
  const [folder, elsewhere] = [0, 1].map(() => mkdtempSync(join(tmpdir(), "mhlab-lab-")));
  const all = join(elsewhere ?? "", "all.sock");
  const server = await listen(all, async (socket, line) => {
    if (line === "events") return relayEvents(socket, { attached: false, since }, systemClock(), folder);
    const request = { verb: "allStatus", nonce: NONCE } as const;
    await relayStatuses(socket, request, folder);
    socket.end();
  });
  servers.push(server);
  return { folder: folder ?? "", all };
}

test("the statuses of all, and who hangs", async () => {
  const { pass } = fakeTime();
  const { folder, all } = await lab();
  await startAgent({ way: "shared", folder, name: "alpha" });
  const hanging = createServer(() => {}).listen(join(folder, "beta.sock"));
  servers.push(hanging);
  const asker = new Asker(all, "status\n");
  await until(() => asker.lines.length === 1);
  await pass(1499);
  expect(asker.lines).toHaveLength(1);
  await pass(1);
  const said = await asker.ended();
  expect(said).toHaveLength(2);
  expect(said).toContainEqual({ node: "beta", failure: "no answer in 1.5 s", code: "no-answer" });
  expect(said.find(({ node }) => node === "alpha")).toMatchObject({
    status: { protocol: 1, role: "bng", name: "alpha" },
  });
});

test("events of all in one stream, of nodes that come later too; one that stops is gone", async () => {
  const { folder, all } = await lab();
  const alpha = await startAgent({ way: "shared", folder, name: "alpha" });
  const asker = new Asker(all, "events\n");
  await vi.waitFor(() => expect(asker.lines).toMatchObject([{ node: "alpha", event: "snapshot" }]));
  await startAgent({ way: "shared", folder, name: "beta" });
  await vi.waitFor(() => expect(asker.lines).toMatchObject([{}, { node: "beta", event: "snapshot" }]));
  alpha.become({ linkLocal: "fe80::1" });
  await vi.waitFor(() => expect(asker.lines.at(-1)).toMatchObject({ node: "alpha", seq: 1 }));
  alpha.feed.close();
  await vi.waitFor(() =>
    expect(asker.lines).toContainEqual(expect.objectContaining({ node: "alpha", seq: 1, event: "gone" })),
  );
});

test("each node goes on from its own place", async () => {
  const { folder, all } = await lab({ alpha: { epoch: "life0falpha", seq: 0 } });
  await startAgent({ way: "shared", folder, name: "alpha" });
  await startAgent({ way: "shared", folder, name: "beta" });
  const asker = new Asker(all, "events\n");
  await vi.waitFor(() => expect(asker.lines).toHaveLength(2));
  const kinds = Object.fromEntries(asker.lines.map(({ node, event }) => [node as string, event]));
  expect(kinds).toEqual({ alpha: "resumed", beta: "snapshot" });
});

test("what an agent of another protocol says is passed on with its name", async () => {
  const { folder, all } = await lab();
  const old = await listen(join(folder, "old.sock"), async (socket) => {
    socket.write('{"event":"snapshot","status":{"name":"old"}}\n');
  });
  servers.push(old);
  const asker = new Asker(all, "events\n");
  await vi.waitFor(() =>
    expect(asker.lines).toEqual([{ node: "old", event: "snapshot", status: { name: "old" } }]),
  );
});
