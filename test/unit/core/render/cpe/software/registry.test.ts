import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { PROGRAMS } from "../../../../../../src/core/render/confinement/programs.ts";
import { CPE_SOFTWARE } from "../../../../../../src/core/model/lab/cpe-software-names.ts";
import {
  FOREIGN_SOFTWARE,
  foreignSoftware,
} from "../../../../../../src/core/render/cpe/software/registry.ts";
import { golden, ROOT } from "../../../model/lab/golden.ts";

/** Users that Debian's packages make. */
const PACKAGED: ReadonlySet<string> = new Set(["systemd-network", "radvd"]);
const HOME = { wans: ["wan0", "wan1"], lan: "lan0" };
const names = CPE_SOFTWARE.filter((name) => name !== "bundled");

test.each(names)("what %s is configured with is in its golden file", (name) => {
  const text = FOREIGN_SOFTWARE[name]
    .files(HOME)
    .map(({ path, text: content }) => `==> ${path} <==\n${content}`)
    .join("\n");
  expect(text).toBe(golden(`test/golden/cpe-software/${name}.txt`, text));
});

test.each(names)("%s is explained in docs/cpe.md and docs/lab-file.md, and offered by the schema", (name) => {
  const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
  expect(read("docs/cpe.md")).toContain(`\n| \`${name}\` |`);
  expect(read("docs/lab-file.md")).toMatch(new RegExp(`^\\| \`software\` \\|.*\`${name}\``, "m"));
  expect(read("schemas/lab.schema.json")).toContain(`"${name}"`);
});

test.each(names)(
  "the image of %s has the users of its programs, and nothing of it is written elsewhere",
  (name) => {
    const { image, daemons } = FOREIGN_SOFTWARE[name];
    const dockerfile = readFileSync(join(ROOT, `images/${image}/Dockerfile`), "utf8");
    for (const { confinement, argv } of daemons(HOME)) {
      const { user, writes } = PROGRAMS[confinement];
      expect(PACKAGED.has(user) || dockerfile.includes(user)).toBe(true);
      expect(argv.length).toBeGreaterThan(0);
      for (const folder of writes) expect(folder).toMatch(/^\/run\//);
    }
  },
);

test("mhlab's own is none of them", () => {
  expect(foreignSoftware("bundled")).toBeUndefined();
});
