/** The file that holds the document of a node, and what is wrong with one in words. */
import * as z from "zod";
import { toDocument, type DocumentProblem, type NodeDocument } from "../document.ts";
import type { FileKind } from "./file-kind.ts";
import { formatPath, type Finding } from "./findings.ts";
import { explainIssues } from "./issues.ts";
import { place, toPlain } from "./plain.ts";
import { readSyntax, type WrittenDocument } from "./syntax.ts";

/** What is said of a kind of document. */
export function nodeFile(what: string, root: string, firstKeys: string): FileKind {
  return {
    what,
    root,
    firstKeys,
    start: "docs/bng.md has an example",
    page: "docs/bng.md",
    unset: (name) => ({ message: `the variable ${name} is not set`, hint: "write the value itself" }),
    code: (code) => code,
  };
}

/** A document as its file has it: with the place of each value. */
export interface WrittenNode {
  readonly document: NodeDocument;
  readonly written: WrittenDocument;
}

/** Reads the text of a document's file; YAML, of which JSON is a part. Otherwise every problem as one line. */
export function readNodeFile(
  text: string,
  file: string,
  kind: FileKind,
): WrittenNode | { problems: string[] } {
  const written = readSyntax(text, { file, kind });
  if ("diagnostics" in written) return { problems: written.diagnostics.map(lineOf) };
  const plain = toPlain(written);
  if ("diagnostics" in plain) return { problems: plain.diagnostics.map(lineOf) };
  return { document: toDocument(plain.value as object), written };
}

/** A problem of a document as one line: with its place in the file, or where it has none its path. */
export function sayProblem(problem: DocumentProblem, node: WrittenNode | undefined): string {
  const finding: Finding = { code: "MHLAB_LAB_TYPE", ...problem };
  const [diagnostic] = node === undefined || problem.path.length === 0 ? [] : place(node.written, [finding]);
  if (diagnostic !== undefined) return lineOf(diagnostic);
  const at = formatPath(problem.path);
  return `${at === "" ? "" : `${at}: `}${problem.message}; ${problem.hint}`;
}

function lineOf(diagnostic: {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
}): string {
  const { file, line, column, message, hint } = diagnostic;
  return `${file}:${line}:${column}: ${message}${hint === undefined ? "" : `; ${hint}`}`;
}

/** Reads a document by its schema; otherwise everything that is wrong, in the words of lab files. */
export function checkDocument<T>(
  schema: z.ZodType<T>,
  document: NodeDocument,
  kind: FileKind,
): { config: T; problems?: never } | { config?: never; problems: Finding[] } {
  const checked = schema.safeParse(document);
  if (checked.success) return { config: checked.data };
  const json = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
  return { problems: explainIssues(checked.error.issues, { data: document, schema: json, kind }) };
}
