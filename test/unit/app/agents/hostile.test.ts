/** Whatever an agent says in a stream, its follower keeps a status of the right form, or none. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Known } from "../../../../src/app/agents/known.ts";
import { NODES } from "../../../../src/core/render/nodes/registry.ts";
import { PROTOCOL } from "../../../../src/core/model/protocol/answer.ts";
import { parseEvent } from "../../../../src/core/model/protocol/event.ts";
import { statusOfKind } from "../../../../src/core/model/status/model.ts";

const silence = { name: "a", state: "running", problem: { code: "x", message: "x" } } as const;
const stamp = { monotonicS: 1, at: "2026-11-24T12:00:00.000000Z", node: "a", role: "bng" };
const SNAPSHOT = {
  ...stamp,
  seq: 0,
  event: "snapshot",
  epoch: "e",
  status: { protocol: PROTOCOL, ...NODES.bng.silent(silence) },
};
const OPS = ["add", "remove", "replace", "merge", "move"];
const KEYS = [
  "state",
  "uplink",
  "subscriber",
  "neighbours",
  "delegations",
  "problems",
  "prefix",
  "__proto__",
];

test("a stream of anything", () => {
  const path = fc.oneof(fc.array(fc.oneof(fc.constantFrom(...KEYS), fc.string())), fc.jsonValue());
  const operation = fc.record({
    op: fc.constantFrom(...OPS),
    path,
    value: fc.jsonValue(),
    index: fc.jsonValue(),
  });
  const event = fc
    .oneof(fc.array(fc.oneof(operation, fc.jsonValue())), fc.jsonValue())
    .map((patch) => ({ event: "patch", patch }));
  const lines = fc.array(fc.oneof(event, fc.jsonValue()), { maxLength: 6 });
  fc.assert(
    fc.property(lines, (said) => {
      const known = new Known();
      let seq = 0;
      known.take(parseEvent(JSON.stringify(SNAPSHOT)));
      expect(known.statusNow).toBeDefined();
      for (const one of said) {
        const isEvent = typeof one === "object" && one !== null && "event" in one;
        known.take(parseEvent(JSON.stringify(isEvent ? { ...stamp, seq: ++seq, ...one } : one)));
        const status = known.statusNow;
        expect(status === undefined ? undefined : statusOfKind("bng", status)).toEqual(status);
      }
    }),
    { numRuns: 400 },
  );
});
