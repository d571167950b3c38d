import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { commandPages } from "../../../src/cli/docs.ts";
import { ERROR_CODES, LAB_CODES, SCENARIO_CODES } from "../../../src/core/model/error-codes.ts";
import { ExitCode, OperationError } from "../../../src/core/model/errors.ts";
import { commands } from "../../../src/cli/commands/registry.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

test("docs/commands is what the command definitions say (vitest -u writes it anew)", async () => {
  const pages = commandPages(commands);
  for (const [name, text] of pages) await expect(text).toMatchFileSnapshot(`${root}/docs/commands/${name}`);
  expect(readdirSync(`${root}/docs/commands`).sort()).toEqual([...pages.keys()].sort());
});

test("every error code has a page, and every page a code", () => {
  const pages = readdirSync(`${root}/docs/errors`)
    .filter((name) => name !== "README.md")
    .map((name) => name.replace(/\.md$/, ""));
  expect(pages.sort()).toEqual([...Object.keys(ERROR_CODES), ...LAB_CODES, ...SCENARIO_CODES].sort());
});

test("the list of error codes tells how each ends the program", () => {
  const rows = readFileSync(`${root}/docs/errors/README.md`, "utf8").matchAll(
    /^\| \[(MHLAB_[A-Z_]+)\]\(\1\.md\) \| (\d+) \|/gm,
  );
  const told = new Map([...rows].map(([, code = "", exit]) => [code, Number(exit)]));
  for (const [code, meaning] of Object.entries(ERROR_CODES))
    expect([code, told.get(code)]).toEqual([code, ExitCode[meaning]]);
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

test("every page says what happened, why, and what to do", () => {
  for (const name of readdirSync(`${root}/docs/errors`)) {
    if (name === "README.md") continue;
    const text = readFileSync(`${root}/docs/errors/${name}`, "utf8");
    expect(text).toMatch(new RegExp(`^# ${name.replace(/\.md$/, "")}\n`));
    expect(`${name}\n${text}`).toContain("\n## What to do\n");
  }
});
