import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renumberingTable, type RenumberedClient } from "../../system/clients/observation.ts";
import { ROOT, UPDATE } from "../core/model/lab/golden.ts";

const PAGE = join(ROOT, "docs/renumbering.md");
const SEEN = join(ROOT, "test/golden/clients/renumbering.json");
const TABLE = /(?<=<!-- from test\/golden\/clients\/renumbering\.json -->\n\n)[^]*?(?=\n<!-- end -->)/;

test("the table of docs/renumbering.md is what the tests saw", () => {
  const table = renumberingTable(JSON.parse(readFileSync(SEEN, "utf8")) as RenumberedClient[]);
  if (UPDATE)
    writeFileSync(
      PAGE,
      readFileSync(PAGE, "utf8").replace(TABLE, () => table),
    );
  expect(TABLE.exec(readFileSync(PAGE, "utf8"))?.[0]).toBe(table);
});
