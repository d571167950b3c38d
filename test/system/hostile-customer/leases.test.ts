import { expect, test } from "vitest";
import { eventually } from "../support/sandbox.ts";
import {
  FIRST,
  pdRoutes,
  prefixesOf,
  routesBecome,
  SECOND,
  stop,
  useBng,
  withBridge,
  withClient,
  withTwoClients,
} from "../bng/fixture.ts";
import { LEAST_PRIVILEGE } from "../support/bng.ts";
import { attack, linkLocalOf, processesOf } from "./fixture.ts";

useBng();

test("a Solicit from nobody's address, or from the BNG's own, stops no other customer, nor does a restart", async () => {
  const { bng, one, other } = await withBridge();
  const own = await linkLocalOf(bng);
  for (const source of ["::", own])
    await attack(other.cpe, "solicit", { source, pd: 1, count: 3, wait: 0.3 });
  const [prefix = ""] = prefixesOf(await one.send({ message: "solicit", rapid: true, pd: [1] }));
  await routesBecome(bng, [prefix]);
  await bng.restart();
  await bng.until("ready", ({ ready }) => ready);
  await routesBecome(bng, [prefix]);
  expect(prefixesOf(await one.send({ message: "rebind", pd: [1] }))).toEqual([prefix]);
  await stop(bng);
});

test("messages with 80 associations each get what one customer may have, whatever DUIDs they name", async () => {
  const { bng, one, other } = await withTwoClients();
  await attack(other.cpe, "solicit", { pd: 80, count: 2, rate: 10, wait: 0.5 });
  await attack(other.cpe, "solicit", { na: 80, forge: "duid", count: 30, rate: 20, wait: 0.5 });
  await attack(other.cpe, "solicit", { pd: 80, forge: "duid", count: 30, rate: 20, wait: 0.5 });
  const { delegations, addresses } = await bng.status();
  expect([delegations.length, addresses.length]).toEqual([8, 8]);
  const reply = await one.send({ message: "solicit", rapid: true, pd: [1], na: [1] });
  expect([prefixesOf(reply).length, reply.na[0]?.leases.length]).toEqual([1, 1]);
  await eventually(async () => expect(await pdRoutes(bng)).toHaveLength(9));
  const refused = await other.send({ message: "solicit", pd: [1], na: [1] });
  expect([refused.pd[0]?.status, refused.na[0]?.status]).toEqual([6, 2]);
  await stop(bng);
});

test("a pool that forged customers have emptied is a problem in the status; who had a prefix keeps it", async () => {
  const { bng, one, other } = await withTwoClients({ "delegation.prefix": "2001:db8:a:8000::/54" });
  await one.send({ message: "solicit", rapid: true, pd: [1] });
  await attack(other.cpe, "solicit", { pd: 1, forge: "mac", count: 6, rate: 20, wait: 0.5 });
  const { delegations, problems } = await bng.until("exhausted", (status) =>
    status.problems.some(({ code }) => code === "pool-exhausted"),
  );
  expect(delegations).toHaveLength(4);
  expect(problems).toContainEqual({
    code: "pool-exhausted",
    message: "all 4 prefixes are delegated, and a customer was told NoPrefixAvail",
  });
  expect(prefixesOf(await one.send({ message: "renew", pd: [1] }))).toEqual([FIRST]);
  expect(await pdRoutes(bng)).toContain(FIRST);
  await stop(bng);
});

test("customers that vanish cost no process, and their routes are there at once", async () => {
  const { bng, one, other } = await withTwoClients();
  await one.send({ message: "solicit", rapid: true, pd: [1] });
  await routesBecome(bng, [FIRST]);
  const before = (await processesOf(bng)).length;
  await attack(other.cpe, "solicit", { pd: 1, forge: "mac", count: 100, rate: 100, wait: 0.5 });
  await eventually(async () => expect(await pdRoutes(bng)).toHaveLength(101), { timeoutMs: 4000 });
  for (let look = 0; look < 10; look++) {
    const processes = await processesOf(bng);
    // The one of the probe.
    expect(processes.filter((name) => name === "ping").length).toBeLessThanOrEqual(1);
    expect(processes.length).toBeLessThanOrEqual(before + 4);
  }
  await stop(bng);
});

