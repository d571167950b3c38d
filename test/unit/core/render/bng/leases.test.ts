import { array, assert, constantFrom, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import { LeaseBook } from "../../../../../src/core/render/bng/lease-book.ts";
import {
  canonicalPrefix,
  describeDelegations,
  readLease,
  type KeaLease,
} from "../../../../../src/core/render/bng/leases.ts";
import { parsePrefix6 } from "../../../../../src/core/model/ip6.ts";
import { Tracked } from "../../../../../src/core/render/bng/tracked.ts";
import { Upkeep } from "../../../../../src/core/render/bng/upkeep.ts";

const NOW = 1_000_000;
const MAC = "02:00:00:00:00:55";

const lease = (over: Partial<KeaLease> = {}): KeaLease => ({
  type: "IA_PD",
  state: 0,
  "ip-address": "2001:db8:a:8000::",
  "prefix-len": 56,
  "valid-lft": 14_400,
  "preferred-lft": 1800,
  cltt: NOW - 100,
  duid: "00:03:00:01:02:00:00:00:00:55",
  iaid: 1,
  "user-context": { mhlab: { via: "fe80::1", mac: MAC } },
  ...over,
});
const PREFIX = "2001:db8:a:8000::/56";

test("a lease in force is read with its customer; one whose customer is not a neighbour has none", () => {
  expect(readLease(lease())).toMatchObject({
    kind: "prefix",
    prefix: PREFIX,
    customer: { via: "fe80::1", mac: MAC },
  });
  expect(readLease(lease({ state: 1 }))).toBeUndefined();
  const { "prefix-len": _, ...address } = lease({ type: "IA_NA", "ip-address": "2001:db8:a::1:0" });
  expect(readLease(address)).toMatchObject({ kind: "address", prefix: "2001:db8:a::1:0/128" });
  for (const own of [
    { via: "::", mac: MAC },
    { via: "2001:db8::1", mac: MAC },
    { via: "fe80::1 dev lo", mac: MAC },
    { via: "fe80::1", mac: "x" },
    { via: "fe80::1" },
    null,
  ])
    expect(readLease(lease({ "user-context": { mhlab: own } }))?.customer).toBeUndefined();
});

test("a prefix has one spelling, whoever writes it", () => {
  expect(canonicalPrefix("2001:0db8:000a:8000::/56")).toBe(PREFIX);
  expect(canonicalPrefix("2001:db8::1")).toBe("2001:db8::1/128");
});

test("a delegation whose kernel route goes elsewhere is not called routed", () => {
  const found = readLease(lease());
  const describe = (...routes: [string, string][]): unknown =>
    found === undefined ? undefined : describeDelegations([found], new Map(routes), NOW)[0];
  expect(describe([PREFIX, "fe80::1"])).toMatchObject({ routed: true, via: "fe80::1" });
  expect(describe([PREFIX, "fe80::2"])).toMatchObject({ routed: false });
  expect(describe()).toMatchObject({
    routed: false,
    preferredS: 1800,
    validS: 14_400,
    expiresAt: expect.any(String) as string,
  });
});

test("the book follows notices and pages, whichever is newer", () => {
  const told: string[] = [];
  const book = new LeaseBook((prefix, found) => told.push(`${prefix} ${found?.heardAtS ?? "ended"}`));
  const set = (over: Partial<KeaLease> = {}): boolean => book.note(`set ${JSON.stringify(lease(over))}`);
  expect(book.note("lost")).toBe(true);
  expect(set()).toBe(false);
  // A page that was asked for before the lease ended does not bring it back.
  book.expectPage(true);
  book.note("gone 2001:db8:a:8000::/56");
  book.takePage([lease()], true);
  expect(book.leases.size).toBe(0);
  set({ cltt: NOW });
  book.expectPage(true);
  book.takePage([lease({ cltt: NOW - 50 })], true);
  expect(book.leases.get(PREFIX)?.heardAtS).toBe(NOW);
  // What a whole round did not have has ended; half a round says nothing.
  book.expectPage(true);
  book.takePage([], false);
  expect(book.leases.size).toBe(1);
  book.expectPage(false);
  book.takePage([], true);
  expect(told).toEqual([`${PREFIX} ${NOW - 100}`, `${PREFIX} ended`, `${PREFIX} ${NOW}`, `${PREFIX} ended`]);
  set({ cltt: NOW });
  expect([book.expire(NOW + 14_399), book.leases.size]).toEqual([NOW + 14_400, 1]);
  expect([book.expire(NOW + 14_400), book.leases.size]).toEqual([Infinity, 0]);
  book.note("refused prefix");
  expect([book.refused("prefix"), book.refused("address")]).toEqual([true, false]);
  book.note("unsent 3");
  book.note("foreign");
  expect([book.note("unsent 4"), book.dropped]).toEqual([false, { unsent: 7, foreign: 1 }]);
});

test("two leases of one customer share his neighbour entry, until the last of them ends", () => {
  const upkeep = new Upkeep();
  const keep = (address: string, over: Partial<KeaLease> = {}): void =>
    upkeep.keep(`${address}/56`, readLease(lease({ "ip-address": address, ...over })));
  keep("2001:db8:a:8000::");
  keep("2001:db8:a:8100::");
  const { neighbours, routes, elements } = upkeep;
  for (const part of [neighbours, routes, elements]) part.done(part.changes());
  expect([neighbours.made.size, routes.made.size, elements.made.size]).toEqual([1, 2, 5]);
  keep("2001:db8:a:8000::", { state: 2 });
  expect([neighbours.changes(), routes.changes()]).toEqual([
    { put: [], drop: [] },
    { put: [], drop: [PREFIX] },
  ]);
  keep("2001:db8:a:8100::", { "user-context": { mhlab: { via: "fe80::1", mac: "02:00:00:00:00:66" } } });
  expect(neighbours.changes()).toEqual({ put: [["fe80::1", "02:00:00:00:00:66"]], drop: [] });
});

test("after the changes are made, nothing is left to do, whatever was there and whatever failed before", () => {
  const keys = integer({ min: 0, max: 9 }).map(String);
  const wishes = array(
    record({ key: keys, who: constantFrom("a", "b"), value: constantFrom<"" | "1" | "2">("1", "2", "") }),
  );
  const there = array(record({ key: keys, value: constantFrom<"1" | "2">("1", "2") }));
  assert(
    property(wishes, there, array(keys), (wanted, found, failing) => {
      const tracked = new Tracked();
      const kernel = new Map<string, string>(found.map(({ key, value }) => [key, value]));
      tracked.assume(kernel);
      const apply = (failed: ReadonlySet<string>): void => {
        const changes = tracked.changes();
        for (const key of changes.drop) if (!failed.has(key)) kernel.delete(key);
        for (const [key, value] of changes.put) if (!failed.has(key)) kernel.set(key, value);
        tracked.done(changes, failed);
      };
      const last = new Map<string, Map<string, string>>();
      for (const { key, who, value } of wanted) {
        const ofKey = last.get(key) ?? new Map<string, string>();
        ofKey.delete(who);
        if (value === "") tracked.unwant(key, who);
        else {
          tracked.want(key, who, value);
          ofKey.set(who, value);
        }
        last.set(key, ofKey);
      }
      apply(new Set(failing));
      apply(new Set());
      const expected = [...last].flatMap(([key, ofKey]) =>
        ofKey.size === 0 ? [] : [[key, [...ofKey.values()].at(-1)] as const],
      );
      expect(kernel).toEqual(new Map(expected));
      expect(tracked.changes()).toEqual({ put: [], drop: [] });
    }),
  );
});

test("faults hold leases that are gone, leave others unrouted, and narrow routes; without them all is as before", () => {
  const none = { unrouted: [], held: [], mtu: {} };
  const other = readLease(lease({ "ip-address": "2001:db8:a:8100::", iaid: 2 }));
  const wanted = (upkeep: Upkeep): Record<string, string> => Object.fromEntries(upkeep.routes.changes().put);
  const upkeep = new Upkeep();
  upkeep.keep("2001:db8:a:8100::/56", other);
  const before = wanted(upkeep);
  expect(before).toEqual({ "2001:db8:a:8100::/56": "fe80::1" });
  const times = { duid: "00:03", iaid: 1, preferredS: 1, validS: 2, expiresAt: "2026-11-24T12:00:00Z" };
  const held = [{ prefix: PREFIX, via: "fe80::2", mac: MAC, ...times }];
  upkeep.impose({ ...none, held, mtu: { down: 1300 } });
  expect(wanted(upkeep)).toEqual({
    [PREFIX]: "fe80::2 mtu lock 1300",
    "2001:db8:a:8100::/56": "fe80::1 mtu lock 1300",
  });
  const unrouted = [parsePrefix6("2001:db8:a:8100::/56")].filter((one) => one !== undefined);
  upkeep.impose({ ...none, held, unrouted });
  expect(wanted(upkeep)).toEqual({ [PREFIX]: "fe80::2" });
  upkeep.impose(none);
  expect(wanted(upkeep)).toEqual(before);
});
