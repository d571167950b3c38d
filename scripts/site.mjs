/**
 * Builds the documentation site into site/dist: `npm run docs:site`, or `node scripts/site.mjs dev` to look at it while writing.
 * The pages keep their places, so that their links work here as they do on a forge. A dead link fails the build.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SITE = join(ROOT, "site");
/** A copy of the sources, beside the packages that its pages import. */
const PAGES = join(SITE, "pages");

/** What the site consists of; of folders, Markdown becomes pages, and the rest files to download. */
const SOURCES = [
  "README.md",
  "ARCHITECTURE.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "LICENSE",
  "bench/HISTORY.md",
  "docs",
  "examples",
  "schemas",
];

/** Every file of the sources, by its path from the project's folder. */
function* filesOf(path) {
  if (!statSync(join(ROOT, path)).isDirectory()) yield path;
  else for (const name of readdirSync(join(ROOT, path))) yield* filesOf(posix.join(path, name));
}

/** Where a path of the project is found on the site: READMEs are the pages of their folders. */
const placeOf = (path) => path.replace(/(^|\/)README\.md(?=$|#)/, "$1index.md");

/** A page as the site needs it: links to READMEs lead to the folders' pages, and comments for generators are gone. */
function pageOf(text) {
  let fenced = false;
  const lines = text.split("\n").filter((line) => {
    if (line.startsWith("```")) fenced = !fenced;
    return fenced || !/^<!-- .* -->$/.test(line);
  });
  return lines.join("\n").replaceAll(/(?<=\]\()[^)\s:]+(?=\))/g, placeOf);
}

/** The navigation, from the map in docs/README.md: a section per goal, an entry per link. */
function navigationOf(map) {
  return map
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      text: section.slice(0, section.indexOf("\n")),
      items: [...section.matchAll(/^- \[([^\]]+)\]\(([^)]+)\)/gm)].map(([, text, link]) => ({
        text,
        link: `/${placeOf(posix.join("docs", link)).replace(/(index)?\.md$/, "")}`,
      })),
    }));
}

function prepare() {
  rmSync(PAGES, { recursive: true, force: true });
  for (const path of SOURCES.flatMap((source) => [...filesOf(source)])) {
    const page = path.endsWith(".md");
    const picture = path.endsWith(".png");
    const target = join(PAGES, placeOf(path));
    if (page || picture) mkdirSync(dirname(target), { recursive: true });
    if (page) writeFileSync(target, pageOf(readFileSync(join(ROOT, path), "utf8")));
    if (picture) cpSync(join(ROOT, path), target);
    // What a page shows is bundled; what it links to is served as it is.
    if (!page) cpSync(join(ROOT, path), join(PAGES, "public", path));
  }
  const navigation = navigationOf(readFileSync(join(ROOT, "docs/README.md"), "utf8"));
  writeFileSync(join(PAGES, "site.json"), JSON.stringify({ navigation }));
}

/** VitePress has its own lock file: 100 MB that a user of mhlab does not need. */
function install() {
  const lock = readFileSync(join(SITE, "package-lock.json"), "utf8");
  const stamp = join(SITE, "node_modules/.mhlab-stamp");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1");
  writeFileSync(stamp, lock);
}

/** Runs a program in the site's folder; this one ends when it fails. */
function run(program, ...args) {
  const { status } = spawnSync(program, args, { cwd: SITE, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

const command = process.argv[2] ?? "build";
install();
if (command !== "install") {
  prepare();
  run("node_modules/.bin/vitepress", command, ".");
}
