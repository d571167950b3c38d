import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { far, useBng } from "../bng/fixture.ts";
import { eventually, PROJECT } from "../support/sandbox.ts";
import { buildAccess, type Access } from "./access.ts";
import { T1_S, T2_S, TIMERS } from "./customer.ts";
import { CLIENTS } from "./fixtures.ts";
import type { RenumberedClient } from "./observation.ts";
import { Renumbered } from "./renumbered.ts";

const GOLDEN = join(PROJECT, "test/golden/clients/renumbering.json");
const ATTACH_S = 30;
const ATTACH_MS = ATTACH_S * 1000;
/** dhclient sends its third Rebind after the preferred lifetime, which ends them: it asks again when the valid lifetime is over. */
const REBOUND_MS = 75_000;
let access: Access;
let clients: Renumbered[];
const seen = new Map<Renumbered, Partial<RenumberedClient>>();

useBng();
beforeAll(async () => {
  access = await buildAccess(TIMERS);
  const device = "$(ip -br link | sed -n 's/^\\(far[^ ]*\\) .*/\\1/p')";
  const routes = ["c", "d", "e"].map((letter) => `ip -6 route add 2001:db8:${letter}::/48 dev ${device}`);
  await far.netns.run(["sh", "-ec", routes.join("\n")]);
  clients = await Promise.all(
    CLIENTS.map(async (fixture, index) =>
      Renumbered.moveIn(fixture, await access.plug(`renumbered${index}`), access.bng),
    ),
  );
  await expectAll(async (client) => {
    await client.start();
    await client.isDelegated("a", ATTACH_MS);
  });
});
afterAll(() => access?.remove());

test("those that renew have the new prefix, and the former one until it goes, deprecated where the client can", async () => {
  await renumber("graceful", "2001:db8:c::/48", "overlap=50");
  const from = performance.now();
  await expectAll(async (client) => {
    const fresh = await client.isDelegated("c", (T1_S + 12) * 1000);
    const former = await client.isDelegated("a", 1000);
    expect(client.sentSince(from)).toContain("renew");
    expect(await client.unreachedWhy(former)).toBeUndefined();
    expect(await client.unreachedWhy(fresh)).toBeUndefined();
    const overlap = {
      fresh: await client.lanState("c", "preferred"),
      former: await client.lanState("a", "deprecated"),
    };
    note(client, { overlap });
  });
  await ended();
  await expectAll(async (client) => {
    expect(
      await client.unreachedWhy((await client.isDelegated("c", 1000)).replace(":c:", ":a:")),
    ).toBeDefined();
    note(client, { afterwards: { former: await client.lanState("a", "none") } });
  });
});

test("those that rebind, because nobody answers at T1, have the new prefix from that answer", async () => {
  // systemd-networkd may have lost its lease with the former prefix, and then waits for an advertisement: all start anew.
  await expectAll(async (client) => {
    await client.kill();
    const ready = performance.now();
    await client.start();
    await client.sends("renew", ready, ATTACH_MS);
  });
  await access.bng.exec(["bng", "inject", "dhcpv6-mute"]);
  try {
    const from = performance.now();
    await renumber("graceful", "2001:db8:d::/48", "overlap=120");
    await expectAll((client) => client.sends("rebind", from, (T2_S + 10) * 1000));
  } finally {
    await access.bng.exec(["bng", "clear", "all"]);
  }
  await expectAll(async (client) => {
    const fresh = await client.isDelegated("d", REBOUND_MS);
    expect(await client.unreachedWhy(fresh)).toBeUndefined();
  });
});

test("those that start anew while it is flashed have the new prefix, and no word of the former", async () => {
  await renumber("flash", "2001:db8:e::/48");
  await expectAll(async (client) => {
    await client.kill();
    const from = performance.now();
    await client.start();
    const fresh = await client.isDelegated("e", ATTACH_MS);
    expect(await client.unreachedWhy(fresh)).toBeUndefined();
    note(client, { restarts: client.sentSince(from)[0] ?? "nothing" });
  });
});

test("those that stay silent lose the former prefix unprepared, and have the new one when they speak again", async () => {
  const former = await Promise.all(clients.map((client) => client.isDelegated("e", 1000)));
  await Promise.all(clients.map((client) => client.silence("on")));
  await renumber("graceful", "2001:db8:a::/48", "overlap=5");
  await ended();
  const results = await Promise.all(clients.map((client, index) => client.unreachedWhy(former[index] ?? "")));
  expect(results).not.toContain(undefined);
  await Promise.all(clients.map((client) => client.silence("off")));
  await expectAll(async (client) => {
    const fresh = await client.isDelegated("a", (T2_S + 20) * 1000);
    expect(await client.unreachedWhy(fresh)).toBeUndefined();
  });
});

test("each did what docs/renumbering.md says", () => {
  const observations = clients.map((client) => ({ client: client.fixture.name, ...seen.get(client) }));
  if (process.env["UPDATE_GOLDEN"] === "1")
    writeFileSync(GOLDEN, `${JSON.stringify(observations, null, 2)}\n`);
  const golden = JSON.parse(readFileSync(GOLDEN, "utf8")) as RenumberedClient[];
  expect(observations.map(onLan)).toEqual(golden.map(onLan));
});

/** What must not change from run to run; what a client first sends may. */
function onLan({ client, overlap, afterwards }: Partial<RenumberedClient>): object {
  return { client, overlap, afterwards };
}

function note(client: Renumbered, part: Partial<RenumberedClient>): void {
  seen.set(client, { ...seen.get(client), ...part });
}

async function renumber(...words: string[]): Promise<void> {
  await access.bng.exec(["bng", "renumber", ...words]);
}

/** Waits until the former prefix is gone. */
async function ended(): Promise<void> {
  await eventually(
    async () => {
      const { prefixes } = await access.bng.status();
      if (prefixes.length > 1) throw new Error(JSON.stringify(prefixes));
    },
    { timeoutMs: 70_000 },
  );
}

/** Takes every client through a step at once; what went wrong is told with what each printed. */
async function expectAll(step: (client: Renumbered) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(clients.map(step));
  const failures = results.flatMap((result, index) =>
    result.status === "fulfilled"
      ? []
      : [`${clients[index]?.fixture.name}: ${String(result.reason)}\n${clients[index]?.said.slice(-3000)}`],
  );
  expect(failures).toEqual([]);
}
