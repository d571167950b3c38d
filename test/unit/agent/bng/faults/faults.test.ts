import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Faults } from "../../../../../src/agent/bng/faults/faults.ts";
import { pause } from "../../../../../src/agent/patience.ts";
import type { Intent } from "../../../../../src/agent/intent/intent.ts";
import type { BngConfig } from "../../../../../src/core/render/bng/config.ts";
import type { FaultEvent } from "../../../../../src/core/model/protocol/event.ts";
import { fakeTime, heardLog, type FakeTime } from "../../../support/fake-time.ts";
import { bngIntent, overrideIn } from "../intent.ts";

const HELD = {
  prefix: "2001:db8:a:8000::/56",
  via: "fe80::1",
  mac: "02:00:00:00:00:55",
  duid: "00:03:00:01:02:00:00:00:00:55",
  iaid: 1,
  preferredS: 1800,
  validS: 14_400,
  expiresAt: "2026-11-24T16:00:00Z",
};

interface Desk extends FakeTime {
  readonly folder: string;
  readonly intent: Intent<BngConfig>;
  readonly faults: Faults;
  readonly told: string[];
  /** Deeds that were done. */
  readonly done: string[];
  /** Says why what faults want is not possible. */
  failing: string | undefined;
  /** How long following takes. */
  slowMs: number;
}

/** Faults of a BNG; with an earlier desk, as after a restart. */
function desk(before?: Desk): Desk {
  const time = before ?? fakeTime();
  const folder = before?.folder ?? mkdtempSync(join(tmpdir(), "mhlab-bng-"));
  const intent = bngIntent({}, folder);
  const told: string[] = [];
  const done: string[] = [];
  const one = {
    clock: time.clock,
    pass: time.pass,
    folder,
    intent,
    told,
    done,
    failing: undefined,
    slowMs: 0,
  } as unknown as Desk;
  const faults = new Faults({
    intent,
    clock: time.clock,
    actions: {
      "bng-crash": { act: async () => "it dies", after: () => done.push("crash") },
      "bng-lease-loss": { act: async () => "it forgot" },
      "bng-lease-lost": {
        hold: () => [HELD],
        begin: async ({ held }) => void done.push(`took ${held?.length}`),
        end: async ({ held }) => void done.push(`gave ${held?.length} back`),
      },
    },
    rules: { hits: async () => new Map([["alpha-1", { up: 2, down: 3 }]]), forget: async () => {} },
    apply: async () => {
      if (one.slowMs > 0) await pause(one.slowMs);
      return one.failing;
    },
    onEvent: (event: FaultEvent) =>
      told.push([event.event, event.fault.id, ...("reason" in event ? [event.reason] : [])].join(" ")),
  });
  faults.start();
  onTestFinished(() => faults.stop());
  return Object.assign(one, { faults });
}

const blackhole = (
  options: Record<string, string> = {},
): { kind: string; options: Record<string, string> } => ({
  kind: "upstream-blackhole",
  options,
});

test("a fault ends at its time, and says what it met", async () => {
  heardLog();
  const { faults, told, pass } = desk();
  const { fault } = await faults.inject(blackhole({ for: "5s" }));
  expect(fault).toMatchObject({ id: "alpha-1", endsAt: "2026-11-24T12:00:05.000Z" });
  await pass(4999);
  expect(await faults.status()).toMatchObject([{ id: "alpha-1", hits: { up: 2, down: 3 } }]);
  expect(faults.effects.packets).toHaveLength(2);
  await pass(1);
  expect(faults.effects.packets).toEqual([]);
  expect(told).toEqual(["fault-began alpha-1", "fault-ended alpha-1 time"]);
});

test("a fault with a keepalive ends when nobody asks for it any more, also after a restart and beside a time", async () => {
  heardLog();
  const one = desk();
  const { fault } = await one.faults.inject(blackhole({ keepalive: "10s" }));
  await one.faults.inject(blackhole({ keepalive: "10s", for: "30s" }));
  expect(fault).toMatchObject({ id: "alpha-1", endsAt: null, keepaliveS: 10 });
  await one.pass(9000);
  expect(one.faults.keepalive({ ids: ["alpha-1", "alpha-2", "alpha-9"] })).toEqual({
    kept: ["alpha-1", "alpha-2"],
  });
  await one.pass(9000);
  one.faults.stop();
  // Who starts again gives all of them time: nobody could ask meanwhile.
  const after = desk(one);
  await after.pass(9000);
  expect(after.told).toEqual([]);
  expect(after.faults.keepalive({ ids: ["alpha-2"] })).toEqual({ kept: ["alpha-2"] });
  await after.pass(1000);
  expect(after.told).toEqual(["fault-ended alpha-1 abandoned"]);
  await after.pass(2000);
  expect(after.told).toEqual(["fault-ended alpha-1 abandoned", "fault-ended alpha-2 time"]);
});

test("a time begins when the fault is in force, however long that takes", async () => {
  heardLog();
  const one = desk();
  one.slowMs = 2000;
  const injecting = one.faults.inject(blackhole({ for: "1s" }));
  await one.pass(1500);
  expect([...one.faults.leftMs]).toEqual([["alpha-1", 1000]]);
  await one.pass(500);
  expect((await injecting).fault.endsAt).toBe("2026-11-24T12:00:03.000Z");
  one.slowMs = 0;
  await one.pass(999);
  expect(one.told).toEqual(["fault-began alpha-1"]);
  await one.pass(1);
  expect(one.told).toEqual(["fault-began alpha-1", "fault-ended alpha-1 time"]);
});

