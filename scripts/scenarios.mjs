// Runs the shipped scenarios with `mhlab run`, each in a lab that it starts and takes down, and writes docs/scenarios.md.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";

const ROOT = join(import.meta.dirname, "..");
const SHIPPED = join(ROOT, "examples/scenarios");
const PAGE = join(ROOT, "docs/scenarios.md");
const LIMIT_MS = 300_000;
const UNSUPPORTED = 127;

const all = readdirSync(SHIPPED)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => name.replace(".yaml", ""))
  .toSorted();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`there is no scenario ${unknown.join(", ")}; there are ${all.join(", ")}\n`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "mhlab-scenarios-"));
const ran = (asked.length === 0 ? all : asked).map(runOne);
if (asked.length === 0) writePage(ran);
process.stdout.write(`the records are in ${folder}\n`);
process.exit(ran.every(({ code }) => code === 0 || code === UNSUPPORTED) ? 0 : 1);

function runOne(name) {
  const out = join(folder, name);
  const argv = [
    "bin/mhlab.js",
    "--sandbox",
    "run",
    join(SHIPPED, `${name}.yaml`),
    "--out",
    out,
    "--down",
    "--json",
  ];
  const beganMs = Date.now();
  const { status, stderr } = spawnSync(process.execPath, argv, {
    cwd: ROOT,
    encoding: "utf8",
    timeout: LIMIT_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
  const [result, run] = ["result.json", "run.json"].map((file) => {
    const path = join(out, file);
    return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
  });
  const verdicts = result?.verdicts ?? [];
  const tookS = Math.round((Date.now() - beganMs) / 1000);
  process.stdout.write(`${name}: ${summary(verdicts)} (${tookS} s)\n`);
  for (const one of verdicts.filter((verdict) => !["met", "known-failure"].includes(verdict.result)))
    process.stdout.write(`  ${one.result}: ${one.id}: ${one.measured}\n`);
  if (verdicts.length === 0) process.stdout.write(`${stderr.trim().split("\n").slice(-5).join("\n")}\n`);
  return { name, code: status ?? 1, verdicts, run };
}

function summary(verdicts) {
  if (verdicts.length === 0) return "did not run";
  const words = {
    met: "met",
    "known-failure": "known to fail",
    "not-met": "not met",
    "unexpectedly-met": "met against what is known",
    "not-reached": "not reached",
    unsupported: "cannot be had here",
  };
  return Object.entries(words)
    .flatMap(([result, text]) => {
      const count = verdicts.filter((one) => one.result === result).length;
      return count === 0 ? [] : [`${count} ${text}`];
    })
    .join(", ");
}

function writePage(runs) {
  const text = readFileSync(PAGE, "utf8");
  const [before] = text.split("<!-- results -->");
  const machine = runs.find(({ run }) => run !== undefined)?.run.machine;
  const parts = [
    `mhlab ${machine?.mhlab ?? "?"}, ${machine?.kernel ?? "?"}.`,
    table(
      ["scenario", "what is tried", "source", "the bundled CPE and host"],
      runs.map(({ name, verdicts }) => {
        const { title, source } = scenario(name);
        return [`[${name}](#${name})`, title, source, summary(verdicts)];
      }),
    ),
    ...runs.map(section),
  ];
  writeFileSync(PAGE, `${before}<!-- results -->\n\n${parts.join("\n\n")}\n\n<!-- end -->\n`);
}

function section({ name, verdicts }) {
  const { expect } = scenario(name);
  const rows = verdicts.map(({ id, because, result, measured }) => {
    const why = expect.find((one) => one.id === id)?.["known-failure"];
    return [
      `\`${id}\``,
      because ?? "",
      result === "known-failure" ? `known failure: ${why}` : result,
      measured,
    ];
  });
  const file = `[\`${name}.yaml\`](../examples/scenarios/${name}.yaml)`;
  return `### ${name}\n\n${file}\n\n${table(["expectation", "because", "result", "measured"], rows)}`;
}

function scenario(name) {
  return parse(readFileSync(join(SHIPPED, `${name}.yaml`), "utf8"));
}

function table(head, rows) {
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function line(cells) {
  return `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
}
