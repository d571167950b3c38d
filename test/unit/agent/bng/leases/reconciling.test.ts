import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { Delegations } from "../../../../../src/agent/bng/leases/delegations.ts";
import type { ReadPage } from "../../../../../src/agent/bng/leases/reader.ts";
import { run } from "../../../../../src/agent/programs/command.ts";
import { askIp } from "../../../../../src/agent/programs/ip.ts";
import { pause } from "../../../../../src/agent/patience.ts";
import type { KeaLease } from "../../../../../src/core/render/bng/leases.ts";
import { fakeTime, heardLog, type FakeTime } from "../../../support/fake-time.ts";

const world = vi.hoisted(() => ({
  notice: (() => {}) as (line: string) => void,
  routeEvent: (): void => {},
  present: true,
  /** The beginning of prefixes that the provider has not. */
  gone: "nothing",
}));
vi.mock("../../../../../src/agent/bng/leases/notices.ts", () => ({
  Notices: class {
    async listen(onLine: (line: string) => void): Promise<void> {
      world.notice = onLine;
    }
    close(): void {}
  },
}));
vi.mock("../../../../../src/agent/net/watch.ts", () => ({
  watchNetwork: (_: unknown, __: unknown, onChange: () => void) => {
    world.routeEvent = onChange;
    return () => {};
  },
}));
vi.mock("../../../../../src/agent/net/glance.ts", () => ({
  isPresent: () => world.present,
  isUp: () => world.present,
  SteadyRoutes: class {
    async read(): Promise<true> {
      return true;
    }
  },
}));
vi.mock("../../../../../src/agent/programs/command.ts", async (original) => ({
  ...(await original<object>()),
  run: vi.fn<typeof run>(),
}));
vi.mock("../../../../../src/agent/programs/ip.ts", () => ({ askIp: vi.fn<typeof askIp>() }));

const VIA = "fe80::1";
const MAC = "02:00:00:00:00:01";

function lease(index: number, cltt: number, valid = 14_400): KeaLease {
  return {
    type: "IA_PD",
    state: 0,
    "ip-address": `2001:db8:${(0xa + (index >> 7)).toString(16)}:${(0x8000 + (index % 128) * 256).toString(16)}::`,
    "prefix-len": 56,
    "valid-lft": valid,
    "preferred-lft": 1800,
    cltt,
    duid: "00:01",
    iaid: index,
    "user-context": { mhlab: { via: VIA, mac: MAC } },
  };
}

beforeEach(() => {
  world.present = true;
  world.gone = "nothing";
  for (const mock of [run, askIp]) vi.mocked(mock as () => unknown).mockReset();
  vi.mocked(run).mockImplementation(async (argv) => (argv[0] === "nft" ? '{"nftables": []}' : ""));
  vi.mocked(askIp).mockResolvedValue([[], []]);
});

/** What Kea's database holds, and how often it was asked. */
interface Database {
  leases: KeaLease[];
  asked: { after: string | undefined; limit: number }[];
  failure?: Error;
}

async function startDelegations(
  leases: (nowS: number) => KeaLease[] = () => [],
): Promise<FakeTime & { delegations: Delegations; database: Database; log: string[]; nowS: () => number }> {
  const time = fakeTime();
  const log = heardLog();
  const nowS = (): number => Math.floor(time.clock.nowS());
  const database: Database = { leases: leases(nowS()), asked: [] };
  const page: ReadPage = async (after, limit) => {
    database.asked.push({ after, limit });
    if (database.failure !== undefined) throw database.failure;
    const from = database.leases.findIndex((one) => one["ip-address"] === after) + 1;
    return database.leases.slice(from, from + limit);
  };
  const options = {
    interface: "subscriber0",
    isLive: (prefix: string) => !prefix.startsWith(world.gone),
    page,
    onChange: () => {},
    clock: time.clock,
  };
  const delegations = new Delegations(options);
  onTestFinished(() => delegations.stop());
  await delegations.prepare();
  delegations.start();
  await time.pass(200);
  return { ...time, delegations, database, log, nowS };
}

