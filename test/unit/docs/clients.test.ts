import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { observationTable, type Observation } from "../../system/clients/observation.ts";
import { ROOT, UPDATE } from "../core/model/lab/golden.ts";

const PAGE = join(ROOT, "docs/clients.md");
const SEEN = join(ROOT, "test/golden/clients/observations.json");
const TABLE = /(?<=<!-- from test\/golden\/clients -->\n\n)[^]*?(?=\n<!-- end -->)/;

test("the table of docs/clients.md is what the tests saw", () => {
  const table = observationTable(JSON.parse(readFileSync(SEEN, "utf8")) as Observation[]);
  if (UPDATE)
    writeFileSync(
      PAGE,
      readFileSync(PAGE, "utf8").replace(TABLE, () => table),
    );
  expect(TABLE.exec(readFileSync(PAGE, "utf8"))?.[0]).toBe(table);
});
