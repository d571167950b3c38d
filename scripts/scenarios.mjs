// Runs the shipped scenarios with `mhlab run`, each in a lab that it starts and takes down, with mhlab's own CPE and with software of
// others. What came of all of them is kept in examples/scenarios/results.json, from which the tables of docs/scenarios.md are made.
// `--verify` computes the results of each run again from its packets (test/second); `--repeat 3 --shuffle SEED` runs each three times,
// in an order that the seed decides; `--keep` keeps the results of named scenarios as well.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { isMap, isSeq, parse, parseDocument } from "yaml";
import { FOREIGN_SOFTWARE } from "../dist/core/cpe-software.js";
import { verify } from "../test/second/verify.mjs";
import { writePage } from "./scenarios-page.mjs";

const ROOT = join(import.meta.dirname, "..");
const SHIPPED = "examples/scenarios";
const RESULTS = join(ROOT, SHIPPED, "results.json");
const LIMIT_MS = 300_000;
const UNSUPPORTED = 127;
const SOFTWARE = ["bundled", ...Object.keys(FOREIGN_SOFTWARE)];

const { values, positionals } = parseArgs({
  options: {
    software: { type: "string" },
    page: { type: "boolean" },
    verify: { type: "boolean" },
    repeat: { type: "string", default: "1" },
    shuffle: { type: "string" },
    keep: { type: "boolean" },
  },
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
const copies = Object.fromEntries(software.map((word) => [word, copyWith(word)]));
const runs = software.flatMap((word) =>
  (positionals.length === 0 ? all : positionals)
    .filter((name) => word === "bundled" || hasCpe(name))
    .flatMap((name) => Array.from({ length: Number(values.repeat) }, (_, index) => ({ word, name, index }))),
);
let good = true;
const first = new Map();
for (const { word, name, index } of values.shuffle === undefined ? runs : shuffled(runs, values.shuffle)) {
  const { code, verdicts, machine, differences } = runOne({ name, word, index, examples: copies[word] });
  good &&= differences.length === 0;
  // What software of others does not meet is what is to be known.
  if (word === "bundled") good &&= code === 0 || code === UNSUPPORTED;
  const results = JSON.stringify(verdicts.map(({ result }) => result));
  const before = first.get(`${word} ${name}`) ?? results;
  first.set(`${word} ${name}`, before);
  if (before !== results) {
    good = false;
    process.stdout.write(`  not as in the run before: ${before}, now ${results}\n`);
  }
  if (positionals.length > 0 && !values.keep) continue;
  known.machine = machine ?? known.machine;
  known.scenarios[name] = { ...known.scenarios[name], [word]: verdicts };
  writeFileSync(RESULTS, `${JSON.stringify(known, null, 1)}\n`);
}
if (positionals.length === 0 || values.keep) writePage(ROOT, all, known);
process.stdout.write(`the records are in ${folder}\n`);
process.exit(good ? 0 : 1);

/** The examples, with this software in every CPE. */
function copyWith(word) {
  const copy = join(folder, word, "examples");
  cpSync(join(ROOT, "examples"), copy, { recursive: true });
  if (values.verify) for (const name of all) captureAll(join(copy, "scenarios", `${name}.yaml`));
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

/** Without captures of its own a scenario has one of each link, which is what can be verified. */
function captureAll(file) {
  const document = parseDocument(readFileSync(file, "utf8"));
  if (document.delete("captures")) writeFileSync(file, document.toString());
}

/** The same order for the same seed. */
function shuffled(list, seed) {
  const placeOf = (one) =>
    createHash("sha256")
      .update(`${seed} ${JSON.stringify(one)}`)
      .digest("hex");
  return list
    .map((one) => ({ one, place: placeOf(one) }))
    .sort((left, right) => (left.place < right.place ? -1 : 1))
    .map(({ one }) => one);
}

function hasCpe(name) {
  const file = join(ROOT, SHIPPED, `${name}.yaml`);
  const lab = resolve(dirname(file), parse(readFileSync(file, "utf8")).lab);
  return parse(readFileSync(lab, "utf8")).cpes !== undefined;
}

function runOne({ name, word, index, examples }) {
  const out = join(folder, word, Number(values.repeat) === 1 ? name : `${name}-${index + 1}`);
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
  const differences = values.verify && verdicts.length > 0 ? verified(out) : [];
  return { code: status ?? 1, verdicts, machine: run?.machine, differences };
}

/** What the packets of a run say otherwise. */
function verified(out) {
  const { checked, differences } = verify(out);
  process.stdout.write(`  verified: ${differences.length} differences in ${JSON.stringify(checked)}\n`);
  for (const one of differences) process.stdout.write(`  differs: ${one}\n`);
  return differences;
}

function counted(verdicts) {
  if (verdicts.length === 0) return "did not run";
  const results = [...new Set(verdicts.map(({ result }) => result))];
  return results
    .map((word) => `${verdicts.filter(({ result }) => result === word).length} ${word}`)
    .join(", ");
}
