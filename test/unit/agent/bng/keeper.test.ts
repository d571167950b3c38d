import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { runKeeper } from "../../../../src/agent/bng/keeper.ts";
import { restoreNic } from "../../../../src/agent/links/nic-home.ts";
import { readBirthLink, type Link } from "../../../../src/agent/net/link.ts";
import type { Appliance } from "../../../../src/agent/serve/appliance.ts";
import { formatNicMark } from "../../../../src/core/model/host/nic-record.ts";
import { KEEPER_FILE } from "../../../../src/core/model/names.ts";
import type { KeeperStatus } from "../../../../src/core/model/status/model.ts";
import { fakeTime, heardLog, type FakeTime } from "../../support/fake-time.ts";

const world = vi.hoisted(() => ({ event: (): void => {}, served: undefined as unknown, document: "" }));
vi.mock("../../../../src/agent/serve/appliance.ts", () => ({
  serveAppliance: async (appliance: unknown) => void (world.served = appliance),
}));
vi.mock("../../../../src/agent/net/watch.ts", () => ({
  watchNetwork: (_: unknown, __: unknown, onChange: () => void) => {
    world.event = onChange;
    return () => {};
  },
}));
vi.mock("../../../../src/agent/net/link.ts", () => ({ readBirthLink: vi.fn<typeof readBirthLink>() }));
vi.mock("../../../../src/agent/files.ts", async (original) => ({
  ...(await original<object>()),
  readIfThere: (file: string) => (file === KEEPER_FILE ? world.document : undefined),
}));
vi.mock("../../../../src/agent/links/nic-home.ts", () => ({ restoreNic: vi.fn<typeof restoreNic>() }));

const LENT = "lent: [alpha/enp1s0/claim, beta/enp2s0/claim]";
world.document = LENT;
const MARK = formatNicMark("alpha", { mtu: 1500, up: true, addresses: [], alias: "" });

/** The host's interfaces by name. */
const host = new Map<string, Link>();
const lies = (name: string, ifindex: number, ifalias: string): void =>
  void host.set(name, { ifname: name, ifindex, ifalias } as Link);

beforeEach(() => {
  host.clear();
  vi.mocked(readBirthLink).mockImplementation(async (name) => host.get(name));
  vi.mocked(restoreNic).mockReset();
  vi.mocked(restoreNic).mockImplementation(async (_, name) => host.delete(name));
});

async function startKeeper(): Promise<
  FakeTime & { keeper: Appliance<KeeperStatus>; left: () => Promise<string[]> }
> {
  const time = fakeTime();
  heardLog();
  await runKeeper(time.clock);
  const keeper = world.served as Appliance<KeeperStatus>;
  onTestFinished(async () => await keeper.stop());
  await keeper.start();
  await time.pass(0);
  const left = async (): Promise<string[]> =>
    (await keeper.status()).lent.flatMap((one) => (one.left ? [one.interface] : []));
  return { ...time, keeper, left };
}

test("an interface that nobody takes any more is restored after its grace, and not before", async () => {
  const { left, pass } = await startKeeper();
  lies("enp1s0", 2, MARK);
  world.event();
  await pass(500);
  expect(await left()).toEqual(["enp1s0"]);
  await pass(1999);
  expect(restoreNic).not.toHaveBeenCalled();
  await pass(1);
  expect(vi.mocked(restoreNic).mock.calls).toEqual([["alpha", "enp1s0"]]);
  expect(await left()).toEqual([]);
});

test("a BNG that starts again takes its interface within the grace; nothing is restored", async () => {
  const { left, pass } = await startKeeper();
  lies("enp1s0", 2, MARK);
  world.event();
  await pass(1500);
  host.delete("enp1s0");
  world.event();
  await pass(60_000);
  expect(await left()).toEqual([]);
  expect(restoreNic).not.toHaveBeenCalled();
});

test("one that comes home again has its grace anew", async () => {
  const { pass } = await startKeeper();
  lies("enp1s0", 2, MARK);
  world.event();
  await pass(1500);
  lies("enp1s0", 9, MARK);
  world.event();
  await pass(2400);
  expect(restoreNic).not.toHaveBeenCalled();
  await pass(100);
  expect(restoreNic).toHaveBeenCalledTimes(1);
});

test("an interface without the mark of its provider is left alone", async () => {
  const { left, pass } = await startKeeper();
  lies("enp1s0", 2, "");
  lies("enp2s0", 3, MARK);
  world.event();
  await pass(60_000);
  expect(await left()).toEqual([]);
  expect(restoreNic).not.toHaveBeenCalled();
});

test("an event that was missed is made up for by a look", async () => {
  const { pass } = await startKeeper();
  lies("enp1s0", 2, MARK);
  await pass(32_000);
  expect(restoreNic).toHaveBeenCalledTimes(1);
});

test("a burst of events leads to one look", async () => {
  const { pass } = await startKeeper();
  vi.mocked(readBirthLink).mockClear();
  for (let count = 0; count < 40; count++) {
    world.event();
    await pass(10);
  }
  await pass(1000);
  expect(readBirthLink).toHaveBeenCalledTimes(2);
});

test("at the end of the lab what lies there is restored at once", async () => {
  const { keeper } = await startKeeper();
  lies("enp1s0", 2, MARK);
  await keeper.stop();
  expect(vi.mocked(restoreNic).mock.calls).toEqual([
    ["alpha", "enp1s0"],
    ["beta", "enp2s0"],
  ]);
});

test("a keeper that is told of nothing does not start", async () => {
  world.document = "";
  onTestFinished(() => {
    world.document = LENT;
    process.exitCode = undefined;
  });
  const log = heardLog();
  world.served = undefined;
  await runKeeper(fakeTime().clock);
  expect([process.exitCode, world.served, log.length]).toEqual([2, undefined, 1]);
});
