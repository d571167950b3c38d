import { describe, expect, test } from "vitest";
import { describePhases, nextEnd, parsePhases } from "../../../../../src/core/model/renumbering/phases.ts";

const PHASES = [
  { prefix: "2001:db8:b::/48", state: "current" },
  { prefix: "2001:db8:a::/48", state: "deprecated", endsAt: "2026-11-24T12:10:00.250Z" },
  { prefix: "2001:db8:c::/48", state: "withdrawn", endsAt: "2026-11-24T16:00:00.000Z" },
] as const;

test("what an override's file has is read as it was written, whoever spelled it", () => {
  expect(parsePhases(JSON.parse(JSON.stringify(PHASES)))).toEqual(PHASES);
  expect(parsePhases([{ prefix: "2001:0DB8:000b::/48", state: "current", later: 1 }])).toEqual([PHASES[0]]);
});

describe("what it cannot be is said", () => {
  test.each([
    ["no list", {}, "prefixes is no list"],
    ["nothing", [], "prefixes is no list with an entry"],
    ["no prefix", [{ prefix: "2001:db8::1/48", state: "current" }], "a prefix of prefixes is none"],
    ["no entry", [null], "a prefix of prefixes is none"],
    ["no state", [{ prefix: "2001:db8:a::/48", state: "gone" }], "the state 'gone'"],
    ["no time", [{ ...PHASES[1], endsAt: "tomorrow" }], "endsAt of a prefix is no time"],
    ["a second current one", [PHASES[1], PHASES[0]], "a current one that is not the first"],
    ["one twice", [PHASES[0], { ...PHASES[1], prefix: "2001:db8:b::/48" }], "one of them twice"],
  ])("%s", (_, value, message) => {
    expect(() => parsePhases(value)).toThrow(message);
  });
});

test("the next end is the earliest; people read states and times", () => {
  expect(nextEnd(PHASES)).toBe(Date.parse("2026-11-24T12:10:00.250Z") / 1000);
  expect(nextEnd([PHASES[0]])).toBeUndefined();
  expect(describePhases(PHASES)).toBe(
    "2001:db8:b::/48 current, 2001:db8:a::/48 deprecated until 2026-11-24T12:10:00Z, 2001:db8:c::/48 withdrawn until 2026-11-24T16:00:00Z",
  );
});
