import { expect, test } from "vitest";
import { parseFaults } from "../../../../../src/core/model/faults/injection.ts";

const FAULT = {
  id: "alpha-1",
  kind: "ra-mtu-lie",
  direction: "down",
  options: { mtu: "9000" },
  since: "2026-11-24T12:00:00.000Z",
};

test("faults are read as they were kept; keys of later versions are left out", () => {
  const ending = { ...FAULT, id: "alpha-2", endsAt: "2026-11-24T12:00:05.250Z" };
  expect(parseFaults([{ ...FAULT, mood: "bad" }, ending])).toEqual([FAULT, ending]);
});

test.each([
  ["none at all", "faults", /not a list/],
  ["no object", [7], /has no id/],
  ["an unknown kind", [{ ...FAULT, kind: "ra-dance" }], /fault alpha-1: there is no fault 'ra-dance'/],
  [
    "an unknown direction",
    [{ ...FAULT, direction: "left" }],
    /fault alpha-1: the direction of ra-mtu-lie cannot be 'left'/,
  ],
  ["no beginning", [{ ...FAULT, since: "yesterday" }], /fault alpha-1: its beginning is no time/],
  ["a wrong end", [{ ...FAULT, endsAt: 7 }], /fault alpha-1: its end is no time/],
  ["a wrong option", [{ ...FAULT, options: { mtu: "1" } }], /fault alpha-1: mtu of ra-mtu-lie is '1'/],
  [
    "an unknown option",
    [{ ...FAULT, options: { mood: "bad" } }],
    /fault alpha-1: ra-mtu-lie has no option 'mood'/,
  ],
])("%s does not pass for no fault", (_, value, message) => {
  expect(() => parseFaults(value)).toThrow(message);
});
