import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Document,
  type LineCounter,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";
import type { Diagnostic } from "../diagnostics.ts";
import type { FileKind } from "./file-kind.ts";
import { formatPath, type Finding, type Path, type Problem } from "./findings.ts";

/** Start and end in the text. */
export type Span = readonly [start: number, end: number];

const KEY_VALUE =
  /((?:^|[\s{,])["']?(?:peer|[a-z-]*key)["']?:[ \t]+)(?!["']?\$\{)("[^"\n]*"?|'[^'\n]*'?|[^\s,}#]+)/gim;
const LONG_BASE64 = /[A-Za-z0-9+/]{40,}=*/g;

/** The text with every character of a key replaced, so that a source line can be shown. */
function maskKeys(text: string): string {
  return text
    .replaceAll(KEY_VALUE, (_, before: string, key: string) => before + "*".repeat(key.length))
    .replaceAll(LONG_BASE64, (key) => "*".repeat(key.length));
}

/** A file's text, and the places of what is in it. */
export class WrittenText {
  readonly #file: string;
  readonly #kind: FileKind;
  readonly #lines: readonly string[];
  readonly #lineCounter: LineCounter;

  constructor(
    { file, kind }: { readonly file: string; readonly kind: FileKind },
    text: string,
    lineCounter: LineCounter,
  ) {
    this.#file = file;
    this.#kind = kind;
    this.#lines = maskKeys(text).split("\n");
    this.#lineCounter = lineCounter;
  }

  /** The diagnostic of a problem at a span of the text; the caret stays on the first line. */
  diagnoseAt([start, end]: Span, problem: Problem, path: Path = []): Diagnostic {
    const { line, col } = this.#lineCounter.linePos(start);
    const sourceLine = (this.#lines[Math.max(line, 1) - 1] ?? "").replace(/\r$/, "");
    const column = Math.max(1, Math.min(col, sourceLine.length + 1));
    return {
      code: this.#kind.code(problem.code),
      severity: "error",
      message: problem.message,
      file: this.#file,
      line: Math.max(line, 1),
      column,
      length: Math.max(1, Math.min(end - start, sourceLine.trimEnd().length - column + 1)),
      sourceLine,
      path: formatPath(path),
      hint: problem.hint,
    };
  }

  /** The diagnostic of a finding, placed by its path in the document. */
  diagnose(document: Document, finding: Finding): Diagnostic {
    return this.diagnoseAt(spanOf(document, finding), finding, finding.path);
  }
}

/** Follows an alias to what it stands for. */
function resolveAlias(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

/** The text of a key; undefined for a key that is not a plain word. yaml gives `<<` as a symbol. */
export function keyText({ key }: Pair): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === "symbol" ? key.value.description : String(key.value);
}

/** What a map merges by `<<`: aliases followed, lists opened. */
export function mergeSources(map: YAMLMap, document: Document): unknown[] {
  return map.items
    .filter((pair) => keyText(pair) === "<<")
    .map((pair) => resolveAlias(pair.value, document))
    .flatMap((node) => (isSeq(node) ? node.items.map((item) => resolveAlias(item, document)) : [node]));
}

function findPair(map: unknown, key: string | number, document: Document): Pair | undefined {
  if (!isMap(map)) return undefined;
  const own = map.items.find((pair) => keyText(pair) === key);
  if (own !== undefined) return own;
  return mergeSources(map, document)
    .filter((node) => node !== map)
    .map((node) => findPair(node, key, document))
    .find((pair) => pair !== undefined);
}

function spanOf(document: Document, { path, on }: Finding): Span {
  let span: Span = spanOfNode(document.contents) ?? [0, 1];
  let node: unknown = document.contents;
  for (const [index, step] of path.entries()) {
    const container = resolveAlias(node, document);
    const pair = findPair(container, step, document);
    const keySpan = spanOfNode(pair?.key);
    node = isSeq(container) && typeof step === "number" ? container.items[step] : pair?.value;
    const wanted = index === path.length - 1 && on === "key" ? keySpan : (spanOfNode(node) ?? keySpan);
    if (wanted === undefined) return span;
    span = wanted;
  }
  return span;
}

function spanOfNode(node: unknown): Span | undefined {
  if (isMap(node) && !node.flow) return spanOfNode(node.items[0]?.key);
  if (isSeq(node) && !node.flow) return spanOfNode(node.items[0]);
  const range = hasRange(node) ? node.range : undefined;
  return range && range[1] > range[0] ? [range[0], range[1]] : undefined;
}

function hasRange(node: unknown): node is Node {
  return isScalar(node) || isAlias(node) || isMap(node) || isSeq(node);
}
