// The tables of docs/scenarios.md, from the scenarios and what came of them.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { FOREIGN_SOFTWARE } from "../dist/core/cpe-software.js";

const OTHERS = Object.keys(FOREIGN_SOFTWARE);
/** As the heads of the table call them. */
const TITLES = {
  bundled: "mhlab's own",
  ...Object.fromEntries(OTHERS.map((word) => [word, FOREIGN_SOFTWARE[word].title])),
};
const WORDS = {
  passed: "passed",
  "unexpected-pass": "passed",
  failed: "failed",
  "expected-failure": "failed",
  inconclusive: "inconclusive",
  unsupported: "cannot be had here",
};

/** Writes the results below their mark; `known` is results.json. */
export function writePage(root, names, known) {
  const page = join(root, "docs/scenarios.md");
  const [before] = readFileSync(page, "utf8").split("<!-- results -->");
  const scenario = (name) => parse(readFileSync(join(root, `examples/scenarios/${name}.yaml`), "utf8"));
  const of = (name) => known.scenarios[name] ?? {};
  const parts = [
    `mhlab ${known.machine?.mhlab ?? "?"}, ${known.machine?.kernel ?? "?"}. How many of the expectations passed:`,
    table(
      ["scenario", "what is tried", "source", ...Object.values(TITLES)],
      names.map((name) => {
        const { title, source } = scenario(name);
        const absent = hasCpe(root, scenario(name)) ? "not tried" : "no CPE in it";
        const cells = Object.keys(TITLES).map((word) => summary(of(name)[word], absent));
        return [`[${name}](#${name})`, title, source, ...cells];
      }),
    ),
    ...names.map((name) => section(name, scenario(name), of(name))),
  ];
  writeFileSync(page, `${before}<!-- results -->\n\n${parts.join("\n\n")}\n\n<!-- end -->\n`);
}

/** Whether the lab of a scenario has a CPE that third-party software could be. */
function hasCpe(root, { lab }) {
  return parse(readFileSync(join(root, "examples/scenarios", lab), "utf8")).cpes !== undefined;
}

function summary(verdicts, absent) {
  if (verdicts === undefined) return absent;
  if (verdicts.length === 0) return "did not run";
  const passed = verdicts.filter(({ result }) => WORDS[result] === "passed").length;
  return `${passed} of ${verdicts.length}`;
}

function section(name, { expect }, results) {
  const others = OTHERS.filter((word) => results[word] !== undefined);
  const rows = (results.bundled ?? []).map(({ id, result, measured }) => {
    const expectation = expect.find((one) => one.id === id);
    const own =
      result === "expected-failure"
        ? `expected failure: ${expectation?.["expected-failure"]}`
        : WORDS[result];
    const theirs = others.map((word) => {
      const verdict = results[word].find((one) => one.id === id);
      return verdict === undefined ? "did not run" : WORDS[verdict.result];
    });
    return [`\`${id}\``, expectation?.because ?? "", `${own}; ${measured}`, ...theirs];
  });
  const head = ["expectation", "because", TITLES.bundled, ...others.map((word) => TITLES[word])];
  const file = `[\`${name}.yaml\`](../examples/scenarios/${name}.yaml)`;
  return `### ${name}\n\n${file}\n\n${table(head, rows)}`;
}

function table(head, rows) {
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function line(cells) {
  return `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
}
