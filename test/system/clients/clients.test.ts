import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pdRoutes, useBng } from "../bng/fixture.ts";
import { PROJECT } from "../support/sandbox.ts";
import { buildAccess, type Access } from "./access.ts";
import { Customer, T1_S, T2_S, TIMERS } from "./customer.ts";
import { CLIENTS } from "./fixtures.ts";
import { facts, type Observation } from "./observation.ts";

const GOLDEN = join(PROJECT, "test/golden/clients/observations.json");
let access: Access;
let customers: Customer[];

useBng();
beforeAll(async () => {
  access = await buildAccess(TIMERS);
  customers = await Promise.all(
    CLIENTS.map(async (fixture, index) =>
      Customer.moveIn(fixture, await access.plug(`client${index}`), access.bng),
    ),
  );
});
afterAll(() => access.remove());

/** Takes every client through a step at once; what went wrong, by client, with what that printed. */
async function failuresOf(step: (customer: Customer) => Promise<void>): Promise<string[]> {
  const results = await Promise.allSettled(customers.map(step));
  return results.flatMap((result, index) =>
    result.status === "fulfilled"
      ? []
      : [`${customers[index]?.fixture.name}: ${String(result.reason)}\n${customers[index]?.said}`],
  );
}

/** A lease never lives without its route, nor a route without its lease. */
async function leasesAreRouted(count: number): Promise<void> {
  const { delegations } = await access.bng.status();
  expect(delegations).toHaveLength(count);
  expect(await pdRoutes(access.bng)).toEqual(delegations.map(({ prefix }) => prefix).sort());
}

test("each is delegated a prefix of its own, routed, and reaches the internet from it", async () => {
  expect(await failuresOf((customer) => customer.attach())).toEqual([]);
  await leasesAreRouted(CLIENTS.length);
});

test("each renews between T1 and T2, and its lease starts over", async () => {
  expect(await failuresOf((customer) => customer.renew())).toEqual([]);
  for (const { seen } of customers) {
    expect(seen.renewed?.messages).toContain("renew");
    expect(seen.renewed?.seconds).toBeGreaterThan(T1_S - 4);
    expect(seen.renewed?.seconds).toBeLessThan(T2_S);
  }
  await leasesAreRouted(CLIENTS.length);
});

test("each has its prefix again after its cable was pulled", async () => {
  expect(await failuresOf((customer) => customer.flap())).toEqual([]);
  for (const { fixture, seen } of customers) {
    expect(fixture.onCable).toContain(seen.reattached?.messages[0] ?? "nothing");
  }
  await leasesAreRouted(CLIENTS.length);
});

test("each has its prefix again after the BNG restarted, and renews there", async () => {
  await access.bng.restart();
  const from = performance.now();
  expect(await failuresOf((customer) => customer.outliveRestart(from))).toEqual([]);
  await leasesAreRouted(CLIENTS.length);
});

test("the route of each that releases is gone", async () => {
  expect(await failuresOf((customer) => customer.release())).toEqual([]);
  const kept = customers.filter(({ seen }) => seen.released?.seconds === null);
  await leasesAreRouted(kept.length);
});

test("each did what docs/clients.md says", () => {
  const observations = customers.map(({ seen }) => seen);
  if (process.env["UPDATE_GOLDEN"] === "1")
    writeFileSync(GOLDEN, `${JSON.stringify(observations, null, 2)}\n`);
  const golden = JSON.parse(readFileSync(GOLDEN, "utf8")) as Observation[];
  expect(facts(observations)).toEqual(facts(golden));
});
