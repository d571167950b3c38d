import type { Diagnostic } from "../../model/diagnostics.ts";
import type { Scenario } from "./record.ts";
import type { Lab } from "../../model/lab/model.ts";
import type { Finding } from "../../model/yaml/findings.ts";
import { interpolate } from "../../model/yaml/interpolate.ts";
import { explainIssues } from "../../model/yaml/issues.ts";
import { place, toPlain } from "../../model/yaml/plain.ts";
import { readSyntax, type WrittenDocument } from "../../model/yaml/syntax.ts";
import { SCENARIO_FILE_KIND } from "./entries/file-kind.ts";
import { structureJsonSchema } from "./json-schema.ts";
import { readMatrix, unusedAxes, type Matrix } from "./matrix.ts";
import { resolveScenario } from "./resolve.ts";
import { scenarioSchema } from "./schema.ts";

type Variables = Readonly<Record<string, string | undefined>>;

export interface ParseScenarioOptions {
  /** The file's name as diagnostics show it. */
  readonly file: string;
  /** The environment; only names with LAB_ or MHLAB_ before them are read, since records are published. */
  readonly variables: Variables;
  /** Where it is known, names of providers, hosts and CPEs are checked. */
  readonly lab?: Lab | undefined;
}

/** One run of a scenario: one for each combination of its `for`. */
export interface PlannedRun {
  readonly scenario: Scenario;
  /** The values of that combination; empty without `for`. */
  readonly variables: Readonly<Record<string, string>>;
  /** What of the environment is in it: given again, the same run comes out. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface ParsedScenario {
  /** Undefined when there is an error among the diagnostics. */
  readonly runs?: readonly PlannedRun[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Variables with such a name hold nothing but what labs and scenarios are told. */
const OF_LABS = /^(LAB|MHLAB)_/;
const MATRIX_KEYS = ["variables", "for", "except"];
const OTHER_LAB: Finding = {
  code: "MHLAB_SCENARIO_MATRIX",
  message: "runs of one scenario are in one lab",
  hint: "write a scenario for each lab; `mhlab report` compares their runs",
  path: ["lab"],
};

/**
 * Reads a scenario: YAML, variables and the runs that they make, structure, steps and expectations, names. Each stage reports
 * all that it finds, in the order of the file; later stages then do not run.
 */
export function parseScenario(text: string, { file, variables, lab }: ParseScenarioOptions): ParsedScenario {
  const about = { file, kind: SCENARIO_FILE_KIND };
  const read = readSyntax(text, about);
  if ("diagnostics" in read) return read;
  const environment = ofLabs(variables);
  const matrix = matrixOf(read, environment);
  if ("diagnostics" in matrix) return matrix;
  const runs: PlannedRun[] = [];
  const diagnostics: Diagnostic[] = [];
  const used = new Set<string>();
  for (const cell of matrix.cells) {
    // Variables are replaced in place, so each run starts from the text.
    const again = readSyntax(text, about);
    if ("diagnostics" in again) return again;
    const run = readRun(again, { cell, matrix, environment, lab });
    for (const name of run.used) used.add(name);
    if ("diagnostics" in run) diagnostics.push(...run.diagnostics);
    else runs.push(run.run);
  }
  if (diagnostics.length === 0) {
    const same = runs.every(({ scenario }) => scenario.lab === runs[0]?.scenario.lab);
    diagnostics.push(
      ...place({ ...read, warnings: [] }, [...unusedAxes(matrix, used), ...(same ? [] : [OTHER_LAB])]),
    );
  }
  if (diagnostics.length > 0) return { diagnostics: once([...read.warnings, ...diagnostics]) };
  return { runs, diagnostics: [...read.warnings] };
}

/** The lab file that a scenario names, as it is written there; undefined when it names none, or is not right so far. */
export function labPathOf(text: string, variables: Variables = {}): string | undefined {
  const about = { file: "", kind: SCENARIO_FILE_KIND };
  const read = readSyntax(text, about);
  if ("diagnostics" in read) return undefined;
  const environment = ofLabs(variables);
  const matrix = matrixOf(read, environment);
  const [cell] = "diagnostics" in matrix ? [] : matrix.cells;
  const again = readSyntax(text, about);
  if ("diagnostics" in matrix || "diagnostics" in again || cell === undefined) return undefined;
  const values = { ...environment, ...matrix.variables, ...cell };
  const { findings } = interpolate(again.document, values, { ...SCENARIO_FILE_KIND, below: ["lab"] });
  const path: unknown = again.document.get("lab");
  return findings.length === 0 && typeof path === "string" && path !== "" ? path : undefined;
}

function ofLabs(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => OF_LABS.test(name)));
}

function matrixOf(read: WrittenDocument, environment: Variables): Matrix | { diagnostics: Diagnostic[] } {
  const { findings } = interpolate(read.document, environment, { ...SCENARIO_FILE_KIND, below: MATRIX_KEYS });
  if (findings.length > 0) return { diagnostics: place(read, findings) };
  const data = toPlain(read);
  if ("diagnostics" in data) return data;
  const matrix = readMatrix(data.value);
  return "findings" in matrix ? { diagnostics: place(read, matrix.findings) } : matrix;
}

interface Cell {
  readonly cell: Readonly<Record<string, string>>;
  readonly matrix: Matrix;
  readonly environment: Variables;
  readonly lab: Lab | undefined;
}

type ReadRun = ({ readonly run: PlannedRun } | { readonly diagnostics: Diagnostic[] }) & {
  readonly used: Iterable<string>;
};

function readRun(read: WrittenDocument, { cell, matrix, environment, lab }: Cell): ReadRun {
  const quiet = { ...read, warnings: [] };
  const values = { ...environment, ...matrix.variables, ...cell };
  const { findings: missing, used: replaced } = interpolate(read.document, values, SCENARIO_FILE_KIND);
  const used = [...replaced.keys()];
  if (missing.length > 0) return { diagnostics: place(quiet, missing), used };
  const data = toPlain(read);
  if ("diagnostics" in data) return { ...data, used };
  const checked = scenarioSchema.safeParse(data.value);
  if (!checked.success) {
    const about = { data: data.value, schema: structureJsonSchema(), kind: SCENARIO_FILE_KIND };
    return { diagnostics: place(quiet, explainIssues(checked.error.issues, about)), used };
  }
  const scenario = resolveScenario(checked.data, lab);
  if (!("steps" in scenario)) return { diagnostics: place(quiet, scenario), used };
  const own = [...replaced].filter(
    ([name]) => Object.hasOwn(environment, name) && !Object.hasOwn({ ...matrix.variables, ...cell }, name),
  );
  return { run: { scenario, variables: cell, environment: Object.fromEntries(own) }, used };
}

/** Runs have most of what is wrong in common. */
function once(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.toReversed().map((one) => [placeOf(one), one])).values()].sort(
    (one, other) => one.line - other.line || one.column - other.column,
  );
}

function placeOf({ code, line, column }: Diagnostic): string {
  return `${code} ${line}:${column}`;
}