test("what was released or ran out is gone from the database at once", async () => {
  const { bng, one, other } = await withTwoClients({
    "delegation.preferred": "4s",
    "delegation.valid": "5s",
    "delegation.renew": "2s",
    "delegation.rebind": "3s",
  });
  await one.send({ message: "solicit", rapid: true, pd: [1], na: [1] });
  await attack(other.cpe, "solicit", { na: 4, pd: 4, count: 1, wait: 0.3 });
  await one.send({ message: "release", pd: [1], na: [1] });
  await eventually(
    async () => {
      const answer = await bng.exec([
        "sh",
        "-c",
        `echo '{"command":"lease6-get-page","arguments":{"from":"start","limit":100}}' | nc -NU /run/kea/kea6-ctrl-socket`,
      ]);
      expect(JSON.parse(answer)).toMatchObject({ arguments: { count: 0 } });
    },
    { timeoutMs: 12_000 },
  );
  await stop(bng);
});

test("a forged advertisement or Solicit does not move a customer's prefix", async () => {
  const { bng, one, other } = await withTwoClients();
  await one.send({ message: "solicit", rapid: true, pd: [1], na: [1] });
  await routesBecome(bng, [FIRST]);
  const [delegation] = (await bng.status()).delegations;
  const { prefix, via } = delegation ?? { prefix: "", via: null };
  const [address = ""] = (await bng.status()).addresses.map((lease) => lease.address);
  expect([prefix, via]).toEqual([FIRST, expect.stringMatching(/^fe80::/)]);
  const at = async (target: string): Promise<string> => await bng.exec(["ip", "-6", "neigh", "show", target]);
  const before = [await at(via ?? ""), await at(address)];
  expect(before.join()).toMatch(/PERMANENT[\s\S]*PERMANENT/);
  const router = (await bng.status()).subscriber.mac ?? "";
  for (const target of [via ?? "", address])
    await attack(other.cpe, "na", {
      target,
      source: target,
      destination: await linkLocalOf(bng),
      router,
      count: 5,
    });
  // The same next hop, asked for by another MAC and another DUID.
  await attack(other.cpe, "solicit", { source: via ?? "", pd: 1, count: 2, wait: 0.3 });
  expect([await at(via ?? ""), await at(address)]).toEqual(before);
  expect(await pdRoutes(bng)).toEqual([FIRST]);
  expect(prefixesOf(await other.send({ message: "solicit", rapid: true, pd: [1] }))).toEqual([SECOND]);
  await stop(bng);
});

test("a full disk is a problem in the status: who has a prefix keeps it, and with room again all are served", async () => {
  const small = LEAST_PRIVILEGE.join(" ").replace(
    "--volume /var/lib/mhlab",
    "--tmpfs /var/lib/mhlab:size=128k",
  );
  const { bng, cpe, send } = await withClient({}, small.split(" "));
  const held = async (): Promise<string[]> =>
    (await bng.status()).delegations.map(({ prefix }) => prefix).sort();
  await send({ message: "solicit", rapid: true, pd: [1] });
  await routesBecome(bng, [FIRST]);
  await bng.exec(["sh", "-c", "head -c 200000 /dev/zero > /var/lib/mhlab/filler || true"]);
  // More than what is left of the file's last page.
  await attack(cpe, "solicit", { pd: 1, forge: "mac", count: 60, rate: 60, wait: 0.5 });
  const { problems } = await bng.until("said", (status) =>
    status.problems.some(({ code }) => code === "disk-full"),
  );
  expect(problems.map(({ code }) => code)).toEqual(["disk-full"]);
  const before = await held();
  expect(before).toContain(FIRST);
  expect(before.length).toBeLessThan(61);

  await bng.exec(["rm", "/var/lib/mhlab/filler"]);
  const [prefix = ""] = prefixesOf(await send({ message: "solicit", rapid: true, pd: [2] }));
  await eventually(async () => expect(await pdRoutes(bng)).toEqual([...before, prefix].sort()));
  await bng.exec(["pkill", "-x", "kea-dhcp6"]);
  await bng.until("Kea is back", ({ restarts, ready }) => restarts["kea"] === 1 && ready);
  // Kea may have written down what it refused by then; nobody was told of that.
  await eventually(async () =>
    expect(await pdRoutes(bng)).toEqual(expect.arrayContaining([...before, prefix])),
  );
  expect(await held()).toEqual(expect.arrayContaining([...before, prefix]));
  await stop(bng);
});
