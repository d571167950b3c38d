import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RequestError } from "../../../../../src/core/model/protocol/failure.ts";
import { formatRequest, isTaken, parseRequest } from "../../../../../src/core/model/protocol/request.ts";
import { VERBS, type Request } from "../../../../../src/core/model/protocol/verbs.ts";

const cursor = fc.record({ epoch: fc.stringMatching(/^[0-9a-z]{1,12}$/), seq: fc.nat() });
const none = (verb: "status" | "resync" | "allStatus"): fc.Arbitrary<Request> => fc.constant({ verb });
const request: fc.Arbitrary<Request> = fc.oneof(
  none("status"),
  none("resync"),
  none("allStatus"),
  fc.record(
    { verb: fc.constant("events" as const), attached: fc.boolean(), since: cursor },
    { requiredKeys: ["verb", "attached"] },
  ),
  fc.record(
    {
      verb: fc.constant("allEvents" as const),
      attached: fc.boolean(),
      since: fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9-]{0,11}$/), cursor, { minKeys: 1, maxKeys: 4 }),
    },
    { requiredKeys: ["verb", "attached"] },
  ),
);

test("a request is read as it was written", () => {
  fc.assert(
    fc.property(request, (one) => {
      expect(parseRequest(formatRequest(one), "own")).toEqual(one);
    }),
  );
});

test.each([
  ["status", { verb: "status" }],
  ["  all   status ", { verb: "allStatus" }],
  ["events attached", { verb: "events", attached: true }],
  ["events since=a1:42 attached", { verb: "events", attached: true, since: { epoch: "a1", seq: 42 } }],
  [
    "all events attached since=alpha@a1:42",
    { verb: "allEvents", attached: true, since: { alpha: { epoch: "a1", seq: 42 } } },
  ],
])("'%s'", (line, expected) => {
  expect(parseRequest(line, "own")).toEqual(expected);
});

test("whatever comes is a request, or an error that says why not", () => {
  const read = (line: string): unknown => {
    try {
      return parseRequest(line, "own").verb;
    } catch (error) {
      if (error instanceof RequestError) return error.code;
      throw error;
    }
  };
  const known = [...Object.keys(VERBS), "unknown-request", "bad-request"];
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (line) => {
      expect(known).toContain(read(line));
    }),
  );
});

test("what changes something, or asks for all, is not taken from others of the lab", () => {
  const shared = Object.values(VERBS).filter((record) => isTaken(record, "shared"));
  expect(shared.map(({ words }) => words)).toEqual(["status", "events"]);
});
