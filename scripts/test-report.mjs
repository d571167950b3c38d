// Reads the reports of vitest for scripts/test.sh:
//   files <report>                     the files that failed, a line each
//   count <code> <report> [<again>]    `<passed> <failed>`; files that were run again count as the second time. <code> is what
//                                      the last of the runs ended with
import { readFileSync } from "node:fs";
import { relative } from "node:path";

const [what, ...words] = process.argv.slice(2);
if (what === "files") console.log(filesOf(words[0]).filter(hasFailed).map(nameOf).join("\n"));
else console.log(count(...words).join(" "));

function count(code, report, again) {
  const second = again === undefined ? [] : filesOf(again);
  const first = filesOf(report);
  const repeated = new Map(second.map((file) => [file.name, file]));
  for (const file of first.filter(({ name }) => repeated.has(name)))
    tellUnsteady(file, repeated.get(file.name));
  const results = first.map((file) => repeated.get(file.name) ?? file);
  const tests = results.flatMap(({ assertionResults }) => assertionResults);
  for (const { status, fullName } of tests)
    if (!["passed", "failed"].includes(status)) console.error(`skipped: ${fullName}`);
  const passed = tests.filter(({ status }) => status === "passed").length;
  let failed = tests.filter(({ status }) => status === "failed").length;
  // A file that crashed before its tests, or vitest itself, is one failure.
  failed += results.filter((file) => hasFailed(file) && !file.assertionResults.some(hasFailed)).length;
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

// What failed beside others and passes alone is no failure, and is not kept quiet.
function tellUnsteady(first, second) {
  if (!hasFailed(first) || hasFailed(second)) return;
  const failures = first.assertionResults.filter(hasFailed);
  for (const { fullName, failureMessages } of failures)
    console.error(`unsteady: ${nameOf(first)} > ${fullName}: ${firstLine(failureMessages[0])}`);
  if (failures.length === 0) console.error(`unsteady: ${nameOf(first)}: ${firstLine(first.message)}`);
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
