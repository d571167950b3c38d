/** Every link of the pages leads to a file and, with an anchor, to a heading; and the map in docs/README.md has every page. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../core/model/lab/golden.ts";

function pagesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? pagesBelow(path) : path.endsWith(".md") ? [path] : [];
  });
}
const TOP = readdirSync(ROOT).filter((name) => name.endsWith(".md"));
const PAGES = [...TOP, "bench/HISTORY.md", ...pagesBelow("docs"), ...pagesBelow("examples")];

/** A page without what stands in fences and code. */
const proseOf = (page: string): string =>
  readFileSync(join(ROOT, page), "utf8").replaceAll(/^```[^]*?^```/gm, "");

/** The anchors that forges give to headings. */
function anchorsOf(page: string): Set<string> {
  const headings = proseOf(page).matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, text = ""]) =>
      text
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
        .trim()
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(/\s/g, "-"),
    ),
  );
}

/** What is wrong with a link of a page; undefined: nothing. */
function wrongWith(page: string, link: string): string | undefined {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, target))) return `${page}: ${link}: no such file`;
  if (statSync(join(ROOT, target)).isDirectory()) return `${page}: ${link}: a folder, not a page`;
  if (anchor !== undefined && !anchorsOf(target).has(anchor)) return `${page}: ${link}: no such heading`;
  return undefined;
}

test.each([
  ["no-such-page.md", "no such file"],
  ["docs/errors.md#mhlab_no_such_code", "no such heading"],
  ["docs", "a folder, not a page"],
])("a dead link is found: %s", (link, problem) => {
  expect(wrongWith("README.md", link)).toContain(problem);
});

test("every link leads somewhere", () => {
  const links = PAGES.flatMap((page) =>
    [
      ...proseOf(page)
        .replaceAll(/`[^`]*`(?!\])/g, "")
        .matchAll(/\]\(([^)\s]+)\)/g),
    ].map(([, link = ""]) => [page, link] as const),
  );
  const inside = links.filter(([, link]) => !/^[a-z]+:/.test(link));
  expect(inside.length).toBeGreaterThan(200);
  expect(inside.flatMap(([page, link]) => wrongWith(page, link) ?? [])).toEqual([]);
});

test("the map names every page", () => {
  const map = readFileSync(join(ROOT, "docs/README.md"), "utf8");
  const named = new Set([...map.matchAll(/\]\(([^)]+)\)/g)].map(([, link = ""]) => join("docs", link)));
  const pages = pagesBelow("docs").filter(
    (page) => !/^docs\/(README|commands\/(?!README).*)\.md$/.test(page),
  );
  expect(pages.filter((page) => !named.has(page))).toEqual([]);
});
