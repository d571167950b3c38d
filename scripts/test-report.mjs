// Reads the reports of vitest for scripts/test.sh:
//   files <report>                     the files that failed, a line each
//   count <code> <report> [<again>]    `<passed> <failed>`; files that were run again count as the second time. <code> is what
//                                      the last of the runs ended with
//   durations <report>                 test/durations.json anew
// What fails beside others and passes alone is unsteady. One that test/unsteady.yaml has is unsteady again, and counts as failed
// unless the entry says why its cause stays; one that it does not have is to be entered.
import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { parse } from "yaml";

const [what, ...words] = process.argv.slice(2);
if (what === "files") console.log(filesOf(words[0]).filter(hasFailed).map(nameOf).join("\n"));
else if (what === "durations") recordDurations(words[0]);
else console.log(count(...words).join(" "));

function count(code, report, again) {
  const second = again === undefined ? [] : filesOf(again);
  const first = filesOf(report);
  const repeated = new Map(second.map((file) => [file.name, file]));
  const unexplained = first
    .filter(({ name }) => repeated.has(name))
    .flatMap((file) => unsteadyIn(file, repeated.get(file.name)))
    .filter((one) => !isExplained(one));
  const results = first.map((file) => repeated.get(file.name) ?? file);
  const tests = results.flatMap(({ assertionResults }) => assertionResults);
  for (const { status, fullName } of tests)
    if (!["passed", "failed"].includes(status)) console.error(`skipped: ${fullName}`);
  const passed = tests.filter(({ status }) => status === "passed").length;
  let failed = tests.filter(({ status }) => status === "failed").length;
  // A file that crashed before its tests, or vitest itself, is one failure.
  failed += results.filter((file) => hasFailed(file) && !file.assertionResults.some(hasFailed)).length;
  failed += unexplained.length;
  if (failed === 0 && (results.length === 0 || code !== "0")) failed = 1;
  return [passed, failed];
}

function filesOf(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).testResults;
  } catch (error) {
    console.error(`no report: ${error.message}`);
    return [];
  }
}

// What failed beside others and passes alone.
function unsteadyIn(first, second) {
  if (!hasFailed(first) || hasFailed(second)) return [];
  const file = nameOf(first);
  const failures = first.assertionResults.filter(hasFailed);
  if (failures.length === 0) return [{ file, test: null, message: firstLine(first.message) }];
  return failures.map(({ fullName, failureMessages }) => ({
    file,
    test: fullName,
    message: firstLine(failureMessages[0]),
  }));
}

function isExplained({ file, test, message }) {
  const entries = parse(readFileSync(new URL("../test/unsteady.yaml", import.meta.url), "utf8"));
  const entry = entries.find((one) => one.file === file && one.test === test);
  console.error(`unsteady: ${file} > ${test ?? "the file"}: ${message}\n  ${verdictOn(entry)}`);
  return entry === undefined || entry.stays !== undefined;
}

function verdictOn(entry) {
  if (entry === undefined)
    return "new: enter it in test/unsteady.yaml with its cause; the next time it counts as failed";
  if (entry.stays !== undefined) return `known: ${entry.cause}`;
  return "again, although test/unsteady.yaml calls it fixed or knows no cause: counted as failed";
}

function recordDurations(report) {
  const seconds = filesOf(report).map(({ name, startTime, endTime }) => [
    relative("test/system", name).replace(/\.test\.ts$/, ""),
    Math.max(1, Math.round((endTime - startTime) / 1000)),
  ]);
  const longestFirst = seconds.toSorted(([, one], [, other]) => other - one);
  writeFileSync("test/durations.json", `${JSON.stringify(Object.fromEntries(longestFirst), null, 2)}\n`);
}

function firstLine(text = "") {
  return text.split("\n").find((line) => line.trim() !== "") ?? "no message";
}

// A file or a test.
function hasFailed({ status }) {
  return status === "failed";
}

function nameOf({ name }) {
  return relative(process.cwd(), name);
}
