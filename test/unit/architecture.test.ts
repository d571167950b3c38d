/** The source keeps to ARCHITECTURE.md: no import cycle between files or folders, a pure core, tests beside their source. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { circles, importsOf, PROJECT, sourceFiles, withoutComments } from "./support/imports.ts";

const files = sourceFiles("src");

/** Folders of test/unit that mirror none of the source: this file's own, what tests share, and the tests of the pages in docs/. */
const NO_MIRRORS = new Set(["", "/support", "/docs"]);

describe("the tools of this test can see", () => {
  test("every form of an import", () => {
    const text = [
      'import { a } from "./a.ts";',
      'import type { B } from "./b.ts";',
      "import {",
      "  c,",
      "  type D,",
      '} from "./c.ts";',
      'export { e } from "./e.ts";',
      'export * from "./f.ts";',
      'import "./g.ts";',
      'const h = await import("./h.ts");',
      "const i = import(",
      '  "./i.ts"',
      ");",
      '// import { no } from "./comment.ts";',
      '/* import("./comment.ts") */',
      'const url = "http://x"; // import("./comment.ts")',
      "const words = `hint from 'nowhere'`;",
    ].join("\n");
    expect(importsOf(text)).toEqual([
      "./a.ts",
      "./b.ts",
      "./c.ts",
      "./e.ts",
      "./f.ts",
      "./g.ts",
      "./h.ts",
      "./i.ts",
    ]);
  });

  test("a circle, however long", () => {
    const graph = new Map([
      ["a", ["b", "d"]],
      ["b", ["c"]],
      ["c", ["a"]],
      ["d", ["e"]],
      ["e", []],
      ["f", ["f"]],
    ]);
    expect(circles(graph)).toEqual([["a", "b", "c"], ["f"]]);
  });
});

test("every import leads to a file that is there", () => {
  const known = new Set(files.map(({ path }) => path));
  const lost = files.flatMap(({ path, imports }) =>
    imports.filter((target) => !known.has(target)).map((target) => `${path}: ${target}`),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(lost).toEqual([]);
});

test("no file imports itself by way of others, not even a type", () => {
  expect(circles(new Map(files.map(({ path, imports }) => [path, imports])))).toEqual([]);
});

test("no folder imports itself by way of others, not even a type", () => {
  const folders = new Map<string, string[]>();
  for (const { path, imports } of files) {
    const from = dirname(path);
    const others = imports.map((target) => dirname(target)).filter((to) => to !== from);
    folders.set(from, [...(folders.get(from) ?? []), ...others]);
  }
  expect(folders.size).toBeGreaterThan(40);
  expect(circles(folders)).toEqual([]);
});

test("oxlint refuses an import that leads out of a room where ARCHITECTURE.md allows none", () => {
  const { overrides } = JSON.parse(readFileSync(join(PROJECT, ".oxlintrc.json"), "utf8")) as OxlintConfig;
  const rules = overrides.flatMap(({ files: [glob = ""], rules: { "no-restricted-imports": rule } }) =>
    rule === undefined
      ? []
      : [{ room: glob.replace("**", ""), refused: new RegExp(rule[1].patterns[0].regex) }],
  );
  const text = readFileSync(join(PROJECT, "ARCHITECTURE.md"), "utf8");
  const table = [...text.matchAll(/^\| (`src\/.*?) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(src\/[^`]+)`/g)].map(([, room = ""]) => room),
  );
  expect(rules.map(({ room }) => room).sort()).toEqual(table.filter((room) => room !== "src/cli/").sort());
  const refusedBy = (room: string) => rules.find((rule) => rule.room === room)?.refused;
  expect(refusedBy("src/core/model/")?.test("../../render/bng/kea.ts")).toBe(true);
  expect(refusedBy("src/agent/")?.test("../../core/judge/live/view.ts")).toBe(true);
  expect(refusedBy("src/agent/")?.test("../../core/render/bng/kea.ts")).toBe(false);
});

interface OxlintConfig {
  readonly overrides: readonly {
    readonly files: readonly string[];
    readonly rules: {
      readonly "no-restricted-imports"?: readonly [
        string,
        { readonly patterns: readonly [{ readonly regex: string }] },
      ];
    };
  }[];
}

describe("the core", () => {
  const core = files.filter(({ path }) => path.startsWith("src/core/"));

  test("needs three packages and nothing of Node", () => {
    const packages = new Set(core.flatMap((file) => file.packages));
    expect([...packages].sort()).toEqual(["ipaddr.js", "yaml", "zod"]);
  });

  test("reads no clock and throws no dice", () => {
    const impure = core.filter(({ text }) =>
      /\b(?:Date|performance|crypto)\b\s*[.(]|\bMath\.random\b/.test(withoutComments(text)),
    );
    expect(impure.map(({ path }) => path)).toEqual([]);
  });
});

describe("the agent", () => {
  /** The clock itself, and the log, whose lines bear the time at which they are written; nothing is decided by it. */
  const mayRead = new Set(["src/agent/clock.ts", "src/agent/log.ts"]);

  test("is handed its clock and reads none", () => {
    const reading = files.filter(
      ({ path, text }) =>
        path.startsWith("src/agent/") &&
        /\b(?:Date\.now|performance\.now|new Date|process\.(?:hrtime|uptime))\b/.test(withoutComments(text)),
    );
    expect(reading.map(({ path }) => path)).toEqual([...mayRead]);
  });

  test("gets the machine's clock in one place", () => {
    const making = files.filter(({ text }) => /\bsystemClock\(\)/.test(withoutComments(text)));
    expect(making.map(({ path }) => path).sort()).toEqual([
      "src/agent/clock.ts",
      "src/agent/images/bng.ts",
      "src/agent/images/cpe.ts",
      "src/agent/images/internet.ts",
    ]);
  });
});

test("tests lie where the source that they test lies", () => {
  const source = new Set(files.map(({ path }) => dirname(path).slice("src".length)));
  const elsewhere = sourceFiles("test/unit")
    .map(({ path }) => dirname(path).slice("test/unit".length))
    .filter((folder) => !source.has(folder) && !NO_MIRRORS.has(folder));
  expect([...new Set(elsewhere)]).toEqual([]);
});

test("no file is longer than a person can hold", () => {
  const long = [...files, ...sourceFiles("test")].filter(({ text }) => text.split("\n").length > 401);
  expect(long.map(({ path }) => path)).toEqual([]);
});
