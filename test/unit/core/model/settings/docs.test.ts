import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withSettingTables } from "../../../../../src/cli/docs-settings.ts";
import { golden, ROOT } from "../lab/golden.ts";

test.each(["docs/lab-file.md", "docs/bng.md"])(
  "the tables of %s are what the settings say (UPDATE_GOLDEN=1 rewrites them)",
  (page) => {
    const made = withSettingTables(readFileSync(join(ROOT, page), "utf8"));
    expect(made).toBe(golden(page, made));
  },
);
