import * as fc from "fast-check";
import { expect, test } from "vitest";
import { suggest } from "../../../../../src/core/model/values/suggest.ts";

const KEYS = [
  "name",
  "prefix",
  "delegation",
  "dns",
  "dns-search",
  "source-validation",
  "router-advertisement",
];

test.each([
  ["delegaton", "delegation"],
  ["prefxi", "prefix"],
  ["dns_search", "dns-search"],
  ["sourceValidation", "source-validation"],
  ["DNS", "dns"],
  ["routeradvertisment", "router-advertisement"],
  ["colour", undefined],
  ["", undefined],
])("%s means %s", (word, meant) => {
  expect(suggest(word, KEYS)).toBe(meant);
});

test("a word with two neighbours swapped is found", () => {
  fc.assert(
    fc.property(fc.constantFrom(...KEYS), fc.nat(), (key, seed) => {
      const at = seed % (key.length - 1);
      const typed = key.slice(0, at) + key.charAt(at + 1) + key.charAt(at) + key.slice(at + 2);
      expect(suggest(typed, KEYS)).toBe(key);
    }),
  );
});

test("an endless word costs no time", () => {
  expect(suggest("x".repeat(1_000_000), KEYS)).toBeUndefined();
});
