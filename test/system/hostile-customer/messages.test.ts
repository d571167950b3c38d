/** DHCPv6 messages that no honest client sends: malformed options, and those that name another customer's leases. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { HandBng } from "../support/bng.ts";
import { eventually } from "../support/sandbox.ts";
import {
  far,
  FIRST,
  prefixesOf,
  routesBecome,
  stop,
  useBng,
  withTwoClients,
  type Client,
} from "../bng/fixture.ts";
import { sendMessages, type Scene } from "./attacks.ts";
import { foreignMessage, malformed, TYPES } from "./messages.ts";

useBng();

const DUID = "00030001020000000042";
const SEED = Number(process.env["MHLAB_RANDOM_SEED"] ?? 23);
const [BATCHES, BATCH, RATE] = [6, 100, 100];

async function honestAndOther(): Promise<{ bng: HandBng; one: Client; other: Client; scene: Scene }> {
  const { bng, one, other } = await withTwoClients();
  const reply = await one.send({ message: "solicit", rapid: true, pd: [1], na: [1] });
  expect(prefixesOf(reply)).toEqual([FIRST]);
  await routesBecome(bng, [FIRST]);
  const { linkLocal, subscriber } = await bng.status();
  const address = reply.na[0]?.leases[0]?.value ?? "";
  const held = { client: DUID, server: reply.server ?? "", prefix: FIRST, address };
  const scene = { attacker: other.cpe, internet: far.netns, router: subscriber.mac ?? "", linkLocal, held };
  return { bng, one, other, scene };
}

const renewed = async ({ send }: Client, scene: Scene): Promise<void> => {
  const { pd, na } = await send({ message: "renew", pd: [1], na: [1], timeoutMs: 1000 });
  const values = [...pd, ...na].flatMap(({ leases }) =>
    leases.filter(({ valid }) => valid > 0).map(({ value }) => value),
  );
  expect(values).toEqual([FIRST, scene.held.address]);
};

test(`${BATCHES * BATCH} messages with malformed options, from the seed ${SEED}, end and stall nothing`, async () => {
  const { bng, one, other, scene } = await honestAndOther();
  const all = fc.sample(malformed(scene.held.server), { seed: SEED, numRuns: BATCHES * BATCH });
  for (let batch = 0; batch < BATCHES; batch++) {
    const messages = all.slice(batch * BATCH, (batch + 1) * BATCH);
    await sendMessages(scene, BATCH / RATE, RATE, messages, { forge: "mac", macs: 4 });
    try {
      await renewed(one, scene);
      expect((await bng.status()).restarts).toEqual({ kea: 0, bird: 0, wireguard: 0 });
    } catch (error) {
      throw new Error(`one of these messages:\n${messages.join("\n")}`, { cause: error });
    }
  }
  expect(await bng.logs()).not.toMatch(/HOOKS_CALLOUT_ERROR|HOOKS_CALLOUT_EXCEPTION|FATAL/);
  expect(prefixesOf(await other.send({ message: "solicit", rapid: true, pd: [1] }))).toHaveLength(1);
  await stop(bng);
});

test("a Release or Decline from another MAC changes no lease, and is counted", async () => {
  const { bng, one, scene } = await honestAndOther();
  const before = (await bng.status()).delegations;
  for (const type of ["release", "decline"] as const)
    await sendMessages(scene, 1, 3, [foreignMessage(type, scene.held)]);
  // Three times a prefix and an address, and three times an address.
  await eventually(async () => expect((await bng.status()).dropped.foreign).toBe(9));
  const { delegations, addresses } = await bng.status();
  expect(delegations.map(({ prefix, via }) => [prefix, via])).toEqual(
    before.map(({ prefix, via }) => [prefix, via]),
  );
  expect(addresses.map(({ address }) => address)).toEqual([scene.held.address]);
  await renewed(one, scene);
  // Who holds them gives them back.
  await one.send({ message: "release", pd: [1], na: [1] });
  await routesBecome(bng, []);
  await stop(bng);
});

test("whoever asks by another customer's DUID has his leases until his next Renew", async () => {
  const { bng, one, scene } = await honestAndOther();
  const via = (await bng.status()).delegations[0]?.via;
  for (const type of Object.keys(TYPES) as (keyof typeof TYPES)[])
    await sendMessages(scene, 1, 3, [foreignMessage(type, scene.held)]);
  await renewed(one, scene);
  await eventually(
    async () =>
      expect((await bng.status()).delegations).toMatchObject([{ prefix: FIRST, via, routed: true }]),
    { timeoutMs: 2000, everyMs: 50 },
  );
  await stop(bng);
});
