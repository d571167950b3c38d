import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { Provider } from "../../../../src/agent/bng/provider.ts";
import type { SubscriberStatus, UplinkStatus } from "../../../../src/core/model/status/model.ts";
import { fakeTime, heardLog, type FakeTime } from "../../support/fake-time.ts";
import { bngIntent } from "./intent.ts";

/** The parts of a provider, as they are when the test begins: all is well. */
const parts = vi.hoisted(() => ({
  uplink: {} as Record<string, unknown>,
  subscriber: {} as Record<string, unknown>,
  kea: { running: true, serving: false, pid: 1, stalled: false },
  bird: { stalled: false },
  startKea: (): void => {},
  advertising: true,
  known: true,
  followed: 0,
  failing: undefined as Error | undefined,
}));

vi.mock("../../../../src/agent/bng/uplink.ts", () => ({
  Uplink: class {
    rebuilds = 2;
    failure = "no /dev/net/tun";
    start(): void {}
    async stop(): Promise<void> {}
    async takeKeys(): Promise<void> {}
    async follow(): Promise<void> {}
    status = async () => parts.uplink;
  },
}));
vi.mock("../../../../src/agent/bng/subscriber.ts", () => ({
  Subscriber: class {
    ownMacs = [];
    problems = [];
    start(): void {}
    async stop(): Promise<void> {}
    poke(): void {}
    async follow(): Promise<void> {}
    status = () => parts.subscriber;
  },
}));
vi.mock("../../../../src/agent/bng/kea.ts", () => ({
  Kea: class {
    daemon = {
      restarts: 1,
      stop: async () => {},
      name: "kea",
      get running() {
        return parts.kea.running;
      },
      get stalled() {
        return parts.kea.stalled;
      },
      get pid() {
        return parts.kea.pid;
      },
    };
    constructor(_: unknown, _faults: unknown, onStart: () => void) {
      parts.startKea = onStart;
    }
    serving = async () => parts.kea.serving;
    async follow(): Promise<void> {
      parts.followed += 1;
      if (parts.failing !== undefined) throw parts.failing;
    }
  },
}));
vi.mock("../../../../src/agent/bng/advertiser.ts", () => ({
  Advertiser: class {
    daemon = {
      name: "bird",
      restarts: 0,
      stop: async () => {},
      get stalled() {
        return parts.bird.stalled;
      },
    };
    async follow(): Promise<void> {}
    status() {
      return { sentAt: null, fields: [], before: null };
    }
    get advertising() {
      return parts.advertising;
    }
  },
}));
vi.mock("../../../../src/agent/bng/leases/delegations.ts", () => ({
  Delegations: class {
    get known() {
      return parts.known;
    }
    async prepare(): Promise<void> {}
    start(): void {}
    stop(): void {}
    poke(): void {}
    reread(): void {}
    async impose(): Promise<void> {}
    follow(): void {}
    dropped = { unsent: 0, foreign: 0 };
    describe = () => ({ delegations: [], addresses: [], refused: { prefix: false, address: false } });
  },
}));
vi.mock("../../../../src/agent/bng/port-rules.ts", () => ({
  PortRules: class {
    effective = "reject";
    loads = 1;
    async follow(): Promise<void> {}
    observe = async () => ({
      leaks: { since: null, up: 0, down: 0, addresses: [] },
      flooded: { packets: 0, senders: [] },
      dropped: { wrapped: 0, unassigned: 0 },
      neighbours: [],
    });
  },
}));
vi.mock("../../../../src/agent/bng/refusals.ts", () => ({
  RefusalRouteKeeper: class {
    start(): void {}
    stop(): void {}
    poke(): void {}
  },
}));
vi.mock("../../../../src/agent/bng/lease-store.ts", () => ({
  dropForeignLeases: () => {},
  leaseStoreProblem: () => undefined,
}));
vi.mock("../../../../src/agent/net/watch.ts", () => ({ watchNetwork: () => () => {} }));