/** The lines that `ip -batch` got since the last time. */
function batched(): string[] {
  const calls = vi.mocked(run).mock.calls.filter(([argv]) => argv[0] === "ip");
  vi.mocked(run).mockClear();
  return calls.flatMap(([, options]) => (options?.input ?? "").trim().split("\n"));
}

test("what the database holds is routed", async () => {
  const { delegations, nowS } = await startDelegations((now) => [lease(0, now)]);
  expect(delegations.known).toBe(true);
  expect(batched()).toEqual([
    `neigh replace ${VIA} lladdr ${MAC} dev subscriber0 nud permanent`,
    `route replace 2001:db8:a:8000::/56 via ${VIA} dev subscriber0 proto 201`,
  ]);
  expect(delegations.describe(nowS()).delegations).toMatchObject([{ routed: true, validS: 14_400 }]);
});

test("what an earlier agent left at a port that is there is taken away; at one that is still to be made there is nothing to ask for", async () => {
  const left = [{ dst: "2001:db8:a:ff00::/56", gateway: VIA }];
  vi.mocked(askIp).mockResolvedValue([left, []]);
  await startDelegations((now) => [lease(0, now)]);
  expect(batched()).toContain("route del 2001:db8:a:ff00::/56 dev subscriber0 proto 201");
  vi.mocked(askIp).mockClear();
  world.present = false;
  const { delegations, pass } = await startDelegations((now) => [lease(0, now)]);
  world.present = true;
  delegations.reread();
  await pass(200);
  expect(askIp).not.toHaveBeenCalled();
  expect(batched()).toContain(`route replace 2001:db8:a:8000::/56 via ${VIA} dev subscriber0 proto 201`);
  delegations.poke();
  await pass(200);
  expect(askIp).toHaveBeenCalledOnce();
});

test("what is leased of a prefix that goes is not told and not routed, and is again when that comes back", async () => {
  const { delegations, nowS, pass } = await startDelegations((now) => [lease(0, now)]);
  batched();
  world.gone = "2001:db8:a:";
  delegations.follow();
  await pass(200);
  expect([delegations.leases, delegations.describe(nowS()).delegations]).toEqual([[], []]);
  expect(batched()).toContain("route del 2001:db8:a:8000::/56 dev subscriber0 proto 201");
  delegations.follow();
  await pass(200);
  expect(batched()).toEqual([]);
  world.gone = "nothing";
  delegations.follow();
  await pass(200);
  expect(delegations.describe(nowS()).delegations).toMatchObject([{ routed: true }]);
  expect(batched()).toContain(`route replace 2001:db8:a:8000::/56 via ${VIA} dev subscriber0 proto 201`);
});

test("a lease that nobody renews ends at its time, and its route with it", async () => {
  const { database, nowS, pass } = await startDelegations();
  world.notice(`set ${JSON.stringify(lease(0, nowS(), 60))}`);
  database.leases = [lease(0, nowS(), 60)];
  await pass(200);
  expect(batched()).toContain(`route replace 2001:db8:a:8000::/56 via ${VIA} dev subscriber0 proto 201`);
  await pass(58_000);
  expect(batched()).toEqual([]);
  await pass(10_000);
  expect(batched()).toContain("route del 2001:db8:a:8000::/56 dev subscriber0 proto 201");
});

test("the database is read on every 10 s, page by page and round by round", async () => {
  const { database, pass } = await startDelegations((now) =>
    Array.from({ length: 500 }, (_, n) => lease(n, now)),
  );
  expect(database.asked.map(({ after }) => after === undefined)).toEqual([true, false]);
  database.asked = [];
  await pass(9000);
  expect(database.asked).toEqual([]);
  await pass(40_000);
  expect(database.asked.map(({ after }) => after === undefined)).toEqual([true, false, true, false]);
});

test("when notices were lost, all of it is read at once", async () => {
  const { database, nowS, pass } = await startDelegations();
  database.asked = [];
  database.leases = [lease(3, nowS())];
  world.notice("lost");
  await pass(200);
  expect(database.asked).toHaveLength(1);
  expect(batched()).toContain(`route replace 2001:db8:a:8300::/56 via ${VIA} dev subscriber0 proto 201`);
});

