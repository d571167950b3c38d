import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sentencesOf } from "../../../../../src/core/judge/live/sentence.ts";
import type { NodeLine } from "../../../../../src/core/model/protocol/event.ts";
import { diffStatus, isCounting, type Operation } from "../../../../../src/core/model/protocol/patch.ts";
import { SHAPES, type NodeStatus } from "../../../../../src/core/model/status/model.ts";
import { ANY_STATUS } from "../../../support/statuses.ts";

const patch = (...operations: Operation[]): object => ({ event: "patch", patch: operations });
const said = (event: object): unknown => sentencesOf({ role: "bng", ...event } as NodeLine);

const ROLES = Object.keys(ANY_STATUS) as (keyof typeof ANY_STATUS)[];

test.each(ROLES)("every change of a %s is a sentence, unless it only counts", (role) => {
  const two = fc.tuple<NodeStatus[]>(ANY_STATUS[role], ANY_STATUS[role]) as fc.Arbitrary<
    [NodeStatus, NodeStatus]
  >;
  fc.assert(
    fc.property(two, ([before, after]) => {
      const stamp = { seq: 1, monotonicS: 1, at: "2026-11-24T12:00:00.000000Z", node: "a", role };
      for (const one of diffStatus(SHAPES[after.role], before, after)) {
        const sentences = sentencesOf({ ...stamp, event: "patch", patch: [one] });
        const untold = sentences.length === 0 && !isCounting(one) ? one.path.join(" ") : "faults";
        expect(untold).toMatch(/^(faults|override|advertisement|subscriber neighbours)/);
        for (const { text } of sentences) expect(text).toMatch(/^(?!.*(undefined|NaN|\[object))/);
      }
    }),
  );
});

test("what is fine, what is not, and what a newer agent tells", () => {
  const problem = { code: "no-handshake", message: "the far side is silent" };
  const path = ["problems", "no-handshake the far side is silent"];
  expect(said(patch({ op: "add", path, index: 0, value: problem }))).toEqual([
    { about: "problems", level: "bad", text: "the far side is silent" },
  ]);
  expect(said(patch({ op: "remove", path, value: problem }))).toEqual([
    { about: "problems", level: "good", text: "no longer: the far side is silent" },
  ]);
  // A fault has an event for its begin and its end; its log lines and the override say the same again.
  expect(said({ event: "log", level: "info", message: "fault alpha-1 (ra-stop)" })).toEqual([]);
  expect(said({ event: "log", level: "error", message: "fault alpha-1 failed" })).toMatchObject([
    { level: "bad" },
  ]);
  const override = { settings: {}, faults: [] };
  expect(said(patch({ op: "replace", path: ["override"], value: override }))).toEqual([]);
  expect(said(patch({ op: "replace", path: ["delegations", "x"], value: null }))).toEqual([]);
  expect(said({ event: "toString" })).toEqual([]);
});

test("a state and whether it is ready are one sentence", () => {
  const now = (values: object): unknown =>
    said(
      patch(
        ...Object.entries(values).map(([key, value]) => ({ op: "replace" as const, path: [key], value })),
      ),
    );
  expect([now({ state: "running", ready: true }), now({ state: "degraded", ready: false })]).toMatchObject([
    [{ level: "good", text: "ready" }],
    [{ level: "bad", text: "degraded" }],
  ]);
  expect([now({ ready: false }), now({ state: "running" })]).toMatchObject([
    [{ level: "warn", text: "not ready" }],
    [{ level: "info", text: "runs" }],
  ]);
});