test("healing one leaves the others, and no id means two faults", async () => {
  heardLog();
  const { faults, told } = desk();
  await faults.inject(blackhole());
  await faults.inject({ kind: "ra-stop", options: {} });
  const { cleared } = await faults.clear({ which: "alpha-1" });
  expect(cleared).toMatchObject([{ id: "alpha-1", hits: { up: 2, down: 3 } }]);
  await faults.clear({ which: "all" });
  expect((await faults.inject(blackhole())).fault.id).toBe("alpha-3");
  expect(told).toEqual([
    "fault-began alpha-1",
    "fault-began alpha-2",
    "fault-ended alpha-1 cleared",
    "fault-ended alpha-2 cleared",
    "fault-began alpha-3",
  ]);
  await expect(faults.clear({ which: "alpha-1" })).rejects.toThrow("no fault 'alpha-1'; there are alpha-3");
});

test("an override that is emptied ends all, as a reset", async () => {
  heardLog();
  const { faults, intent, told } = desk();
  await faults.inject(blackhole({ for: "5s" }));
  intent.clear();
  await faults.settled();
  expect(told.at(-1)).toBe("fault-ended alpha-1 reset");
  expect(await faults.status()).toEqual([]);
});

test("after a restart the time that is left counts, and what is overdue ends at once", async () => {
  heardLog();
  const before = desk();
  await before.faults.inject(blackhole({ for: "5s" }));
  await before.faults.inject(blackhole({ for: "20s" }));
  before.faults.stop();
  await before.pass(7000);
  const after = desk(before);
  await after.pass(0);
  expect(after.told).toEqual(["fault-ended alpha-1 time"]);
  expect(await after.faults.status()).toMatchObject([{ id: "alpha-2", endsAt: "2026-11-24T12:00:20.000Z" }]);
  await after.pass(13_000);
  expect(after.told.at(-1)).toBe("fault-ended alpha-2 time");
  expect((await after.faults.inject(blackhole())).fault.id).toBe("alpha-3");
});

test("what cannot be injected is taken back as a whole", async () => {
  heardLog();
  const one = desk();
  await one.faults.inject(blackhole());
  one.failing = "nft: no";
  await expect(one.faults.inject({ kind: "ra-stop", options: {} })).rejects.toThrow(
    /nothing is left of it: nft: no/,
  );
  one.failing = undefined;
  expect(await one.faults.status()).toMatchObject([{ id: "alpha-1" }]);
  expect(one.told).toEqual(["fault-began alpha-1"]);
});

test("what a fault takes away is kept with it, over a restart too, and given back", async () => {
  heardLog();
  const before = desk();
  await before.faults.inject({ kind: "bng-lease-lost", options: {} });
  expect(before.done).toEqual(["took 1"]);
  before.faults.stop();
  const after = desk(before);
  expect(after.faults.effects.held).toEqual([HELD]);
  await after.faults.clear({ which: "all" });
  expect(after.done).toEqual(["gave 1 back"]);
});

test("a fault that goes in turns is followed at each of them", async () => {
  heardLog();
  const { faults, pass } = desk();
  await faults.inject({ kind: "link-flap", options: { down: "1s", up: "3s", for: "9s" } });
  const seen: string[] = [];
  for (let second = 0; second < 10; second++) {
    seen.push(faults.effects.portDown ? "down" : "up");
    await pass(1000);
  }
  expect(seen.join(" ")).toBe("down up up up down up up up down up");
});

test("what happens once is told, done after the answer, and not kept", async () => {
  heardLog();
  const { faults, told, done, intent, pass } = desk();
  expect(await faults.inject({ kind: "bng-crash", options: {} })).toMatchObject({ done: "it dies" });
  expect([told, done]).toEqual([["fault-began alpha-1", "fault-ended alpha-1 done"], []]);
  await pass(100);
  expect(done).toEqual(["crash"]);
  expect(intent.override.faults).toEqual([]);
});

test("what is wrong is refused with the words of the command line", async () => {
  heardLog();
  const { faults } = desk();
  await expect(faults.inject({ kind: "ra-stopp", options: {} })).rejects.toThrow(/did you mean ra-stop/);
});

test("an override that cannot be read is a problem, and nothing of it is lost", async () => {
  heardLog();
  const before = desk();
  await before.faults.inject(blackhole());
  before.faults.stop();
  const text = readFileSync(overrideIn(before.folder), "utf8");
  const broken = text.replace("upstream-blackhole", "upstream-dance");
  writeFileSync(overrideIn(before.folder), broken);
  const after = desk(before);
  expect(after.intent.problems).toMatchObject([{ code: "intent-broken" }]);
  await expect(after.faults.inject(blackhole())).rejects.toThrow(/upstream-dance.*override clear/);
  expect(readFileSync(overrideIn(before.folder), "utf8")).toBe(broken);
  after.intent.clear();
  expect(after.intent.problems).toEqual([]);
  await after.faults.inject(blackhole());
});
