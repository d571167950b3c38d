import { secondsUntil } from "../../../../src/core/model/utc.ts";
import { expect, onTestFinished, test } from "vitest";
import { Renumbering } from "../../../../src/agent/bng/renumbering.ts";
import { parseAssignedPrefix } from "../../../../src/core/model/values/parse.ts";
import type { RenumberOrder } from "../../../../src/core/model/renumbering/order.ts";
import { fakeTime, heardLog } from "../../support/fake-time.ts";
import { bngIntent } from "./intent.ts";

const to = (text: string) => {
  const prefix = parseAssignedPrefix(text);
  if (prefix === undefined) throw new Error(text);
  return prefix;
};

function provider() {
  const time = fakeTime();
  heardLog();
  const intent = bngIntent({ "delegation.length": "56" });
  const steps: number[] = [];
  const lives: Renumbering[] = [];
  const live = (): Renumbering => {
    const renumbering = new Renumbering(intent, time.clock, () => steps.push(time.clock.nowS()));
    lives.push(renumbering);
    return renumbering;
  };
  onTestFinished(() => {
    for (const one of lives) one.stop();
  });
  const first = live();
  first.start();
  return {
    ...time,
    intent,
    steps,
    live,
    first,
    order: (order: RenumberOrder) => first.obey({ order }).prefixes,
    told: () =>
      first
        .describe()
        .map(({ prefix, state, endsAt }) => [
          prefix,
          state,
          endsAt === null ? null : secondsUntil(endsAt, time.clock.nowS()),
        ]),
  };
}

test("nothing is told but the lab file's prefix while nothing was ordered, and nothing ticks", async () => {
  const { told, steps, pass } = provider();
  await pass(120_000);
  expect(told()).toEqual([["2001:db8:a::/48", "current", null]]);
  expect(steps).toEqual([]);
});

test("an overlap counts down in steps, and ends at its time to the millisecond", async () => {
  const { told, order, steps, pass, intent } = provider();
  const changes: (string | undefined)[] = [];
  intent.onChange(() => changes.push(intent.override.prefixes?.map(({ prefix }) => prefix).join(" ")));
  order({ how: "graceful", to: to("2001:db8:b::/48"), overlapS: 40 });
  expect(told()).toEqual([
    ["2001:db8:b::/48", "current", null],
    ["2001:db8:a::/48", "deprecated", 40],
  ]);
  await pass(39_999);
  expect(told()).toHaveLength(2);
  expect(steps.length).toBeGreaterThanOrEqual(3);
  await pass(1);
  expect(told()).toEqual([["2001:db8:b::/48", "current", null]]);
  expect(changes).toEqual(["2001:db8:b::/48 2001:db8:a::/48", "2001:db8:b::/48"]);
  expect(intent.config.networks).toHaveLength(1);
});

test("what was over while nobody was there ends at once; what is not has the rest of its time", async () => {
  const { order, pass, first, live, told, intent } = provider();
  order({ how: "graceful", to: to("2001:db8:b::/48"), overlapS: 60 });
  first.stop();
  await pass(30_000);
  live().start();
  await pass(0);
  expect(told()[1]).toEqual(["2001:db8:a::/48", "deprecated", 30]);
  await pass(29_000);
  for (const one of [first]) one.stop();
  await pass(1000);
  expect(intent.override.prefixes).toHaveLength(1);
});

test("an emptied override is the lab file's prefix again; back by order empties it", async () => {
  const { order, intent, told, pass } = provider();
  order({ how: "flash", to: to("2001:db8:b::/48") });
  expect(intent.override.prefixes).toHaveLength(1);
  intent.clear();
  expect(told()).toEqual([["2001:db8:a::/48", "current", null]]);
  order({ how: "graceful", to: to("2001:db8:b::/48"), overlapS: 10 });
  order({ how: "abort" });
  await pass(10_000);
  expect(intent.override).toEqual({ settings: {}, faults: [] });
});

test("what makes no sense is refused with its reason, and nothing of it is taken", () => {
  const { order, intent } = provider();
  expect(() => order({ how: "abort" })).toThrow("it is not being renumbered");
  expect(() => order({ how: "flash", to: to("2001:db8:b::/60") })).toThrow("a /56 does not fit");
  expect(intent.override).toEqual({ settings: {}, faults: [] });
  expect(() => intent.set({ prefix: "2001:db8:b::/48" })).toThrow("but by `renumber`");
});
