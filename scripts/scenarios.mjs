// Runs the shipped scenarios with `mhlab run`, each in a lab that it starts and takes down, with mhlab's own CPE and with software of
// others. What came of all of them is kept in examples/scenarios/results.json, from which the tables of docs/scenarios.md are made.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { isMap, isSeq, parse, parseDocument } from "yaml";
import { FOREIGN_SOFTWARE } from "../dist/core/cpe-software.js";
import { writePage } from "./scenarios-page.mjs";

const ROOT = join(import.meta.dirname, "..");
const SHIPPED = "examples/scenarios";
const RESULTS = join(ROOT, SHIPPED, "results.json");
const LIMIT_MS = 300_000;
const UNSUPPORTED = 127;
const SOFTWARE = ["bundled", ...Object.keys(FOREIGN_SOFTWARE)];

const { values, positionals } = parseArgs({
  options: { software: { type: "string" }, page: { type: "boolean" } },
  allowPositionals: true,
});
const all = readdirSync(join(ROOT, SHIPPED))
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => name.replace(".yaml", ""))
  .toSorted();
const software = values.software?.split(",") ?? SOFTWARE;
const unknown = [
  ...positionals.filter((name) => !all.includes(name)),
  ...software.filter((word) => !SOFTWARE.includes(word)),
];
if (unknown.length > 0) {
  process.stderr.write(
    `there is no ${unknown.join(", ")}; scenarios are ${all.join(", ")}; --software takes ${SOFTWARE.join(", ")}\n`,
  );
  process.exit(2);
}
const known = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, "utf8")) : { scenarios: {} };
if (values.page) {
  writePage(ROOT, all, known);
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), "mhlab-scenarios-"));
let good = true;
for (const word of software) {
  const examples = copyWith(word);
  for (const name of positionals.length === 0 ? all : positionals) {
    if (word !== "bundled" && !hasCpe(name)) continue;
    const { code, verdicts, machine } = runOne(name, word, examples);
    // What software of others does not meet is what is to be known.
    if (word === "bundled") good &&= code === 0 || code === UNSUPPORTED;
    if (positionals.length > 0) continue;
    known.machine = machine ?? known.machine;
    known.scenarios[name] = { ...known.scenarios[name], [word]: verdicts };
    writeFileSync(RESULTS, `${JSON.stringify(known, null, 1)}\n`);
  }
}
if (positionals.length === 0) writePage(ROOT, all, known);
process.stdout.write(`the records are in ${folder}\n`);
process.exit(good ? 0 : 1);

/** The examples, with this software in every CPE. */
function copyWith(word) {
  const copy = join(folder, word, "examples");
  cpSync(join(ROOT, "examples"), copy, { recursive: true });
  if (word === "bundled") return copy;
  for (const entry of readdirSync(copy, { recursive: true })) {
    if (!entry.endsWith(".yaml")) continue;
    const document = parseDocument(readFileSync(join(copy, entry), "utf8"));
    const cpes = document.get("cpes");
    if (!isSeq(cpes)) continue;
    for (const cpe of cpes.items) if (isMap(cpe)) cpe.set("software", word);
    writeFileSync(join(copy, entry), document.toString());
  }
  return copy;
}

function hasCpe(name) {
  const file = join(ROOT, SHIPPED, `${name}.yaml`);
  const lab = resolve(dirname(file), parse(readFileSync(file, "utf8")).lab);
  return parse(readFileSync(lab, "utf8")).cpes !== undefined;
}

function runOne(name, word, examples) {
  const out = join(folder, word, name);
  const file = join(examples, "scenarios", `${name}.yaml`);
  const argv = ["bin/mhlab.js", "--sandbox", "run", file, "--out", out, "--down", "--json"];
  const beganMs = Date.now();
  const { status, stderr } = spawnSync(process.execPath, argv, {
    cwd: ROOT,
    encoding: "utf8",
    timeout: LIMIT_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
  const [result, run] = ["result.json", "run.json"].map((made) => {
    const path = join(out, made);
    return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
  });
  const verdicts = (result?.verdicts ?? []).map(({ id, result: verdict, measured }) => ({
    id,
    result: verdict,
    measured,
  }));
  const tookS = Math.round((Date.now() - beganMs) / 1000);
  process.stdout.write(`${word}: ${name}: ${counted(verdicts)} (${tookS} s)\n`);
  for (const one of verdicts.filter((verdict) => !["passed", "expected-failure"].includes(verdict.result)))
    process.stdout.write(`  ${one.result}: ${one.id}: ${one.measured}\n`);
  if (verdicts.length === 0) process.stdout.write(`${stderr.trim().split("\n").slice(-5).join("\n")}\n`);
  return { code: status ?? 1, verdicts, machine: run?.machine };
}

function counted(verdicts) {
  if (verdicts.length === 0) return "did not run";
  const results = [...new Set(verdicts.map(({ result }) => result))];
  return results
    .map((word) => `${verdicts.filter(({ result }) => result === word).length} ${word}`)
    .join(", ");
}
