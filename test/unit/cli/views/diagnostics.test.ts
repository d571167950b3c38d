import { expect, test } from "vitest";
import type { Diagnostic } from "../../../../src/core/model/diagnostics.ts";
import { formatDiagnostics } from "../../../../src/cli/views/diagnostics.ts";

const diagnostic = (over: Partial<Diagnostic>): Diagnostic => ({
  code: "MHLAB_LAB_PREFIX_OVERLAP",
  severity: "error",
  message: "beta's prefix overlaps alpha's",
  file: "lab.yaml",
  line: 9,
  column: 13,
  length: 15,
  sourceLine: "    prefix: 2001:db8:a::/48",
  path: "providers[1].prefix",
  hint: "take another",
  ...over,
});
const plain = (over: Partial<Diagnostic>): string => formatDiagnostics([diagnostic(over)], { colour: false });

/** Terminal column at which the first caret stands, and at which a text starts. */
const caretColumn = (screen: string): number => (screen.split("\n")[3] ?? "").indexOf("^");

test("shows code, message, place, line, caret and hint", () => {
  expect(plain({})).toBe(
    [
      "error MHLAB_LAB_PREFIX_OVERLAP  beta's prefix overlaps alpha's",
      "  lab.yaml:9:13",
      "  9 |     prefix: 2001:db8:a::/48",
      "    |             ^^^^^^^^^^^^^^^",
      "  hint: take another",
      "",
    ].join("\n"),
  );
});

test("separates several by a blank line, and nothing gives nothing", () => {
  const two = formatDiagnostics([diagnostic({}), diagnostic({ line: 10, severity: "warning" })], {
    colour: false,
  });
  expect(two.split("\n\n")).toHaveLength(2);
  expect(two).toContain("\n\nwarning MHLAB");
  expect(two).toContain("  10 |     prefix");
  expect(formatDiagnostics([], { colour: false })).toBe("");
});

test("colours only when asked", () => {
  const coloured = formatDiagnostics([diagnostic({})], { colour: true });
  expect(coloured).toContain("\u001B[31m");
  // oxlint-disable-next-line no-control-regex -- removes colours
  expect(coloured.replaceAll(/\u001B\[\d+m/g, "")).toBe(plain({}));
});

test("a tab before the caret counts as the spaces that it is shown as", () => {
  const screen = plain({ sourceLine: "\t\tprefix: x", column: 11, length: 1 });
  expect(screen.split("\n")[2]).toBe("  9 |         prefix: x");
  expect(caretColumn(screen)).toBe((screen.split("\n")[2] ?? "").lastIndexOf("x"));
});

test.each([
  ["wide characters", "日本: x", 5, 4 + 2],
  ["a combining mark", "e\u0301: x", 5, 1 + 2],
  ["an emoji", "😀: x", 5, 2 + 2],
  ["full-width forms", "ＡＢ: x", 5, 4 + 2],
])("%s before the caret take the columns that a terminal gives them", (_, sourceLine, column, before) => {
  expect(caretColumn(plain({ sourceLine, column, length: 1 }))).toBe("  9 | ".length + before);
});

test("a wide value is underlined as wide as it is", () => {
  expect(plain({ sourceLine: "a: 日本", column: 4, length: 2 }).split("\n")[3]).toBe("    |    ^^^^");
});

test("a long line is cut around what is wrong", () => {
  const [, , line = "", caret = ""] = plain({
    sourceLine: `${"a".repeat(500)}XY${"b".repeat(500)}`,
    column: 501,
    length: 2,
  }).split("\n");
  expect(line.length).toBeLessThan(120);
  expect(line.slice(caret.indexOf("^"), caret.lastIndexOf("^") + 1)).toBe("XY");
});

test("nothing in the file or the message moves the terminal's cursor", () => {
  const screen = plain({
    sourceLine: "a: \u001B[2J\u202Ex\u0007",
    message: "\u001B]0;title\u0007",
    file: "a\nb",
    column: 4,
    length: 9,
  });
  // oxlint-disable-next-line no-control-regex -- looks for control characters
  expect(screen.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202E]/);
  expect(screen.split("\n")).toHaveLength(6);
});

test("a file that is no YAML at all does not fill the screen", () => {
  const wrong = Array.from({ length: 34 }, (_, index) =>
    diagnostic({ code: "MHLAB_LAB_SYNTAX", line: index + 1 }),
  );
  const text = formatDiagnostics([...wrong, diagnostic({ line: 99 })], { colour: false });
  expect(text.match(/lab\.yaml:\d+/g)).toEqual(["lab.yaml:1", "lab.yaml:2", "lab.yaml:3", "lab.yaml:99"]);
  expect(text.trimEnd()).toMatch(/\nand 31 more that may follow from these$/);
});
