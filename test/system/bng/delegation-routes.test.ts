import { expect, test } from "vitest";
import { eventually } from "../support/sandbox.ts";
import { FIRST, SECOND, pdRoutes, prefixesOf, routesBecome, stop, useBng, withClient } from "./fixture.ts";

useBng();

test("the routes are exactly the live delegations: both IAs in one message, two IA_PDs, renew, rebind, release, expiry", async () => {
  const { bng, send } = await withClient({
    "delegation.preferred": "6s",
    "delegation.valid": "8s",
    "delegation.renew": "3s",
    "delegation.rebind": "5s",
  });
  const advertise = await send({ message: "solicit", na: [1], pd: [1] });
  expect(advertise.message).toBe("advertise");
  expect(await pdRoutes(bng)).toEqual([]);

  const both = await send({ message: "request", na: [1], pd: [1] });
  expect(prefixesOf(both)).toEqual([FIRST]);
  expect(both.na[0]?.leases).toHaveLength(1);
  expect(both.pd[0]).toMatchObject({ t1: 3, t2: 5, leases: [{ preferred: 6, valid: 8 }] });
  await routesBecome(bng, [FIRST]);

  const two = await send({ message: "solicit", rapid: true, pd: [1, 2] });
  expect(prefixesOf(two)).toEqual([FIRST, SECOND]);
  await routesBecome(bng, [FIRST, SECOND]);
  const { delegations, addresses } = await bng.status();
  expect(new Set(delegations.map(({ prefix, iaid, routed }) => `${prefix} ${iaid} ${routed}`))).toEqual(
    new Set([`${FIRST} 1 true`, `${SECOND} 2 true`]),
  );
  expect(addresses).toHaveLength(1);

  expect(prefixesOf(await send({ message: "renew", na: [1], pd: [1, 2] }))).toEqual([FIRST, SECOND]);
  await routesBecome(bng, [FIRST, SECOND]);
  expect(prefixesOf(await send({ message: "rebind", pd: [1, 2] }))).toEqual([FIRST, SECOND]);
  await routesBecome(bng, [FIRST, SECOND]);
  expect((await send({ message: "release", pd: [2] })).message).toBe("reply");
  await routesBecome(bng, [FIRST]);

  await eventually(async () => expect(await pdRoutes(bng)).toEqual([]), { timeoutMs: 20_000 });
  expect((await bng.status()).delegations).toEqual([]);
  await stop(bng);
});

test("a route that somebody deletes or adds is put right", async () => {
  const { bng, send } = await withClient();
  const [prefix] = prefixesOf(await send({ message: "solicit", rapid: true, pd: [1] }));
  expect(prefix).toBe(FIRST);
  await routesBecome(bng, [FIRST]);
  await bng.exec(["ip", "-6", "route", "del", FIRST, "proto", "201"]);
  await routesBecome(bng, [FIRST]);
  await bng.exec(["ip", "-6", "route", "add", SECOND, "via", "fe80::bad", "dev", "sub0", "proto", "201"]);
  await routesBecome(bng, [FIRST]);
  await stop(bng);
});
