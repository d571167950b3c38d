import { expect, test } from "vitest";
import { schemaFor } from "../../../src/cli/schema-place.ts";

test.each([
  ["in a clone", "/home/a/mhlab/examples/mine", "/home/a/mhlab/", "../../schemas/lab.schema.json"],
  ["in its root", "/home/a/mhlab", "/home/a/mhlab/", "schemas/lab.schema.json"],
  [
    "in a project that has mhlab",
    "/home/a/desk/labs",
    "/home/a/desk/node_modules/mhlab/",
    "../node_modules/mhlab/schemas/lab.schema.json",
  ],
  ["elsewhere", "/home/a/labs", "/home/a/mhlab/", "lab.schema.json"],
  ["beside a folder of the same beginning", "/home/a/mhlab-labs", "/home/a/mhlab/", "lab.schema.json"],
  ["with mhlab for all users", "/home/a/labs", "/usr/lib/node_modules/mhlab/", "lab.schema.json"],
])("%s: no path of this machine", (_, folder, mhlab, expected) => {
  expect(schemaFor(folder, mhlab)).toBe(expected);
});
