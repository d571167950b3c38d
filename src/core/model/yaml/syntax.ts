import {
  isMap,
  isNode,
  isScalar,
  parseDocument,
  visit,
  LineCounter,
  type Document,
  type Node,
  type YAMLError,
} from "yaml";
import type { Diagnostic } from "../diagnostics.ts";
import type { Problem } from "./findings.ts";
import type { FileKind } from "./file-kind.ts";
import { mergeSources, WrittenText, type Span } from "./locate.ts";

/** A file as YAML: a map whose scalars are all text. */
export interface WrittenDocument {
  readonly text: WrittenText;
  readonly document: Document;
  readonly warnings: readonly Diagnostic[];
}

/** Reads the YAML of a file; either a map, or why it is none. */
export function readSyntax(
  written: string,
  { file, kind }: { readonly file: string; readonly kind: FileKind },
): WrittenDocument | { diagnostics: Diagnostic[] } {
  const source = written.replace(/^\uFEFF/, "");
  const lineCounter = new LineCounter();
  // All scalars are text (failsafe): a number's or a flag's reader sees what was written, `0x10` and `no` included.
  const document = parseDocument(source, {
    schema: "failsafe",
    merge: true,
    prettyErrors: false,
    lineCounter,
  });
  const text = new WrittenText({ file, kind }, source, lineCounter);
  const fail = (span: Span, problem: Problem): { diagnostics: Diagnostic[] } => ({
    diagnostics: [text.diagnoseAt(span, problem)],
  });

  // oxlint-disable-next-line no-control-regex -- control characters are what tells a binary file
  const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFD]/.exec(source);
  if (control !== null) {
    return fail([control.index, control.index + 1], {
      code: "MHLAB_LAB_NOT_TEXT",
      message: "this is not a text file",
      hint: `${kind.what} is YAML in UTF-8; ${kind.start}`,
    });
  }
  const errors = document.errors.map((error) => {
    const { span, ...problem } = explain(error, { document, source, kind });
    return text.diagnoseAt(span, problem);
  });
  if (errors.length > 0) return { diagnostics: firstOfEachLine(errors) };
  if (document.contents === null) {
    return fail([0, 1], {
      code: "MHLAB_LAB_EMPTY",
      message: `${kind.what.replace(/^an? /, "the ")} is empty`,
      hint: kind.start,
    });
  }
  if (!isMap(document.contents)) {
    return fail([document.contents.range?.[0] ?? 0, document.contents.range?.[1] ?? 1], {
      code: "MHLAB_LAB_TYPE",
      message: `${kind.what} is a map of keys, this is ${"items" in document.contents ? "a list" : "one piece of text"}`,
      hint: `the first keys are usually ${kind.firstKeys}; ${kind.start}`,
    });
  }
  const unusable = findUnusable(document);
  if (unusable !== undefined) return fail(unusable.span, unusable.problem);
  const warnings = document.warnings.map((warning): Diagnostic => ({
    ...text.diagnoseAt(warning.pos, {
      code: "MHLAB_LAB_SYNTAX",
      message: "the YAML tag (!…) means nothing here",
      hint: "leave it out; it was ignored",
    }),
    severity: "warning",
  }));
  return { text, document, warnings };
}

/** One mistake makes the YAML parser stumble several times in its line. */
function firstOfEachLine(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(
    ({ line }, index) => diagnostics.findIndex((other) => other.line === line) === index,
  );
}

/** An alias of nothing, a key that is no word, a merge of what is no map: yaml accepts them until the values are wanted. */
function findUnusable(document: Document): { span: Span; problem: Problem } | undefined {
  let found: { span: Span; problem: Problem } | undefined;
  const report = (node: Node, message: string, hint: string): symbol => {
    const [start, end] = node.range ?? [0, 1];
    found = { span: [start, end], problem: { code: "MHLAB_LAB_SYNTAX", message, hint } };
    return visit.BREAK;
  };
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return undefined;
      const hint = `mark the value that it repeats with &${alias.source}, further up in the file`;
      return report(alias, `*${alias.source} refers to nothing`, hint);
    },
    Pair(_, { key }) {
      if (isScalar(key) || !isNode(key)) return undefined;
      return report(
        key,
        "a key is one word, this is more",
        "write `key: value`, with a plain word before the colon",
      );
    },
    Map(_, map) {
      if (mergeSources(map, document).every((source) => isMap(source))) return undefined;
      return report(
        map,
        "<< merges something that is not a map",
        "write <<: *name, where &name marks a map of keys",
      );
    },
  });
  return found;
}

