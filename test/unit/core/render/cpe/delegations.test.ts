import { describe, expect, test } from "vitest";

import {
  chosenOf,
  lanAddress,
  lanPrefixText,
  nextDelegations,
  withdraw,
  withoutStrays,
  type Delegation,
} from "../../../../../src/core/render/cpe/delegations.ts";

const leased = (value: string, preferredUntil = 2000, validUntil = 20_000) => [
  { value, preferredUntil, validUntil },
];
const alpha = "2001:db8:a:8000::/56";
const beta = "2001:db8:b:8000::/56";

describe("what the LAN knows of delegations", () => {
  const before = nextDelegations([], [leased(alpha), leased(beta)], 1000);

  test("every present one is active", () => {
    expect(before.map(({ wan, prefix, active }) => [wan, prefix, active])).toEqual([
      [0, alpha, true],
      [1, beta, true],
    ]);
  });

  test("one whose WAN is lost is deprecated at once and valid for two hours at most", () => {
    const after = nextDelegations(before, [[], leased(beta)], 1100);
    expect(after.find(({ prefix }) => prefix === alpha)).toEqual({
      wan: 0,
      prefix: alpha,
      active: false,
      preferredUntil: 1100,
      validUntil: 8300,
    });
    expect(after.find(({ prefix }) => prefix === beta)?.active).toBe(true);
  });

  test("the end of a deprecated one does not move, and it is forgotten then", () => {
    let known: Delegation[] = nextDelegations(before, [[], []], 1100);
    known = nextDelegations(known, [[], []], 5000);
    expect(known.map(({ validUntil }) => validUntil)).toEqual([8300, 8300]);
    expect(nextDelegations(known, [[], []], 8300)).toEqual([]);
  });

  test("a shorter valid lifetime is kept", () => {
    const short = nextDelegations([], [leased(alpha, 1500, 1600)], 1000);
    expect(nextDelegations(short, [[]], 1100)[0]?.validUntil).toBe(1600);
  });

  test("one of another length takes the LAN's /64 over: it is announced once, and stays preferred", () => {
    const shorter = leased("2001:db8:a:8000::/60", 3000, 21_000);
    const after = nextDelegations(before, [shorter, leased(beta)], 1100);
    expect(after.map(({ prefix, active }) => [prefix, active])).toEqual([
      ["2001:db8:a:8000::/60", true],
      [beta, true],
    ]);
  });

  test("one that comes back is active again, not twice there", () => {
    const lost = nextDelegations(before, [[], leased(beta)], 1100);
    const back = nextDelegations(lost, [leased(alpha, 3000, 21_000), leased(beta)], 1200);
    expect(back).toHaveLength(2);
    expect(back[0]).toEqual({
      wan: 0,
      prefix: alpha,
      active: true,
      preferredUntil: 3000,
      validUntil: 21_000,
    });
  });

  test("what the lab file takes from a provider is forgotten when it ends, and until then it is in use", () => {
    const told = withdraw(before, new Map([[0, undefined]]));
    const still = nextDelegations(told, [leased(alpha), leased(beta)], 1100);
    expect(still.map(({ prefix, active }) => [prefix, active])).toEqual([
      [alpha, true],
      [beta, true],
    ]);
    const gone = nextDelegations(still, [[], leased(beta)], 1200);
    expect(gone.map(({ prefix }) => prefix)).toEqual([beta]);
    const lingering = nextDelegations(before, [[], leased(beta)], 1100);
    expect(withdraw(lingering, new Map([[0, undefined]])).map(({ prefix }) => prefix)).toEqual([beta]);
    // What the same provider delegates afterwards lingers again as it should.
    const back = nextDelegations(gone, [leased(alpha), leased(beta)], 1300);
    expect(nextDelegations(back, [[], leased(beta)], 1400).map(({ prefix }) => prefix)).toEqual([
      beta,
      alpha,
    ]);
  });

  test("what the lab file gives to a provider that has delegated of it already stays as it is", () => {
    const pools = new Map([[0, "2001:db8:a:8000::/49/56"]]);
    expect(withdraw(before, pools)).toEqual(before);
    expect(withdraw(before, new Map([[0, "2001:db8:a:8000::/49/60"]]))[0]?.withdrawn).toBe(true);
  });

  test("what lingers of other pools than the lab file's is forgotten; what is in use is not", () => {
    const after = nextDelegations(before, [leased("2001:db8:c:8000::/56"), []], 1100);
    const pools = new Map([
      [0, "2001:db8:c:8000::/49/56"],
      [1, "2001:db8:b:8000::/49/56"],
    ]);
    expect(withoutStrays(after, pools).map(({ prefix }) => prefix)).toEqual(["2001:db8:c:8000::/56", beta]);
    expect(withoutStrays(before, new Map([[0, "2001:db8:d:8000::/49/56"]]))).toEqual(before);
  });

  test("a deprecated one that is leased beside the new one is in use, and hosts choose the new one", () => {
    const after = nextDelegations(
      before,
      [[...leased("2001:db8:c:8000::/56"), ...leased(alpha, 0)], leased(beta)],
      1100,
    );
    expect(after.map(({ prefix, active, preferredUntil }) => [prefix, active, preferredUntil])).toEqual([
      ["2001:db8:c:8000::/56", true, 2000],
      [alpha, true, 0],
      [beta, true, 2000],
    ]);
    expect(chosenOf(after, 0)?.prefix).toBe("2001:db8:c:8000::/56");
  });

  test("a replaced one lingers beside the new one (RFC 7084 L-13)", () => {
    const after = nextDelegations(before, [leased("2001:db8:c:8000::/56"), leased(beta)], 1100);
    expect(after.map(({ prefix, active }) => [prefix, active])).toEqual([
      ["2001:db8:c:8000::/56", true],
      [beta, true],
      [alpha, false],
    ]);
  });

  test("an expired lease is none", () => {
    expect(nextDelegations([], [leased(alpha, 900, 1000)], 1000)).toEqual([]);
  });
});

test("the LAN takes subnet 1 of a delegation, or all of a /64", () => {
  expect(lanPrefixText("2001:db8:a:8000::/56")).toBe("2001:db8:a:8001::/64");
  expect(lanPrefixText("2001:db8:a:8000::/64")).toBe("2001:db8:a:8000::/64");
  expect(lanAddress("2001:db8:a:80f0::/60")).toBe("2001:db8:a:80f1::1");
});
