/** The fenced blocks of the pages, and what their first line says of them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface Fence {
  /** Of the page, from the project's folder. */
  readonly page: string;
  /** Of the first line. */
  readonly line: number;
  /** `sh`, `yaml`, `text`, …; empty when nothing is said. */
  readonly language: string;
  /** What follows the language. */
  readonly info: string;
  readonly text: string;
}

/** What a fence is to a test. */
export type Block =
  | { readonly kind: "run"; readonly fence: Fence }
  | { readonly kind: "skip"; readonly reason: string; readonly fence: Fence }
  | { readonly kind: "file"; readonly name: string; readonly fence: Fence }
  /** A part of what a command prints; undefined: the block before it. */
  | { readonly kind: "output"; readonly command: string | undefined; readonly fence: Fence }
  | { readonly kind: "picture"; readonly fence: Fence };

/** Pages that people read from top to bottom; those of commands and errors are made or tested elsewhere. */
export function pages(): string[] {
  const under = (folder: string): string[] =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`);
  const examples = readdirSync(join(ROOT, "examples")).map((name) => `examples/${name}/README.md`);
  return ["README.md", "CONTRIBUTING.md", ...under("docs"), ...under("docs/tasks"), ...examples];
}

/** The fences of a page, in order. */
function fencesOf(page: string): Fence[] {
  const lines = readFileSync(join(ROOT, page), "utf8").split("\n");
  const fences: Fence[] = [];
  let open: { line: number; words: string; text: string[] } | undefined;
  for (const [index, line] of lines.entries()) {
    const mark = /^```(.*)$/.exec(line);
    if (mark === null) open?.text.push(line);
    else if (open === undefined) open = { line: index + 2, words: mark[1] ?? "", text: [] };
    else {
      const [, language = "", info = ""] = /^(\S*)\s*(.*)$/.exec(open.words) ?? [];
      fences.push({ page, line: open.line, language, info, text: `${open.text.join("\n")}\n` });
      open = undefined;
    }
  }
  return fences;
}

/** Reads the words of a fence. Throws when they say nothing that is known. */
function blockOf(fence: Fence): Block {
  const { language, info, page, line } = fence;
  const skip = /^no-run because: (.+)$/.exec(info)?.[1];
  const output = /^output(?: of: (.+))?$/.exec(info);
  if (language === "sh" && info === "") return { kind: "run", fence };
  if (language === "sh" && skip !== undefined) return { kind: "skip", reason: skip, fence };
  if (language === "text" && output !== null) return { kind: "output", command: output[1], fence };
  if (language === "yaml" && /^[\w.-]+\.yaml$/.test(info)) return { kind: "file", name: info, fence };
  if (info === "" && ["text", "yaml", ""].includes(language)) return { kind: "picture", fence };
  throw new Error(`${page}:${line}: \`\`\`${language} ${info} is none of the words in CONTRIBUTING.md`);
}

/** All blocks of a page, in order. */
export function blocksOf(page: string): Block[] {
  return fencesOf(page).map(blockOf);
}
