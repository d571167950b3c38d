import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { commandPages } from "../../../src/cli/docs.ts";
import { checkPages } from "../../../src/cli/docs-check.ts";
import { checkJsonSchema } from "../../../src/core/judge/check/verdict.ts";
import { ERROR_CODES, LAB_CODES, SCENARIO_CODES } from "../../../src/core/model/error-codes.ts";
import { ExitCode, OperationError } from "../../../src/core/model/errors.ts";
import { commands } from "../../../src/cli/commands/registry.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

test("docs/commands is what the command definitions say (vitest -u writes it anew)", async () => {
  const pages = commandPages(commands);
  for (const [name, text] of pages) await expect(text).toMatchFileSnapshot(`${root}/docs/commands/${name}`);
  expect(readdirSync(`${root}/docs/commands`).sort()).toEqual([...pages.keys()].sort());
});

test("docs/check and its schema are what the catalogue says (vitest -u writes them anew)", async () => {
  const pages = checkPages();
  for (const [name, text] of pages) await expect(text).toMatchFileSnapshot(`${root}/docs/check/${name}`);
  expect(readdirSync(`${root}/docs/check`).sort()).toEqual(["README.md", ...pages.keys()].sort());
  const schema = `${JSON.stringify(checkJsonSchema(), undefined, 2)}\n`;
  await expect(schema).toMatchFileSnapshot(`${root}/schemas/check.schema.json`);
});

/** The sections of a page about errors, by code. */
function sectionsOf(page: string): Map<string, string> {
  const text = readFileSync(`${root}/docs/${page}`, "utf8");
  const sections = text.split(/^#{2,3} (?=MHLAB_)/m).slice(1);
  const codes = sections.map((section) => /^\S+/.exec(section)?.[0] ?? "");
  expect(codes).toEqual([...new Set(codes)]);
  return new Map(sections.map((section, index) => [codes[index] ?? "", section]));
}
const ERRORS = sectionsOf("errors.md");
const FILE_ERRORS = sectionsOf("file-errors.md");

test("every error code has a section, and every section a code", () => {
  expect([...ERRORS.keys()].sort()).toEqual(Object.keys(ERROR_CODES).sort());
  expect([...FILE_ERRORS.keys()].sort()).toEqual([...LAB_CODES, ...SCENARIO_CODES].sort());
});

test("each section says what happened and what to do, and with which code the program exits", () => {
  for (const [code, text] of [...ERRORS, ...FILE_ERRORS])
    expect(`${code}\n${text}`).toMatch(/\n\n[^*\n][^]*\n\n\*\*What to do\.\*\* \S/);
  for (const [code, meaning] of Object.entries(ERROR_CODES)) {
    const exit = /Exit\scode\s(\d+)\./.exec(ERRORS.get(code) ?? "")?.[1];
    expect([code, Number(exit)]).toEqual([code, ExitCode[meaning]]);
  }
});

test("the start of the program, which no compiler reads, ends as its codes say", () => {
  const bin = readFileSync(`${root}/bin/mhlab.js`, "utf8");
  const ends = [...bin.matchAll(/error (MHLAB_[A-Z_]+)[^]*?process\.exit\((\d+)\)/g)];
  expect(ends.map(([, code, exit]) => [code, Number(exit)])).toEqual([
    ["MHLAB_NODE", ExitCode[ERROR_CODES.MHLAB_NODE]],
    ["MHLAB_NOT_BUILT", ExitCode[ERROR_CODES.MHLAB_NOT_BUILT]],
  ]);
});

test("the compiler refuses a code that is none, and one that ends the program in another way", () => {
  // @ts-expect-error no such code
  expect(() => new OperationError("MHLAB_NO_SUCH_CODE", "x")).not.toThrow();
  // @ts-expect-error a code of exit 3
  expect(() => new OperationError("MHLAB_NO_ENGINE", "x")).not.toThrow();
});
