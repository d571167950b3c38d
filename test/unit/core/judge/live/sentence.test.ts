import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sentenceOf } from "../../../../../src/core/judge/live/sentence.ts";
import { diffStatus } from "../../../../../src/core/model/protocol/diff.ts";
import type { Recorded } from "../../../../../src/core/model/protocol/event.ts";
import type { NodeStatus } from "../../../../../src/core/model/status/model.ts";
import { ANY_STATUS } from "../../../support/statuses.ts";

const ROLES = Object.keys(ANY_STATUS) as (keyof typeof ANY_STATUS)[];

test.each(ROLES)("every change of a %s is a sentence, unless it only counts", (role) => {
  const two = fc.tuple<NodeStatus[]>(ANY_STATUS[role], ANY_STATUS[role]) as fc.Arbitrary<
    [NodeStatus, NodeStatus]
  >;
  fc.assert(
    fc.property(two, ([before, after]) => {
      for (const change of diffStatus(before, after).changes) {
        const sentence = sentenceOf(change);
        const told = sentence?.text ?? change.event;
        expect(told).toMatch(
          sentence === undefined
            ? /^(counters|neighbour|fault|advertisement|provider|cpe|host|internet|keeper|log)$/
            : /^(?!.*(undefined|NaN|\[object))/,
        );
      }
    }),
  );
});

test("what is fine, what is not, and what a newer agent tells", () => {
  const problem = {
    event: "problem",
    problem: { code: "no-handshake", message: "the far side is silent" },
  } as const;
  expect(sentenceOf({ ...problem, change: "added" })).toEqual({
    level: "bad",
    text: "the far side is silent",
  });
  expect(sentenceOf({ ...problem, change: "removed" })).toEqual({
    level: "good",
    text: "no longer: the far side is silent",
  });
  // A fault has an event for its begin and its end; its log lines and the override say the same again.
  expect(sentenceOf({ event: "log", level: "info", message: "fault alpha-1 (ra-stop)" })).toBeUndefined();
  expect(sentenceOf({ event: "log", level: "error", message: "fault alpha-1 failed" })?.level).toBe("bad");
  const override = { settings: {}, faults: [] };
  expect(sentenceOf({ event: "provider", provider: { override } } as unknown as Recorded)).toBeUndefined();
  expect(sentenceOf({ event: "log", level: "error", message: "x" })?.level).toBe("bad");
  expect(sentenceOf({ event: "toString" } as unknown as Recorded)).toBeUndefined();
});
