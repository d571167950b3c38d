import { expect, test } from "vitest";
import { parseFaults } from "../../../../src/core/faults/kept.ts";

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
  ["an unknown kind", [{ ...FAULT, kind: "ra-dance" }], /kind of fault alpha-1 is 'ra-dance'/],
  ["an unknown direction", [{ ...FAULT, direction: "left" }], /direction of fault alpha-1/],
  ["no beginning", [{ ...FAULT, since: "yesterday" }], /beginning of fault alpha-1 is 'yesterday'/],
  ["a wrong end", [{ ...FAULT, endsAt: 7 }], /end of fault alpha-1 is '7'/],
  ["a wrong option", [{ ...FAULT, options: { mtu: "1" } }], /option mtu of fault alpha-1 is '1'/],
  ["an unknown option", [{ ...FAULT, options: { mood: "bad" } }], /option mood of fault alpha-1/],
])("%s does not pass for no fault", (_, value, message) => {
  expect(() => parseFaults(value)).toThrow(message);
});
