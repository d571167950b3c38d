import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { manPage } from "../../../src/cli/man.ts";
import { commands } from "../../../src/cli/commands/registry.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

test("man/mhlab.1 is what the command definitions say (vitest -u writes it anew)", async () => {
  await expect(manPage(commands)).toMatchFileSnapshot(`${root}/man/mhlab.1`);
});

test("every line is a known request or text that troff leaves alone", () => {
  for (const line of manPage(commands).split("\n")) {
    expect(line).toMatch(/^(\.(TH|nh|ad|SH|SS|PP|TP|B|I|BR|RI)( |$)|\.\\"|[^.'].*$|\\&|$)/);
    // eslint-disable-next-line no-control-regex -- the page is for every terminal
    expect(line).toMatch(/^[\u0000-\u007f]*$/);
  }
});

test("the page is part of the package, and npm installs it", () => {
  const { man, files } = JSON.parse(readFileSync(`${root}/package.json`, "utf8")) as {
    man: string;
    files: string[];
  };
  expect(man).toBe("man/mhlab.1");
  expect(files).toContain("man");
});
