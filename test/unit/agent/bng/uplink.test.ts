import type { KeySource } from "../../../../src/core/render/bng/config.ts";
import type { Settings } from "../../../../src/core/model/document.ts";
import { writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { awaitFarSide, farSideSince } from "../../../../src/agent/bng/far-side-notice.ts";
import { Uplink } from "../../../../src/agent/bng/uplink.ts";
import { NO_EFFECTS } from "../../../../src/core/model/faults/effects.ts";
import { runIp } from "../../../../src/agent/programs/ip.ts";
import type { WireguardPeerState } from "../../../../src/agent/net/wireguard-model.ts";
import {
  createWireguard,
  readWireguard,
  restartHandshake,
  syncWireguard,
  type WireguardDevice,
} from "../../../../src/agent/net/wireguard.ts";
import { KeptProgram } from "../../../../src/agent/programs/kept-program.ts";
import { fakeTime, heardLog, type FakeTime } from "../../support/fake-time.ts";
import { bngIntent } from "./intent.ts";

vi.mock("../../../../src/agent/bng/far-side-notice.ts", () => ({
  awaitFarSide: vi.fn<typeof awaitFarSide>(),
  farSideSince: vi.fn<typeof farSideSince>(),
}));
vi.mock("../../../../src/agent/net/wireguard.ts", () => ({
  createWireguard: vi.fn<typeof createWireguard>(),
  readWireguard: vi.fn<typeof readWireguard>(),
  restartHandshake: vi.fn<typeof restartHandshake>(),
  syncWireguard: vi.fn<typeof syncWireguard>(),
}));
vi.mock("../../../../src/agent/programs/ip.ts", () => ({ runIp: vi.fn<typeof runIp>() }));

/** What the device says; undefined when it is not there. */
let peer: WireguardPeerState | undefined;

beforeEach(() => {
  for (const mock of [
    createWireguard,
    readWireguard,
    restartHandshake,
    syncWireguard,
    runIp,
    awaitFarSide,
    farSideSince,
  ])
    vi.mocked(mock as () => unknown).mockReset();
  peer = { publicKey: "P", endpoint: undefined, handshakeAt: undefined, rxBytes: 0, txBytes: 0 };
  vi.mocked(createWireguard).mockImplementation(async (name): Promise<WireguardDevice> => {
    return { interface: name, backend: "kernel", process: undefined };
  });
  vi.mocked(readWireguard).mockImplementation(async () =>
    peer === undefined ? undefined : { publicKey: async () => "K", listenPort: 1, peers: [peer] },
  );
});

async function startUplink(
  settings: Settings = {},
  privateKey?: KeySource,
): Promise<FakeTime & { uplink: Uplink; changes: () => number }> {
  const time = fakeTime();
  heardLog();
  let changes = 0;
  const uplink = new Uplink(
    bngIntent(settings, undefined, privateKey),
    time.clock,
    () => NO_EFFECTS,
    () => void (changes += 1),
  );
  onTestFinished(async () => await uplink.stop());
  uplink.start();
  await time.pass(0);
  return { ...time, uplink, changes: () => changes };
}

/** Lets the far side answer now. */
function shakeHands({ clock }: FakeTime): void {
  if (peer !== undefined)
    peer = { ...peer, handshakeAt: Math.floor(clock.nowS()), rxBytes: peer.rxBytes + 92 };
}

test.each([
  ["127.0.0.1:51820", true],
  ["192.0.2.1:51820", false],
  ["far.example:51820", false],
  ["127.far.example:51820", false],
])("with the far side %s it is said whether that is on this machine: %s", async (endpoint, farIsHere) => {
  await startUplink({ "wireguard.endpoint": endpoint });
  expect(vi.mocked(createWireguard).mock.calls).toEqual([["wg-alpha", { farIsHere }]]);
});

test("makes its device with address, MTU and routes, and waits for the far side", async () => {
  const { uplink } = await startUplink();
  const batch = vi.mocked(runIp).mock.calls.flat(2);
  expect(batch).toContain("addr replace 2001:db8:0:a::2/128 dev wg-alpha nodad");
  expect(batch).toContain("link set dev wg-alpha mtu 1440 up");
  expect(batch).toContain("route replace unreachable 2001:db8:a::/48 metric 4278198272");
  expect(await uplink.status()).toMatchObject({ state: "waiting" });
});

test("the bundled internet is greeted when it is there, and again at once when it was made anew", async () => {
  const far = "127.0.0.1:51820";
  // Another test's may still wait for a name.
  const greetings = (): number =>
    vi.mocked(syncWireguard).mock.calls.filter(([, { peers }]) => peers[0]?.endpoint === far).length;
  let there = (): void => {};
  vi.mocked(awaitFarSide).mockReturnValue(new Promise((resolve) => (there = resolve)));
  const time = await startUplink({ "wireguard.endpoint": far });
  expect(vi.mocked(awaitFarSide).mock.calls).toEqual([["alpha", 1000]]);
  expect(vi.mocked(runIp).mock.calls.flat(2)).toContain("link set dev wg-alpha mtu 1440 up");
  expect(greetings()).toBe(0);
  vi.mocked(farSideSince).mockReturnValue(1);
  there();
  await time.pass(0);
  expect(greetings()).toBe(1);
  await time.pass(500);
  expect(restartHandshake).not.toHaveBeenCalled();
  vi.mocked(farSideSince).mockReturnValue(2);
  await time.pass(250);
  expect(restartHandshake).toHaveBeenCalledOnce();
  // It is one far side, so nobody is in more of a hurry than else.
  await time.pass(1500);
  expect(restartHandshake).toHaveBeenCalledOnce();
});

test("nobody waits for a far side that is elsewhere", async () => {
  await startUplink({ "wireguard.endpoint": "192.0.2.1:51820" });
  expect(awaitFarSide).not.toHaveBeenCalled();
  expect(vi.mocked(syncWireguard).mock.calls.map(([, { peers }]) => peers[0]?.endpoint)).toContain(
    "192.0.2.1:51820",
  );
});

test("a silent far side is greeted again after 1 s, 2, 4, 8, and then every 15 s", async () => {
  const time = await startUplink();
  const greetedAt: number[] = [];
  const from = time.clock.monotonicMs();
  vi.mocked(restartHandshake).mockImplementation(async () => {
    greetedAt.push(time.clock.monotonicMs() - from);
  });
  await time.pass(50_000);
  const pauses = greetedAt.map((at, index) => Math.round((at - (greetedAt[index - 1] ?? 0)) / 1000));
  expect(pauses).toEqual([1, 2, 4, 8, 15, 15]);
});

test("a handshake is told at once, and ages", async () => {
  const time = await startUplink();
  await time.pass(1000);
  const before = time.changes();
  shakeHands(time);
  await time.pass(250);
  expect(time.changes()).toBe(before + 1);
  expect(await time.uplink.status()).toMatchObject({ state: "up" });
  vi.mocked(restartHandshake).mockClear();
  await time.pass(100_000);
  const later = await time.uplink.status();
  expect(later).toMatchObject({ state: "up" });
  expect(restartHandshake).not.toHaveBeenCalled();
});

test("a handshake of more than 3 minutes ago is stale, and the far side is greeted", async () => {
  const time = await startUplink();
  shakeHands(time);
  await time.pass(178_000);
  expect(await time.uplink.status()).toMatchObject({ state: "up" });
  expect(restartHandshake).not.toHaveBeenCalled();
  await time.pass(10_000);
  expect(await time.uplink.status()).toMatchObject({ state: "stale" });
  expect(restartHandshake).toHaveBeenCalled();
  vi.mocked(restartHandshake).mockClear();
  shakeHands(time);
  await time.pass(60_000);
  expect(await time.uplink.status()).toMatchObject({ state: "up" });
  expect(vi.mocked(restartHandshake).mock.calls.length).toBeLessThan(2);
});

test("a far side that was heard before is stale, not awaited, when its peer is set anew", async () => {
  const time = await startUplink();
  shakeHands(time);
  await time.pass(1000);
  if (peer !== undefined) peer = { ...peer, handshakeAt: undefined, rxBytes: 0 };
  await time.pass(30_000);
  expect(await time.uplink.status()).toMatchObject({ state: "stale" });
});

test("a device that is gone is made again, and counted", async () => {
  const child = new KeptProgram(1, () => {});
  vi.mocked(createWireguard).mockImplementation(async (name): Promise<WireguardDevice> => ({
    interface: name,
    backend: "userspace",
    process: child,
  }));
  const time = await startUplink();
  shakeHands(time);
  await time.pass(5000);
  peer = undefined;
  vi.mocked(createWireguard).mockImplementationOnce(async () => {
    throw new Error("no /dev/net/tun");
  });
  child.finish({ code: 1, signal: null });
  await time.pass(0);
  expect(await time.uplink.status()).toMatchObject({ state: "down" });
  expect(time.uplink.failure).toBe("no /dev/net/tun");
  peer = { publicKey: "P", endpoint: undefined, handshakeAt: undefined, rxBytes: 0, txBytes: 0 };
  vi.mocked(readWireguard).mockImplementationOnce(async () => undefined);
  await time.pass(5000);
  expect(time.uplink.failure).toBeUndefined();
  expect(time.uplink.rebuilds).toBe(2);
});

test("other keys are taken at once, and what the old ones proved is forgotten", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mhlab-keys-"));
  const file = join(folder, "private.key");
  writeFileSync(file, "old\n");
  const time = await startUplink({}, { file });
  shakeHands(time);
  await time.pass(5000);
  writeFileSync(file, "new\n");
  await time.uplink.takeKeys();
  expect(vi.mocked(syncWireguard).mock.calls.at(-1)?.[1]).toMatchObject({ privateKey: "new" });
  expect(restartHandshake).toHaveBeenCalledTimes(1);
  if (peer !== undefined) peer = { ...peer, handshakeAt: undefined };
  expect(await time.uplink.status()).toMatchObject({ state: "waiting" });
});