beforeEach(() => {
  parts.uplink = {
    state: "up",
    endpoint: "192.0.2.42:51820",
  } satisfies Partial<UplinkStatus>;
  parts.subscriber = {
    present: true,
    carrier: true,
    place: "subscriber0",
  } satisfies Partial<SubscriberStatus>;
  Object.assign(parts.kea, { running: true, serving: false, pid: 1, stalled: false });
  parts.bird.stalled = false;
  Object.assign(parts, { advertising: true, known: true, followed: 0, failing: undefined });
});

async function startProvider(): Promise<
  FakeTime & { provider: Provider; log: string[]; codes: () => Promise<string[]> }
> {
  const time = fakeTime();
  const log = heardLog();
  const provider = new Provider(bngIntent(), time.clock);
  onTestFinished(async () => await provider.stop());
  await provider.start();
  const codes = async (): Promise<string[]> => (await provider.status()).problems.map(({ code }) => code);
  return { ...time, provider, log, codes };
}

/** Lets Kea listen to clients. */
async function serve({ pass }: FakeTime): Promise<void> {
  parts.startKea();
  parts.kea.serving = true;
  await pass(50);
}

test("starts, until DHCPv6 serves, advertisements are sent and the far side has answered", async () => {
  const time = await startProvider();
  expect(await time.provider.status()).toMatchObject({ state: "starting", ready: false });
  expect(await time.codes()).toEqual(["dhcpv6-silent"]);
  await serve(time);
  expect(await time.provider.status()).toMatchObject({ state: "running", ready: true, problems: [] });
  await time.provider.status();
  expect(time.log.filter((line) => line === "info: ready")).toHaveLength(1);
});

test("Kea is asked whether it serves as long as it takes, and no more once it has ended", async () => {
  const time = await startProvider();
  parts.startKea();
  await time.pass(60_000);
  expect(await time.codes()).toEqual(["dhcpv6-silent"]);
  parts.kea.pid = 2;
  parts.kea.serving = true;
  await time.pass(50);
  await time.pass(1000);
  parts.kea.serving = false;
  parts.startKea();
  expect(await time.codes()).toEqual(["dhcpv6-silent"]);
  await serve(time);
  expect(await time.codes()).toEqual([]);
});

test.each([
  ["nothing is known of leases", () => (parts.known = false), ["dhcpv6-silent"]],
  ["Kea does not run", () => (parts.kea.running = false), ["dhcpv6-silent"]],
  ["Kea does not answer", () => (parts.kea.stalled = true), ["dhcp-stalled"]],
  ["BIRD does not answer", () => (parts.bird.stalled = true), ["ra-stalled"]],
  ["no advertisement was sent", () => (parts.advertising = false), ["no-ra"]],
  ["the cable is out", () => (parts.subscriber["carrier"] = false), ["no-carrier"]],
  ["the tunnel is gone", () => (parts.uplink["state"] = "down"), ["no-tunnel"]],
  ["the far side is silent", () => (parts.uplink["state"] = "stale"), ["stale-tunnel"]],
  ["the far side was never heard", () => (parts.uplink["state"] = "waiting"), ["no-handshake"]],
])("when %s, one that was ready is degraded", async (_, break_, codes) => {
  const time = await startProvider();
  await serve(time);
  await time.provider.status();
  break_();
  expect(await time.provider.status()).toMatchObject({ state: "degraded" });
  expect(await time.codes()).toEqual(codes);
});

test("settings that cannot be put in force are a problem, and tried again", async () => {
  const time = await startProvider();
  await serve(time);
  parts.failing = new Error("kea: config-reload: no");
  await expect(time.provider.resync()).rejects.toThrow("config-reload");
  await time.pass(60_000);
  const problem = {
    code: "settings-not-applied",
    message: expect.stringContaining("config-reload") as string,
  };
  expect((await time.provider.status()).problems).toEqual([problem]);
  parts.failing = undefined;
  await time.pass(60_000);
  expect(await time.codes()).toEqual([]);
});

test("restarts of what it runs are counted by name", async () => {
  const { provider } = await startProvider();
  expect((await provider.status()).restarts).toEqual({ kea: 1, bird: 0, wireguard: 2 });
});
