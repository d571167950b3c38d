/** The source as a graph: which file imports which, type-only and dynamic imports included. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

export const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));

/** An import that stands in a line of code, in every form that this source uses. */
const IMPORTS = [
  /^\s*(?:import|export)\b[^"'`;]*?\bfrom\s*["']([^"']+)["']/gm,
  /^\s*import\s*["']([^"']+)["']/gm,
  /\bimport\(\s*["']([^"']+)["']\s*\)/g,
];

/** Every module that a file names, as it names it. */
export function importsOf(text: string): string[] {
  const code = withoutComments(text);
  return IMPORTS.flatMap((form) => [...code.matchAll(form)].map(([, name = ""]) => name));
}

/** Code without its comments; strings stay. Good for the source of this project, not for any. */
export function withoutComments(text: string): string {
  return text.replace(
    /\/\*[^]*?\*\/|(?<=^|[\s;{}(),])\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g,
    (part) => (part.startsWith("/") ? "" : part),
  );
}

export interface SourceFile {
  /** From the project's folder: `src/core/names.ts`. */
  readonly path: string;
  readonly text: string;
  /** Files of the project, by the same kind of path. */
  readonly imports: readonly string[];
  readonly packages: readonly string[];
}

/** All source files of a folder of the project. */
export function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readSource(posix.join(folder, name)))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(PROJECT, path), "utf8");
  const named = [...new Set(importsOf(text))];
  const own = named.filter((name) => name.startsWith("."));
  return {
    path,
    text,
    imports: own.map((name) => posix.join(dirname(path), name)),
    packages: named.filter((name) => !name.startsWith(".")),
  };
}

/** Groups of files that import each other in a circle (Tarjan's strongly connected components of more than one). */
export function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const visit = (node: string): number => {
    index.set(node, index.size);
    low.set(node, index.get(node) ?? 0);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      const reached = index.has(next) ? (stack.includes(next) ? index.get(next) : undefined) : visit(next);
      if (reached !== undefined) low.set(node, Math.min(low.get(node) ?? 0, reached));
    }
    if (low.get(node) === index.get(node)) {
      const group = stack.splice(stack.indexOf(node));
      if (group.length > 1 || (graph.get(node) ?? []).includes(node)) found.push(group.sort());
    }
    return low.get(node) ?? 0;
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found;
}
