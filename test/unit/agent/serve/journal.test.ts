import { expect, test } from "vitest";
import { Journal } from "../../../../src/agent/serve/journal.ts";
import type { Stamp } from "../../../../src/core/model/protocol/event.ts";
import { testClock } from "./clock.ts";

function journal() {
  const clock = testClock();
  return { clock, journal: new Journal({ node: "alpha", role: "bng", epoch: "e1", clock }) };
}
const log = (message: string) => ({ event: "log", level: "info", message }) as const;
const numbersOf = (lines: readonly string[] | undefined): number[] | undefined =>
  lines?.map((line) => (JSON.parse(line) as Stamp).seq);

test("events are numbered without gaps, dated, and name their node and role", () => {
  const { clock, journal: one } = journal();
  one.record(log("first"));
  clock.pass(2);
  expect(JSON.parse(one.record(log("second")))).toEqual({
    seq: 2,
    monotonicS: 2,
    at: "2026-11-24T12:00:02.000000Z",
    node: "alpha",
    role: "bng",
    event: "log",
    level: "info",
    message: "second",
  });
});

test("a place is gone on from; not one of another life, of the future, or from too long ago", () => {
  const { journal: one } = journal();
  for (let count = 0; count < 5; count++) one.record(log(String(count)));
  expect(numbersOf(one.after({ epoch: "e1", seq: 3 }))).toEqual([4, 5]);
  expect(one.after({ epoch: "e1", seq: 5 })).toEqual([]);
  expect(one.after({ epoch: "e2", seq: 3 })).toBeUndefined();
  expect(one.after({ epoch: "e1", seq: 6 })).toBeUndefined();
  for (let count = 0; count < 5000; count++) one.record(log("more"));
  expect(one.after({ epoch: "e1", seq: 3 })).toBeUndefined();
});

test("what is remembered has a bound in bytes too", () => {
  const { journal: one } = journal();
  const long = "x".repeat(10_000);
  for (let count = 0; count < 1000; count++) one.record(log(long));
  let remembered = 0;
  while (one.after({ epoch: "e1", seq: 1000 - remembered - 1 }) !== undefined) remembered++;
  expect(remembered).toBeGreaterThan(10);
  expect(remembered * long.length).toBeLessThan(512 * 1024);
});

test("a line for one follower takes no number", () => {
  const { journal: one } = journal();
  one.record(log("first"));
  const line = one.personal({ event: "cut", resume: one.resumption(1) });
  expect(JSON.parse(line)).toMatchObject({ seq: 1, event: "cut", resume: "events since=e1:1" });
  expect(one.seq).toBe(1);
});
