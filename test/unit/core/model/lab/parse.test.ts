import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../../../../src/core/model/diagnostics.ts";
import { LAB_CODES } from "../../../../../src/core/model/error-codes.ts";
import { parseLab } from "../../../../../src/core/model/lab/parse.ts";
import { formatDiagnostics } from "../../../../../src/cli/views/diagnostics.ts";
import { GOLDEN, GOLDEN_ENV, goldenNames } from "./golden.ts";

const LAB = `name: lab
internet: bundled
providers:
  - name: alpha
    prefix: 2001:db8:a::/48
cpes: [{name: home}]
`;

const parse = (text: string, env: Record<string, string> = {}): ReturnType<typeof parseLab> =>
  parseLab(text, { file: "lab.yaml", env });
const codes = (text: string, env: Record<string, string> = {}): string[] =>
  (parse(text, env).diagnostics ?? []).map(({ code }) => code);

const places = (text: string): unknown[] =>
  (parse(text).diagnostics ?? []).map(({ line, column, length, sourceLine }) => ({
    line,
    column,
    length,
    sourceLine,
  }));

describe("diagnostics", () => {
  test("carry place, path and line", () => {
    expect(parse(LAB.replace("2001:db8:a::/48", "2001:db8::g/48")).diagnostics).toEqual([
      {
        code: "MHLAB_LAB_PREFIX",
        severity: "error",
        message: "'2001:db8::g/48' is not an IPv6 prefix",
        hint: "a prefix looks like 2001:db8:a::/48",
        file: "lab.yaml",
        line: 5,
        column: 13,
        length: 14,
        sourceLine: "    prefix: 2001:db8::g/48",
        path: "providers[0].prefix",
      },
    ]);
  });

  test("count lines the same with CRLF and a byte order mark", () => {
    const broken = LAB.replace("lab\n", "LAB\n").replace("/48", "/8");
    expect(places(broken)).toHaveLength(2);
    expect(places(`\uFEFF${broken.replaceAll("\n", "\r\n")}`)).toEqual(places(broken));
  });

  test("come in the order of the file", () => {
    const { diagnostics = [] } = parse(readFileSync(join(GOLDEN, "errors/62-several-errors.yaml"), "utf8"));
    const lines = diagnostics.map(({ line }) => line);
    expect(lines).toEqual([...lines].sort((one, other) => one - other));
  });

  test("a tag is a warning, and the lab is read", () => {
    const parsed = parse(LAB.replace("name: lab", "name: !shout lab"));
    expect(parsed.lab?.name).toBe("lab");
    expect(parsed.warnings?.map(({ severity, line }) => [severity, line])).toEqual([["warning", 1]]);
  });
});

/** The lab under another name; a function, since replace() reads $ in a text. */
const withName = (name: string): string => LAB.replace("name: lab", () => `name: ${name}`);

describe("variables", () => {
  test.each([
    ["${N}", { N: "from-env" }, "from-env"],
    ["${N:-other}", {}, "other"],
    ["${N:-other}", { N: "" }, "other"],
    ["a-${N}-${M:-z}", { N: "b" }, "a-b-z"],
    ["'${N}'", { N: "42" }, "42"],
    ["${N}", { N: "${M}", M: "x" }, undefined],
  ])("%s", (written, env: Record<string, string>, name) => {
    expect(parse(withName(written), env).lab?.name).toBe(name);
  });

  test.each(["__proto__", "constructor", "toString"])("%s is no variable by birth", (name) => {
    expect(parse(withName(`\${${name}}`)).diagnostics?.map(({ message }) => message)).toEqual([
      `the environment variable ${name} is not set`,
    ]);
  });

  test("$$ is a dollar sign", () => {
    expect(parse(withName("$${N}"), { N: "x" }).diagnostics?.[0]?.message).toBe("'${N}' cannot be a name");
  });

  test("a number may come from the environment", () => {
    expect(
      parse(LAB.replace("{name: home}", '{name: home, hosts: "${H}"}'), { H: "3" }).lab?.cpes[0]?.hosts,
    ).toHaveLength(3);
  });

  test("positions are those of the text, not of the values", () => {
    const [found] = parse(`${withName("${N}")}extra: 1\n`, { N: "x".repeat(20) }).diagnostics ?? [];
    expect([found?.line, found?.column]).toEqual([7, 1]);
  });
});

