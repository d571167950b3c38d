/** The variables of a scenario, and the runs that it means: one for each combination of the values under `for`. */
import * as z from "zod";
import { showValue } from "../../model/values/parse.ts";
import { suggest } from "../../model/values/suggest.ts";
import type { Finding, Path } from "../../model/yaml/findings.ts";
import { explainIssues } from "../../model/yaml/issues.ts";
import { SCENARIO_FILE_KIND } from "./entries/file-kind.ts";
import { structureJsonSchema } from "./json-schema.ts";
import { matrixShape } from "./schema.ts";

type Values = Readonly<Record<string, string>>;

export interface Matrix {
  readonly variables: Values;
  /** At least one; that of a scenario without `for` is empty. */
  readonly cells: readonly Values[];
}

/** More would not come to an end. */
const MOST_RUNS = 200;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const schema = z.looseObject(matrixShape);

/** Reads `variables`, `for` and `except` of a scenario whose other values may still have variables in them. */
export function readMatrix(data: unknown): Matrix | { readonly findings: readonly Finding[] } {
  const checked = schema.safeParse(data);
  if (!checked.success) {
    const about = { data, schema: structureJsonSchema(), kind: SCENARIO_FILE_KIND };
    return { findings: explainIssues(checked.error.issues, about) };
  }
  const { variables = {}, for: axes = {}, except = [] } = checked.data;
  const findings = [
    ...Object.keys(variables).flatMap((name) => wrongName(name, ["variables", name])),
    ...Object.entries(axes).flatMap(([name, values]) => wrongAxis(name, values, variables)),
    ...except.flatMap((one, index) => wrongException(one, index, axes)),
  ];
  const count = Object.values(axes).reduce((product, { length }) => product * length, 1);
  if (count > MOST_RUNS)
    findings.push(wrong(`this makes ${count} runs`, `at most ${MOST_RUNS} are possible`, ["for"]));
  if (findings.length > 0) return { findings };
  const all = combinations(Object.entries(axes));
  const cells = all.filter((cell) => !except.some((one) => fits(one, cell)));
  if (cells.length > 0) return { variables, cells };
  return { findings: [wrong("no run is left", "take a combination out of except", ["except"])] };
}

/** Variables under `for` whose values are in no run. */
export function unusedAxes({ cells }: Matrix, used: ReadonlySet<string>): Finding[] {
  return Object.keys(cells[0] ?? {})
    .filter((name) => !used.has(name))
    .map((name) =>
      wrong(
        `nothing uses \${${name}}, so these runs would be the same`,
        "use it in a value, or take it out",
        ["for", name],
      ),
    );
}

function wrong(message: string, hint: string, path: Path): Finding {
  return { code: "MHLAB_SCENARIO_MATRIX", message, hint, path };
}

function wrongName(name: string, path: Path): Finding[] {
  if (NAME.test(name)) return [];
  const finding = wrong(`${showValue(name)} cannot be a variable`, "use letters, digits and _", path);
  return [{ ...finding, on: "key" }];
}

function wrongAxis(name: string, values: readonly string[], variables: Values): Finding[] {
  const path = ["for", name];
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  return [
    ...wrongName(name, path),
    ...(values.length === 0 ? [wrong(`${name} has no values`, "give at least one", path)] : []),
    ...(twice === undefined
      ? []
      : [wrong(`${showValue(twice)} is given twice`, "each value makes runs of its own", path)]),
    ...(Object.hasOwn(variables, name)
      ? [wrong(`${name} stands under variables as well`, "leave it out in one of the two", path)]
      : []),
  ];
}

function wrongException(
  one: Values,
  index: number,
  axes: Readonly<Record<string, readonly string[]>>,
): Finding[] {
  if (Object.keys(one).length === 0)
    return [wrong("this leaves out everything", "name variables of for", ["except", index])];
  return Object.entries(one).flatMap(([name, value]) => {
    const path = ["except", index, name];
    const values = Object.hasOwn(axes, name) ? (axes[name] ?? []) : undefined;
    if (values === undefined) {
      const near = suggest(name, Object.keys(axes));
      return [
        {
          ...wrong(
            `${showValue(name)} is not under for`,
            near === undefined ? `there are ${Object.keys(axes).join(", ")}` : `did you mean ${near}?`,
            path,
          ),
          on: "key" as const,
        },
      ];
    }
    if (values.includes(value)) return [];
    const near = suggest(value, values);
    return [
      wrong(
        `${name} is never ${showValue(value)}`,
        near === undefined ? `it is ${[...new Set(values)].join(", ")}` : `did you mean ${near}?`,
        path,
      ),
    ];
  });
}

function combinations(axes: readonly (readonly [string, readonly string[]])[]): Values[] {
  return axes.reduce<Values[]>(
    (cells, [name, values]) => cells.flatMap((cell) => values.map((value) => ({ ...cell, [name]: value }))),
    [{}],
  );
}

function fits(one: Values, cell: Values): boolean {
  return Object.entries(one).every(([name, value]) => cell[name] === value);
}
