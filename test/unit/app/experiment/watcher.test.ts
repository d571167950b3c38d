import { expect, test } from "vitest";
import { Refusals } from "../../../../src/app/experiment/refusals.ts";
import { heldLock } from "../../../../src/app/experiment/held-lock.ts";
import { MEMBERS } from "../../../../src/core/members/registry.ts";
import type { ProviderStatus } from "../../../../src/core/status/model.ts";

function provider(packets: number): ProviderStatus {
  const silence = { name: "alpha", state: "running", problem: { code: "x", message: "x" } } as const;
  return { ...MEMBERS.bng.silent(silence), spoofed: { packets, sources: [] } };
}

test("what was refused before t=0 does not count, and a counter that begins anew goes on", () => {
  const refusals = new Refusals();
  refusals.take(provider(7));
  refusals.begin();
  expect(refusals.counts).toEqual({ alpha: 0 });
  for (const packets of [9, 9, 2, 3]) refusals.take(provider(packets));
  expect(refusals.counts).toEqual({ alpha: 2 + 2 + 1 });
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
