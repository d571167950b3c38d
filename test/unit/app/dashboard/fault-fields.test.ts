/** The form that injects a fault: what it asks for, and that each default is what its field can hold. */
import { expect, test } from "vitest";
import { injectable } from "../../../../src/app/dashboard/fault-fields.ts";
import type { Field } from "../../../../src/app/dashboard/field.ts";
import { FAULT_KINDS } from "../../../../src/core/model/faults/kinds.ts";

const kinds = injectable();
const fields = kinds.flatMap(({ value, fields: own = {} }) =>
  Object.entries(own).map(([name, field]) => [`${value} ${name}`, field] as const),
);

test("kinds are in the order of the catalogue, each family once, without the kind that reads a file", () => {
  expect(kinds.map(({ value }) => value)).toEqual(FAULT_KINDS.filter((kind) => kind !== "line-trace"));
  const groups = kinds.map(({ group }) => group);
  expect(groups.filter((group, index) => group !== groups[index - 1])).toEqual([...new Set(groups)]);
});

/** Whether a field can hold its default; one without a default can. */
function holdsDefault({ input, default: usual }: Field): boolean {
  if (usual === undefined || input === undefined || input.as === "text") return true;
  if (input.as === "word") return input.words.includes(usual);
  const [, count, unit] = /^([\d.]+)([a-z%]*)$/.exec(usual) ?? [];
  return input.units.some((one) => one.unit === unit && Number(count) >= one.min && Number(count) <= one.max);
}

test("each field can hold its default", () => {
  expect(fields.length).toBeGreaterThan(30);
  expect(fields.filter(([, field]) => !holdsDefault(field)).map(([name]) => name)).toEqual([]);
});