test("while the database does not answer, notices are followed, and it is asked again", async () => {
  const { database, delegations, log, nowS, pass } = await startDelegations();
  database.failure = new Error("kea does not answer");
  delegations.poke();
  await pass(200);
  expect(log.at(-1)).toBe("warn: delegations: kea does not answer");
  world.notice(`set ${JSON.stringify(lease(0, nowS()))}`);
  await pass(200);
  expect(batched()).toHaveLength(2);
  delete database.failure;
  database.leases = [lease(0, nowS()), lease(1, nowS())];
  await pass(5000);
  expect(batched()).toContain(`route replace 2001:db8:a:8100::/56 via ${VIA} dev subscriber0 proto 201`);
});

test("notices that come together go to the kernel together", async () => {
  const { nowS, pass } = await startDelegations();
  vi.mocked(run).mockClear();
  for (let index = 0; index < 50; index++) {
    world.notice(`set ${JSON.stringify(lease(index, nowS()))}`);
    await pass(1);
  }
  await pass(300);
  const batches = vi.mocked(run).mock.calls.filter(([argv]) => argv[0] === "ip");
  expect(batches.length).toBeLessThanOrEqual(4);
  expect(batched().filter((line) => line.startsWith("route"))).toHaveLength(50);
});

test("where programs take long, more notices go together, and what came waits for no more than half a second", async () => {
  const { nowS, pass } = await startDelegations();
  vi.mocked(run).mockImplementation(async () => {
    await pause(60);
    return '{"nftables": []}';
  });
  vi.mocked(run).mockClear();
  // Each batch is three programs, 180 ms, and half a second of rest.
  for (let index = 0; index < 204; index++) {
    world.notice(`set ${JSON.stringify(lease(index, nowS()))}`);
    await pass(10);
  }
  await pass(700);
  const batches = vi.mocked(run).mock.calls.filter(([argv]) => argv.includes("-batch"));
  expect(batches.length).toBeLessThanOrEqual(2 * 4);
  expect(batched().filter((line) => line.startsWith("route"))).toHaveLength(204);
});

test("somebody else's change of the routes is looked at, and looking takes a twentieth of the time", async () => {
  const { nowS, pass } = await startDelegations();
  world.notice(`set ${JSON.stringify(lease(0, nowS()))}`);
  await pass(200);
  batched();
  vi.mocked(askIp).mockClear();
  vi.mocked(askIp).mockImplementation(async () => {
    await pause(500);
    return [[], []];
  });
  world.routeEvent();
  await pass(1000);
  expect(batched()).toContain(`route replace 2001:db8:a:8000::/56 via ${VIA} dev subscriber0 proto 201`);
  expect(askIp).toHaveBeenCalledTimes(1);
  for (let second = 0; second < 9; second++) {
    world.routeEvent();
    await pass(1000);
  }
  expect(askIp).toHaveBeenCalledTimes(1);
  await pass(1000);
  expect(askIp).toHaveBeenCalledTimes(2);
});

test("without its interface nothing is compared; its return asks again", async () => {
  world.present = false;
  const { delegations, pass } = await startDelegations((now) => [lease(0, now)]);
  expect(delegations.known).toBe(true);
  expect(batched()).toEqual([]);
  world.present = true;
  delegations.poke();
  await pass(200);
  expect(batched()).toHaveLength(2);
});

test("one part that fails does not stop the others", async () => {
  const { log, nowS, pass } = await startDelegations();
  vi.mocked(run).mockImplementation(async (argv) => {
    if (argv[0] === "nft" && argv[1] === "-f") throw new Error("nft is broken");
    return '{"nftables": []}';
  });
  world.notice(`set ${JSON.stringify(lease(0, nowS()))}`);
  await pass(200);
  expect(log).toContain("warn: delegations: nft is broken");
  expect(batched().some((line) => line.startsWith("route replace"))).toBe(true);
});
