import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseProbeLine } from "../../../../../src/core/model/protocol/probe-lines.ts";

const probe = {
  source: "2001:db8:a:8001::5",
  target: "2001:db8::1",
  seq: 7,
  sentNs: 1795902295441670601n,
  waitedNs: 1200,
  receivedNs: null,
  reason: null,
  arrivedBy: null,
  arrivedNs: null,
};
const head = `"2001:db8:a:8001::5","2001:db8::1",7,"1795902295441670601",1200`;

test.each([
  [
    `["answered",${head},"1795902295450225269","1795902295441671553","wg-alpha"]`,
    {
      ...probe,
      outcome: "answered",
      receivedNs: 1795902295450225269n,
      arrivedNs: 1795902295441671553n,
      arrivedBy: "alpha",
    },
  ],
  [
    `["answered",${head},"1795902295450225269"]`,
    { ...probe, outcome: "answered", receivedNs: 1795902295450225269n },
  ],
  // A reflector that is not the bundled internet's.
  [
    `["answered",${head},"1795902295450225269","1795902295441671553",null]`,
    {
      ...probe,
      outcome: "answered",
      receivedNs: 1795902295450225269n,
      arrivedNs: 1795902295441671553n,
    },
  ],
  [`["no-answer",${head},null]`, { ...probe, outcome: "no-answer" }],
  [
    `["no-answer",${head},"1/5"]`,
    { ...probe, outcome: "no-answer", reason: "source address failed ingress/egress policy" },
  ],
  [`["no-answer",${head},"9/9"]`, { ...probe, outcome: "no-answer", reason: "9/9" }],
  [`["not-sent",${head},"ENETUNREACH"]`, { ...probe, outcome: "not-sent", reason: "ENETUNREACH" }],
])("%s", (line, expected) => {
  expect(parseProbeLine(line)).toEqual({ kind: "probe", probe: expected });
});

test.each([
  [`{"event":"began","session":25946,"everyMs":100}`, { kind: "began", session: 25946 }],
  [
    `["arrived","2001:db8:a::50",39691,0,"1795902295441671553","wg-beta"]`,
    {
      kind: "arrival",
      arrival: {
        source: "2001:db8:a::50",
        session: 39691,
        seq: 0,
        arrivedNs: 1795902295441671553n,
        arrivedBy: "beta",
      },
    },
  ],
  [
    `["connected","1795902876182682503",28744616,"2001:db8:b::6"]`,
    {
      kind: "flow",
      flow: { event: "connected", atNs: 1795902876182682503n, rttNs: 28_744_616, detail: "2001:db8:b::6" },
    },
  ],
  [`{"event":"ended","skipped":0,"dropped":0}`, { kind: "nothing" }],
  [
    `{"event":"ended","skipped":3,"dropped":2}`,
    {
      kind: "gap",
      text: "2 packets had no room in its buffers, 3 rounds were left out because it did not run in time",
      sending: { skipped: 3, dropped: 2 },
    },
  ],
  [`{"event":"cut","resume":"arrivals"}`, { kind: "gap", text: "was not read in time, so it was cut off" }],
  [
    `{"error":"no","code":"failed","exitCode":1}`,
    { kind: "failure", failure: { error: "no", code: "failed", exitCode: 1 } },
  ],
  ["OCI runtime exec failed", { kind: "noise", line: "OCI runtime exec failed" }],
  [`["answered","2001:db8::1"]`, { kind: "noise", line: `["answered","2001:db8::1"]` }],
])("%s", (line, expected) => {
  expect(parseProbeLine(line)).toEqual(expected);
});

test("whatever comes is read or is noise", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
      expect(parseProbeLine(line).kind).toBeTypeOf("string");
    }),
  );
});