function explain(
  error: YAMLError,
  { document, source, kind }: { document: Document; source: string; kind: FileKind },
): Problem & { span: Span } {
  const [start, end] = error.pos;
  if (error.code === "DUPLICATE_KEY") {
    const key = /^["']?([^"':\s]+)/.exec(source.slice(start))?.[1] ?? "a key";
    return {
      code: "MHLAB_LAB_DUPLICATE_KEY",
      message: `${key} is given twice in the same map`,
      hint: "keep one of the two; in a list, each item starts with a dash of its own",
      span: [start, start + key.length],
    };
  }
  const opened = start >= source.trimEnd().length ? findOpened(document, source) : undefined;
  if (opened !== undefined) {
    return {
      code: "MHLAB_LAB_SYNTAX",
      message: `this ${source[opened]} is never closed`,
      hint: "the file ends before its counterpart comes",
      span: [opened, opened + 1],
    };
  }
  const line = source.slice(source.lastIndexOf("\n", start - 1) + 1).split("\n", 1)[0] ?? "";
  return {
    code: "MHLAB_LAB_SYNTAX",
    ...describe(error, { line, at: source.slice(start, end), kind }),
    span: [start, end],
  };
}

const CLOSING: Readonly<Record<string, string>> = { "[": "]", "{": "}", '"': '"', "'": "'" };

/** Where the innermost quote or bracket that is still open at the end of the file was opened. */
function findOpened(document: Document, source: string): number | undefined {
  let opened: number | undefined;
  visit(document, (_, node) => {
    if (!isNode(node)) return;
    const [start, end] = node.range ?? [0, 0];
    const counterpart = CLOSING[source[start] ?? ""];
    const closed = end > start + 1 && source[end - 1] === counterpart;
    if (counterpart !== undefined && !closed && end >= source.trimEnd().length) opened = start;
  });
  return opened;
}

/** The parser's messages speak of its grammar; these speak of what people write. */
function describe(
  error: YAMLError,
  { line, at, kind }: { line: string; at: string; kind: FileKind },
): { message: string; hint: string } {
  if (/\$\{/.test(line) && /[{[].*\$\{/.test(line)) {
    return {
      message: "inside { } and [ ], a variable needs quotes",
      hint: 'write it as "${NAME}", with the quotes',
    };
  }
  if (/\[[0-9A-Fa-f:.]+\]:\d/.test(line)) {
    return {
      message: "an address in brackets needs quotes, since [ ] is a list in YAML",
      hint: 'write it as "[2001:db8::1]:51820", with the quotes',
    };
  }
  if (/:\s*[0-9A-Fa-f:]+:\s*(#.*)?$/.test(line)) {
    return {
      message: "a value that ends with a colon looks like a key",
      hint: "give the address with its length (2001:db8:a::/48), or put it in quotes",
    };
  }
  switch (error.code) {
    case "TAB_AS_INDENT":
      return {
        message: "a tab is used for indentation",
        hint: "indent with spaces; YAML allows no tabs there",
      };
    case "MISSING_CHAR":
      return {
        message: `something is not closed: ${error.message}`,
        hint: "close the quote or the bracket, and put a comma between the items inside { } and [ ]",
      };
    case "MULTIPLE_DOCS":
      return {
        message: "a second YAML document starts here (---)",
        hint: `one file is one ${kind.root.replace(/^the /, "")}: remove the --- line`,
      };
    case "BAD_SCALAR_START":
      return { message: `a value cannot start with ${at}`, hint: "put the value in quotes" };
    case "BLOCK_AS_IMPLICIT_KEY":
      return {
        message: "a key follows in the middle of this value",
        hint: "keys of one map start in the same column (is the next line indented too far?), and a value with a colon in it needs quotes",
      };
    case "BAD_INDENT":
    case "MULTILINE_IMPLICIT_KEY":
    case "UNEXPECTED_TOKEN":
      return {
        message: "this does not fit here",
        hint: "keys of one map start in the same column, `key: value` stands on a line of its own, and a list item starts with `- `",
      };
    default:
      return { message: `this is not YAML: ${error.message}`, hint: kind.start };
  }
}
