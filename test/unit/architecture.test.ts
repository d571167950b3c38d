/** The house stands as ARCHITECTURE.md says: no circle, no wall walked through, no file without a room. */
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { circles, importsOf, sourceFiles, withoutComments } from "./support/imports.ts";
import { readRooms, roomOf, roomsOfProject, trespasses } from "./support/rooms.ts";

const files = sourceFiles("src");
const rooms = roomsOfProject();

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

  test("a wall walked through", () => {
    const table = [
      "| `src/app/` | use cases | `core/*`, `app/ports` |",
      "| `src/app/ports/`, `src/cli/views/` | … | `core/*` |",
      "| `src/adapters/docker/` | … | `app/ports`, `app/time-limit.ts` |",
    ].join("\n");
    const file = (path: string, ...imports: string[]) => ({ path, text: "", imports, packages: [] });
    expect(
      trespasses(
        [
          file("src/app/up.ts", "src/core/render/plan/diff.ts", "src/core/names.ts", "src/app/ports/lock.ts"),
          file("src/app/up.ts", "src/adapters/docker/reader.ts", "src/coreless/x.ts"),
          file("src/cli/views/table.ts", "src/cli/views/theme.ts", "src/app/up.ts"),
          file("src/adapters/docker/reader.ts", "src/app/time-limit.ts", "src/app/up.ts"),
          file("src/web/page.ts", "src/core/names.ts"),
        ],
        readRooms(table),
      ),
    ).toEqual([
      "src/app/up.ts imports src/adapters/docker/reader.ts",
      "src/app/up.ts imports src/coreless/x.ts",
      "src/cli/views/table.ts imports src/app/up.ts",
      "src/adapters/docker/reader.ts imports src/app/up.ts",
      "src/web/page.ts imports src/core/names.ts",
    ]);
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

test("every import goes where the table of rooms allows", () => {
  expect(trespasses(files, rooms)).toEqual([]);
});

test("every folder of the source has a row in the table of rooms, and every row a folder", () => {
  const folders = [...new Set(files.map(({ path }) => roomOf(path)))].filter((name) => name !== "");
  expect(rooms.map(({ name }) => name).sort()).toEqual(folders.sort());
});

test("every entry of the table is used: nobody may import what nobody does", () => {
  const unused = rooms.flatMap(({ name, mayImport }) => {
    const targets = files.filter(({ path }) => roomOf(path) === name).flatMap(({ imports }) => imports);
    return mayImport
      .filter((entry) => trespassesWithout(name, entry, targets))
      .map((entry) => `${name} may import ${entry}`);
  });
  expect(unused).toEqual([]);
});

/** Whether an entry lets no import through. */
function trespassesWithout(room: string, entry: string, targets: readonly string[]): boolean {
  const one = { path: `src/${room}/x.ts`, text: "", imports: targets, packages: [] };
  const outside = trespasses([one], [{ name: room, mayImport: [] }]);
  return trespasses([one], [{ name: room, mayImport: [entry] }]).length === outside.length;
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