describe("aliases", () => {
  test.each([
    ["name: *x\n", "MHLAB_LAB_SYNTAX"],
    ["<<: {}\n<<: x\n", "MHLAB_LAB_SYNTAX"],
    ["<<: x\n", "MHLAB_LAB_SYNTAX"],
    ["? {a: b}\n: c\n", "MHLAB_LAB_SYNTAX"],
    ["<<: *x\n", "MHLAB_LAB_SYNTAX"],
    ["name: &a [*a]\n", "MHLAB_LAB_TYPE"],
    ["providers: &a [*a]\n", "MHLAB_LAB_TYPE"],
  ])("%j is refused", (text, code) => {
    expect(codes(text)).toContain(code);
  });

  test("that multiply are refused", () => {
    const levels = Array.from(
      { length: 8 },
      (_, level) => `k${level + 1}: &k${level + 1} [${`*k${level},`.repeat(9)}]`,
    );
    expect(codes(["k0: &k0 [1,1,1]", ...levels, ""].join("\n"))).toEqual(["MHLAB_LAB_SYNTAX"]);
  });

  test("an error in a merged value is placed where it is written", () => {
    const text = LAB.replace(
      "  - name: alpha\n    prefix: 2001:db8:a::/48\n",
      "  - &a {name: alpha, prefix: 2001:db8::/8}\n  - {<<: *a, name: beta}\n",
    );
    expect(parse(text).diagnostics?.map(({ line, column }) => [line, column])).toEqual([
      [4, 30],
      [4, 30],
    ]);
  });
});

describe("keys", () => {
  const PRIVATE = "YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
  const everything = readFileSync(join(GOLDEN, "labs/03-everything.yaml"), "utf8");

  test("are shown nowhere, wherever they were written", () => {
    const values = [...everything.matchAll(/: ([^\s{[].*)$/gm)].map(([, value]) => value ?? "");
    expect(values.length).toBeGreaterThan(20);
    for (const value of values) {
      for (const written of [PRIVATE, `"${PRIVATE}"`, `x${PRIVATE}`, "${SECRET}"]) {
        const text = everything.replace(`: ${value}\n`, `: ${written}\n`);
        const { diagnostics = [] } = parse(text, { ...GOLDEN_ENV, SECRET: PRIVATE });
        const shown = JSON.stringify(diagnostics) + formatDiagnostics(diagnostics, { colour: false });
        expect(shown).not.toContain(PRIVATE.slice(0, 20));
      }
    }
  });

  test.each(["peer: short", "{peer: short, mtu: 1}", "private-key: 'short'", 'preshared-key: "short"'])(
    "%s is masked",
    (line) => {
      const { diagnostics = [] } = parse(`wireguard: ${line.startsWith("{") ? line : `\n  ${line}`}\n`);
      expect(JSON.stringify(diagnostics)).not.toContain("short");
    },
  );
});

/** Every diagnostic points at something that is in the text. */
function expectSane(text: string, diagnostics: readonly Diagnostic[]): void {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  for (const { line, column, length, code, hint } of diagnostics) {
    expect(LAB_CODES).toContain(code);
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
    expect(length).toBeGreaterThanOrEqual(1);
    expect(hint ?? "").not.toBe("");
  }
  expect(formatDiagnostics(diagnostics, { colour: false })).toEqual(expect.any(String));
}

/** FUZZ_RUNS=20000 searches longer. */
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 400);

describe("whatever the text", { timeout: 60_000 + RUNS * 20 }, () => {
  const texts = ["labs", "errors"].flatMap((folder) =>
    goldenNames(folder).map((name) => readFileSync(join(GOLDEN, folder, `${name}.yaml`), "utf8")),
  );
  const fragment = fc.oneof(
    fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ":",
      ": ",
      "- ",
      "\n",
      "  ",
      "\t",
      "&a ",
      "*a",
      "<<: *a",
      '"',
      "'",
      "#",
      "${",
      "${X}",
      "|\n",
      "? ",
      "!!set ",
      "%",
      "@",
      "---\n",
      "null",
      "~",
      "__proto__: 1",
      "\r\n",
      "日本",
    ),
    fc.string({ maxLength: 5 }),
  );

  test("a mutated lab is read or explained", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 12 }), fragment), { minLength: 1, maxLength: 4 }),
        (text, edits) => {
          const mutated = edits.reduce((current, [seed, drop, insert]) => {
            const at = seed % (current.length + 1);
            return current.slice(0, at) + insert + current.slice(at + drop);
          }, text);
          const parsed = parse(mutated, GOLDEN_ENV);
          expect(parsed.lab ?? parsed.diagnostics).not.toEqual([]);
          expectSane(mutated, parsed.diagnostics ?? parsed.warnings);
        },
      ),
      { numRuns: RUNS },
    );
  });

  test("any text is read or explained", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const parsed = parse(text);
        expect(parsed.lab).toBeUndefined();
        expectSane(text, parsed.diagnostics ?? []);
      }),
      { numRuns: RUNS },
    );
  });
});
