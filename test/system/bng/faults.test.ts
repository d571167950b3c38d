import { expect, test } from "vitest";
import { eventually, inLabHost } from "../support/sandbox.ts";
import {
  FIRST,
  SECOND,
  pdRoutes,
  prefixesOf,
  prepareWan,
  routesBecome,
  stop,
  useBng,
  withClient,
} from "./fixture.ts";

useBng();

test("kill -9 of each daemon: it serves again within 5 s and the delegation stays routed", async () => {
  const { bng, cpe, send } = await withClient();
  await send({ message: "solicit", rapid: true, pd: [1] });
  await routesBecome(bng, [FIRST]);
  await cpe.run(["ip", "addr", "add", "2001:db8:a:8000::1/64", "dev", "lo"]);
  const ping = ["ping", "-6", "-c", "1", "-W", "1", "-I", "2001:db8:a:8000::1", "2001:db8::1"];

  for (const [daemon, counter] of [
    ["kea-dhcp6", "kea"],
    ["bird", "bird"],
    ["wireguard-go", "wireguard"],
  ] as const) {
    await bng.exec(["pkill", "-9", "-x", daemon]);
    const after = await bng.until(
      `${daemon} is back`,
      ({ ready, restarts }) => ready && restarts[counter] === 1,
      5000,
    );
    expect(after.delegations).toMatchObject([{ prefix: FIRST, routed: true }]);
    expect(await pdRoutes(bng)).toEqual([FIRST]);
    await eventually(() => cpe.run(ping), { timeoutMs: 5000 });
  }
  const renewed = await send({ message: "renew", pd: [1] });
  expect(prefixesOf(renewed)).toEqual([FIRST]);
  await stop(bng);
});

test("docker restart brings back tunnel, link, leases and routes without a word from anybody", async () => {
  const { bng, cpe, send } = await withClient();
  await send({ message: "solicit", rapid: true, na: [1], pd: [1, 2] });
  await routesBecome(bng, [FIRST, SECOND]);
  const before = await bng.status();
  await bng.restart();
  const after = await bng.until("ready again", ({ ready }) => ready, 10_000);
  expect(after.delegations.map(({ prefix }) => prefix)).toEqual(
    before.delegations.map(({ prefix }) => prefix),
  );
  expect(after.addresses.map(({ address }) => address)).toEqual(
    before.addresses.map(({ address }) => address),
  );
  await routesBecome(bng, [FIRST, SECOND]);
  // The pair died with the container; its new end has the old MAC, so the CPE's link-local address is the one routed to.
  await inLabHost(["ip", "link", "set", "hand-veth", "netns", cpe.name, "name", "wan0"]);
  await prepareWan(cpe);
  await cpe.run(["ip", "addr", "add", "2001:db8:a:8000::1/64", "dev", "lo"]);
  await eventually(
    () => cpe.run(["ping", "-6", "-c", "1", "-W", "1", "-I", "2001:db8:a:8000::1", "2001:db8::1"]),
    { timeoutMs: 10_000 },
  );
  await stop(bng);
});
