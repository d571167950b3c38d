import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { commandPages } from "../../../src/cli/docs.ts";
import { commands } from "../../../src/commands/registry.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

test("docs/commands is what the command definitions say (vitest -u writes it anew)", async () => {
  const pages = commandPages(commands);
  for (const [name, text] of pages) await expect(text).toMatchFileSnapshot(`${root}/docs/commands/${name}`);
  expect(readdirSync(`${root}/docs/commands`).sort()).toEqual([...pages.keys()].sort());
});

/** Every code in the source outside the agent, which has its own words. */
function codesInSource(): Set<string> {
  const files = readdirSync(`${root}/src`, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.parentPath.includes("/src/agent"),
  );
  const text = files.map(({ parentPath, name }) => readFileSync(`${parentPath}/${name}`, "utf8")).join("\n");
  const bin = readFileSync(`${root}/bin/mhlab.js`, "utf8");
  const codes = [...`${text}\n${bin}`.matchAll(/(?:"|\berror )(MHLAB_[A-Z_]+)\b/g)].map(
    ([, code]) => code ?? "",
  );
  return new Set(codes.filter((code) => !VARIABLES.has(code) && !code.endsWith("_")));
}

/** Environment variables, which look like codes. */
const VARIABLES = new Set([
  "MHLAB_CACHE_DIR",
  "MHLAB_SANDBOX",
  "MHLAB_SANDBOX_DIR",
  "MHLAB_SANDBOX_ROOT",
  "MHLAB_STATE_DIR",
  "MHLAB_VERBOSE",
]);

test("every error code has a page, and every page a code", () => {
  const pages = readdirSync(`${root}/docs/errors`)
    .filter((name) => name !== "README.md")
    .map((name) => name.replace(/\.md$/, ""));
  expect(pages.sort()).toEqual([...codesInSource()].sort());
});

test("every page says what happened, why, and what to do", () => {
  for (const name of readdirSync(`${root}/docs/errors`)) {
    if (name === "README.md") continue;
    const text = readFileSync(`${root}/docs/errors/${name}`, "utf8");
    expect(text).toMatch(new RegExp(`^# ${name.replace(/\.md$/, "")}\n`));
    expect(`${name}\n${text}`).toContain("\n## What to do\n");
  }
});
