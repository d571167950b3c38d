import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatIp6 } from "../../../../../src/core/model/ip6.ts";
import { formatRequest, parseRequest } from "../../../../../src/core/model/protocol/request.ts";
import type { Request } from "../../../../../src/core/model/protocol/verbs.ts";

const address = fc.bigInt(0n, (1n << 128n) - 1n).map(formatIp6);
const everyMs = fc.integer({ min: 10, max: 60_000 });
const probe = fc.record({
  verb: fc.constant("probe" as const),
  everyMs,
  targets: fc.array(fc.record({ by: fc.constantFrom("stamp" as const, "icmp" as const), address }), {
    minLength: 1,
    maxLength: 16,
  }),
});
const flow = fc.record(
  {
    verb: fc.constant("flow" as const),
    kind: fc.constantFrom("tcp" as const, "udp" as const, "mptcp" as const),
    everyMs,
    target: address,
    source: address,
    port: fc.integer({ min: 1, max: 65_535 }),
  },
  { requiredKeys: ["verb", "kind", "everyMs", "target"] },
);

test("what is asked of probes and flows is read as it was written", () => {
  fc.assert(
    fc.property(fc.oneof(probe, flow) as fc.Arbitrary<Request>, (one) => {
      expect(parseRequest(formatRequest(one), "own")).toEqual(one);
    }),
  );
});

test("a flow of DNS has a name for its target", () => {
  expect(parseRequest("flow dns every=1000 target=internet.example", "own")).toEqual({
    verb: "flow",
    kind: "dns",
    everyMs: 1000,
    target: "internet.example",
  });
});

test.each([
  ["probe", "right would be: probe every="],
  ["probe every=100", "right would be: probe every="],
  ["probe every=9 icmp=2001:db8::1", "from 10 to 60000 ms"],
  ["probe every=100 ping=2001:db8::1", "right would be: probe every="],
  ["probe every=100 icmp=internet.example", "'internet.example' is no IPv6 address"],
  [`probe every=100 ${Array.from({ length: 17 }, () => "icmp=2001:db8::1").join(" ")}`, "at most 16 targets"],
  ["flow sctp every=100 target=2001:db8::1", "right would be: flow tcp|udp|mptcp|dns"],
  ["flow tcp every=100", "right would be: flow"],
  ["flow tcp every=100 target=2001:db8::1 port=0", "'0' is no port"],
  ["flow tcp every=100 target=2001:db8::1 --help=1", "right would be: flow"],
  ["flow dns every=100 target=-v", "'-v' is no name"],
  ["arrivals now", "'now' is not understood here"],
])("'%s' is refused", (line, reason) => {
  expect(() => parseRequest(line, "own")).toThrow(reason);
});

test.each(["probe every=100 icmp=2001:db8::1", "flow tcp every=100 target=2001:db8::1", "arrivals"])(
  "'%s' is not taken from others of the lab",
  (line) => {
    expect(() => parseRequest(line, "shared")).toThrow("unknown request");
  },
);
