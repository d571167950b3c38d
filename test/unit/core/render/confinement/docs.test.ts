import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withSecurityTables } from "../../../../../src/cli/docs-security.ts";
import { SECCOMP_PROFILE } from "../../../../../src/core/render/confinement/seccomp.ts";
import { golden, ROOT } from "../../model/lab/golden.ts";

test("the tables of docs/security.md are what the records say (UPDATE_GOLDEN=1 rewrites them)", () => {
  const made = withSecurityTables(readFileSync(join(ROOT, "docs/security.md"), "utf8"));
  expect(made).toBe(golden("docs/security.md", made));
  expect(made).toContain("| kea | `_kea` |");
});

test("the published profile is the one that nodes get", () => {
  const made = `${JSON.stringify(JSON.parse(SECCOMP_PROFILE), null, 2)}\n`;
  expect(made).toBe(golden("schemas/seccomp.json", made));
});
