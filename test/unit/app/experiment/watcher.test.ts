import { expect, test } from "vitest";
import { Engines } from "../../../../src/app/agents/engines.ts";
import { SeenNode } from "../../../../src/app/agents/node.ts";
import { heldLock } from "../../../../src/app/experiment/held-lock.ts";
import { LabLeaks } from "../../../../src/app/experiment/port-leaks.ts";
import { Watcher } from "../../../../src/app/experiment/watcher.ts";
import type { Engine } from "../../../../src/app/ports/engine.ts";
import type { GrowingFile } from "../../../../src/app/ports/run-folder.ts";
import { NODES } from "../../../../src/core/render/nodes/registry.ts";
import type { LeakedAddress, ProviderStatus } from "../../../../src/core/model/status/model.ts";

test("a node that was never heard is told as such from t=0 on", () => {
  const container = { id: "1", containerName: "c", image: "x", state: "running", labels: {} };
  const node = { ...container, lab: "one", name: "alpha", role: "bng" } as const;
  const engine = { reader: {} } as Engine;
  const watcher = new Watcher({
    engines: new Engines([engine]),
    lab: "one",
    nodes: [new SeenNode(node, engine), new SeenNode({ ...node, name: "beta", state: "exited" }, engine)],
    events: { write: () => undefined } as unknown as GrowingFile,
    nowS: () => 0,
    onFailure: () => undefined,
    signal: new AbortController().signal,
  });
  watcher.begin(1);
  watcher.close();
  expect(watcher.unheard).toEqual([{ node: "alpha", fromS: 0, toS: null }]);
});

const START_S = 1_000_000;
const SOURCE = "2001:db8:b::1";

/** A BNG that has counted since `sinceS` after t=0. */
function provider(name: string, up: number, sinceS: number | null = -10): ProviderStatus {
  const silence = { name, state: "running", problem: { code: "x", message: "x" } } as const;
  const since = sinceS === null ? null : new Date((START_S + sinceS) * 1000).toISOString();
  const addresses: LeakedAddress[] = [{ direction: "up", address: SOURCE, packets: up, provider: null }];
  const prefix = {
    prefix: `2001:db8:${name[0] ?? ""}::/48`,
    state: "current",
    endsAt: null,
  } as const;
  return { ...NODES.bng.silent(silence), prefixes: [prefix], leaks: { since, up, down: 0, addresses } };
}

function counting(): LabLeaks {
  const leaks = new LabLeaks(["alpha", "beta"]);
  for (const name of ["alpha", "beta"]) leaks.take(provider(name, 7), -1);
  leaks.begin(START_S);
  return leaks;
}

test("what leaked before t=0 or after the end does not count, and each address is told with its provider", () => {
  const leaks = counting();
  leaks.take(provider("alpha", 9), 3);
  leaks.take(provider("alpha", 8), 3);
  for (const name of ["alpha", "beta"]) leaks.take(provider(name, 11), 10);
  leaks.end();
  leaks.take(provider("alpha", 99), 11);
  const address = { direction: "up", address: SOURCE, packets: 4, provider: "beta" };
  expect(leaks.until(10)).toEqual({
    alpha: { up: 4, down: 0, addresses: [address], gaps: [] },
    beta: { up: 4, down: 0, addresses: [address], gaps: [] },
  });
});

test("a BNG that is started again counts on, and leaves a gap", () => {
  const leaks = counting();
  leaks.take(provider("alpha", 9), 3);
  leaks.take(provider("alpha", 0, null), 4);
  leaks.take(provider("alpha", 5, 6), 8);
  leaks.take(provider("alpha", 6, 6), 10);
  const { alpha, beta } = leaks.until(10);
  expect(alpha).toMatchObject({ up: 8, addresses: [{ packets: 8 }], gaps: [[3, 6]] });
  // Nobody heard of it since t=0.
  expect(beta).toMatchObject({ up: 0, gaps: [[0, 10]] });
});

test("parts of a run that need the lab's lock take turns", async () => {
  const lock = heldLock();
  const order: string[] = [];
  const part = async (name: string): Promise<void> => {
    const release = await lock.acquire("desk", name);
    order.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(`${name} ends`);
    await release();
  };
  await Promise.all([part("one"), part("two")]);
  expect(order).toEqual(["one begins", "one ends", "two begins", "two ends"]);
});
