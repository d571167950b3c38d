import * as fc from "fast-check";
import { expect, test } from "vitest";
import { diffLines } from "../../../../src/cli/views/line-diff.ts";

test("a comparison is the shortest, with its surroundings", () => {
  const text = fc
    .array(fc.constantFrom("a", "b", "c"), { maxLength: 12 })
    .map((lines) => lines.map((line) => `${line}\n`).join(""));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before, after, 99);
      const side = (sign: string): string =>
        lines
          .filter((line) => line.sign !== sign)
          .map((line) => `${line.text}\n`)
          .join("");
      expect([side("+"), side("-")]).toEqual(before === after ? ["", ""] : [before, after]);
    }),
  );
  const signs = (before: string, after: string): string =>
    diffLines(before, after)
      .map(({ sign }) => sign)
      .join("");
  expect([signs("a\nb\nc\n", "b\nc\nd\n"), signs("b\nc\nd\n", "a\nb\nc\n")]).toEqual(["-  +", "+  -"]);
  expect(diffLines("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n", 1)).toEqual([
    { sign: " ", text: "4", line: 4 },
    { sign: "-", text: "5", line: 5 },
    { sign: "+", text: "x", line: 5 },
    { sign: " ", text: "6", line: 6 },
  ]);
  expect(diffLines("1\n2\n3\n", "0\n1\n3\n", 0)).toEqual([
    { sign: "+", text: "0", line: 1 },
    { sign: "skip", text: "", line: 2 },
    { sign: "-", text: "2", line: 2 },
  ]);
});
