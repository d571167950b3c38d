import { expect, test } from "vitest";
import { isRenumbered, prefixesExplain } from "../../../../../src/core/model/renumbering/explain.ts";

const A = { prefix: "2001:db8:a::/48", state: "current" } as const;
const B = { prefix: "2001:db8:b::/48", state: "current" } as const;

test("a provider is renumbered while it has several prefixes, or another than its lab file says", () => {
  expect(isRenumbered([A], {})).toBe(false);
  expect(isRenumbered([B], { prefixes: [B] })).toBe(true);
  expect(isRenumbered([B, { ...A, state: "deprecated" }], {})).toBe(true);
});

test("a CPE with a delegation of a dead prefix does not reach anything, and no other trouble of it comes of that", () => {
  const explains = (code: string, delegated: string | null, former?: "deprecated" | "withdrawn"): boolean =>
    prefixesExplain(
      code,
      {
        prefixes: former === undefined ? [B] : [B, { ...A, state: former }],
        override: {},
        delegations: [{ prefix: "2001:db8:a:8000::/56" }, { prefix: "2001:db8:b:8000::/56" }],
      },
      delegated,
    );
  expect(explains("unreachable", "2001:db8:a:8000::/56")).toBe(true);
  expect(explains("unreachable", "2001:db8:a:8000::/56", "withdrawn")).toBe(true);
  expect(explains("unreachable", "2001:db8:a:8000::/56", "deprecated")).toBe(false);
  expect(explains("unreachable", "2001:db8:b:8000::/56")).toBe(false);
  expect(explains("unreachable", null)).toBe(false);
  expect(explains("no-router", "2001:db8:a:8000::/56")).toBe(false);
});

test("without a prefix there is no router, no delegation and no address; of a silent agent nothing is known", () => {
  const none = [{ ...A, state: "withdrawn" as const }];
  expect(
    ["no-router", "no-delegation", "no-address", "unreachable", "daemon-down"].map((code) =>
      prefixesExplain(code, { prefixes: none, override: {}, delegations: [] }, null),
    ),
  ).toEqual([true, true, true, true, false]);
  expect(prefixesExplain("no-router", { prefixes: [], override: {}, delegations: [] }, null)).toBe(false);
});

test("whoever holds a delegation that ended before the provider came back to its prefix reaches nothing until it asks again", () => {
  const held = "2001:db8:b:8000::/56";
  const back = (delegations: string[], prefixes?: object[]): boolean =>
    prefixesExplain(
      "unreachable",
      { prefixes: [B], override: { prefixes }, delegations: delegations.map((prefix) => ({ prefix })) },
      held,
    );
  expect(back([], [B])).toBe(true);
  expect(back([held], [B])).toBe(false);
  expect(back([])).toBe(false);
});
