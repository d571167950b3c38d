/** Commands of mhlab in the text of pages: each is one that there is, with options that it has. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commands, groupSummaries } from "../../../src/cli/commands/registry.ts";
import { parseCommandLine } from "../../../src/cli/program.ts";
import { isFaultKind } from "../../../src/core/model/faults/kinds.ts";
import { blocksOf, pages } from "../../docs/fences.ts";
import { ROOT } from "../core/model/lab/golden.ts";

const GROUPS = new Set(Object.keys(groupSummaries));

/** The words of a shell line up to what ends a command; quotes hold words together. */
function wordsOf(line: string): string[] {
  const end = line.search(/ (?:\||\|\||&&|>|;|#) ?/);
  const command = end === -1 ? line : line.slice(0, end);
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}

interface Written {
  readonly page: string;
  readonly words: readonly string[];
}

/** What pages say in their text and in blocks that no test runs. */
function written(page: string): Written[] {
  const text = readFileSync(join(ROOT, page), "utf8").replace(/^```[^]*?^```/gm, "");
  const inline = [...text.matchAll(/`(mhlab [^`]+)`/g)].map(([, command = ""]) =>
    command.replace(/\s+/g, " "),
  );
  const skipped = (page === "ARCHITECTURE.md" ? [] : blocksOf(page)).flatMap((block) =>
    block.kind === "skip" ? block.fence.text.replaceAll("\\\n", " ").split("\n") : [],
  );
  const lines = skipped.map((line) => /(?:^|\b(?:sudo|then) )(mhlab .*)/.exec(line)?.[1] ?? "");
  return [...inline, ...lines.filter((line) => line !== "")].map((line) => ({
    page,
    words: wordsOf(line.replace(/^mhlab /, "")),
  }));
}

/** Parts of a command that a page leaves to its reader. */
const left = (word: string): boolean => /[…<>[\]|]/.test(word) || word === "...";

/** What is wrong with a command; undefined for nothing. */
async function wrongWith(words: readonly string[]): Promise<string | undefined> {
  const own = words.filter((word) => !left(word));
  const named = own.filter((word) => !word.startsWith("-"));
  // A command by its name alone, or a group of commands: the words are what is meant.
  if (named.length === own.length && named.length <= 2) {
    const path = named.join(" ");
    if (GROUPS.has(path) || commands.some((one) => one.path.join(" ") === path)) return undefined;
  }
  try {
    const found = await parseCommandLine(own, {
      definitions: commands,
      groupSummaries,
      version: "0",
      write: () => undefined,
      columns: 80,
    });
    const kind = found?.arguments[0];
    if (found?.definition.path.join(" ") === "fault inject" && typeof kind === "string" && !isFaultKind(kind))
      return `there is no fault ${kind}`;
    return undefined;
  } catch (error) {
    const said = (error as Error).message;
    // A page may leave out what the reader chooses.
    return /missing required argument|argument missing/.test(said) ? undefined : said;
  }
}

test("commands in the text are ones that there are", async () => {
  const all = [...pages(), "ARCHITECTURE.md"].flatMap(written);
  const wrong: string[] = [];
  for (const { page, words } of all) {
    const said = await wrongWith(words);
    if (said !== undefined) wrong.push(`${page}: mhlab ${words.join(" ")}: ${said}`);
  }
  expect(all.length).toBeGreaterThan(200);
  expect(wrong).toEqual([]);
});

test("a command that there is not is found", async () => {
  expect(await wrongWith(["fault", "inject", "alpha", "ra-stop"])).toBe("there is no fault alpha");
  expect(await wrongWith(["exec", "-i", "home-host1", "--", "sh"])).toContain("unknown option");
  expect(await wrongWith(["stauts"])).toContain("unknown command");
  expect(await wrongWith(["fault", "inject", "ra-stop", "alpha", "--for", "3s"])).toBeUndefined();
});
