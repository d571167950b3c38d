import { expect, test } from "vitest";
import { EchoLoss } from "../../../../../src/core/model/status/echo-loss.ts";

function after(echoes: string, downAfter?: number): number | null {
  const loss = new EchoLoss(downAfter);
  for (const echo of echoes) loss.add(echo === "!");
  return loss.percent;
}

test("echoes before the first answer do not count: a lab that has just come up loses nothing", () => {
  expect([after(""), after("...."), after("....!"), after("....!!!")]).toEqual([null, null, 0, 0]);
});

test("after the first answer the last twenty count", () => {
  expect([after("!."), after("!...!!"), after(`!${".".repeat(19)}`), after(`!${".".repeat(20)}`)]).toEqual([
    50, 50, 95, 100,
  ]);
  expect(after(`..!.${"!".repeat(20)}`)).toBe(0);
});

test("a path that never answers is down after so many, and begins at 0 when it answers", () => {
  expect([after(".........", 10), after("..........", 10), after("............!", 10)]).toEqual([
    null,
    100,
    0,
  ]);
});
