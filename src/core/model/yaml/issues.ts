import type { z } from "zod";
import { showValue } from "../values/parse.ts";
import { formatPath, type Finding, type Path } from "./findings.ts";
import { BadValue } from "../values/scalars.ts";
import type { FileKind } from "./file-kind.ts";
import { exampleOf, homesOf, schemaAt, type JsonSchema } from "./json-schema.ts";
import { suggest } from "../values/suggest.ts";

type Issue = z.core.$ZodIssue;

/** What an explanation needs to look at: what was checked, and what it should look like. */
export interface Checked {
  readonly data: unknown;
  readonly schema: JsonSchema;
  readonly kind: FileKind;
}

/** Says what zod found in the words of the file; paths are those below `data`. */
export function explainIssues(issues: readonly Issue[], checked: Checked): Finding[] {
  const findings = issues.flatMap((issue) => explain(issue, [], checked));
  return [
    ...new Map(findings.map((finding) => [`${finding.code} ${formatPath(finding.path)}`, finding])).values(),
  ];
}

function explain(issue: Issue, base: Path, checked: Checked): Finding[] {
  const path = [...base, ...issue.path.map((step) => (typeof step === "symbol" ? String(step) : step))];
  switch (issue.code) {
    case "custom": {
      const problem: unknown = issue.params?.["problem"];
      if (valueAt(checked.data, path) === "") return [wrongType("string", path, checked)];
      return problem instanceof BadValue
        ? [{ code: problem.code, message: problem.message, hint: problem.hint, path }]
        : [];
    }
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, path, checked));
    case "invalid_union": {
      const branch = issue.errors.find(
        (errors) => !errors.some(({ code, path: at }) => code === "invalid_type" && at.length === 0),
      );
      return branch === undefined
        ? [wrongType("string", path, checked)]
        : branch.flatMap((each) => explain(each, path, checked));
    }
    case "invalid_type":
      return [wrongType(issue.expected, path, checked)];
    case "too_small":
      return [
        checked.kind.missing?.(path, "") ?? {
          code: "MHLAB_LAB_MISSING",
          message: `${String(path.at(-1) ?? checked.kind.root)} is empty`,
          hint: `it needs at least one; see ${checked.kind.page}`,
          path,
        },
      ];
    default:
      return [{ code: "MHLAB_LAB_TYPE", message: issue.message, hint: `see ${checked.kind.page}`, path }];
  }
}

function unknownKey(key: string, map: Path, { data, schema, kind }: Checked): Finding {
  const path = [...map, key];
  const title = titleOf(map, { data, kind });
  const known = Object.keys(schemaAt(schema, map)?.properties ?? {});
  const meant = suggest(key, known);
  const homes = meant === undefined ? homesOf(schema, key) : [];
  let hint = `possible here: ${known.join(", ")}`;
  if (meant !== undefined) hint = `did you mean ${meant}?`;
  else if (key.endsWith("key"))
    hint =
      "mhlab makes the keys and keeps them out of this file; see `mhlab keys show` and `mhlab peer-config`";
  else if (homes.length > 0) hint = `${key} belongs under ${homes.join(" or ")}`;
  return {
    code: "MHLAB_LAB_UNKNOWN_KEY",
    message: `unknown key ${showValue(key)} in ${title}`,
    hint,
    path,
    on: "key",
  };
}

function wrongType(expected: string, path: Path, { data, schema, kind }: Checked): Finding {
  const value = valueAt(data, path);
  const key = path.at(-1);
  const shape = schemaAt(schema, path);
  const example = exampleOf(shape);
  const write =
    example === undefined ? "" : `, for example ${typeof key === "string" ? `${key}: ` : ""}${example}`;
  const special = value === undefined || value === "" ? kind.missing?.(path, value) : undefined;
  if (special !== undefined) return special;
  if (value === undefined) {
    const map = path.slice(0, -1);
    return {
      code: "MHLAB_LAB_MISSING",
      message: `${titleOf(map, { data, kind })} has no ${String(key)}`,
      hint: `add it${write}`,
      path: map,
    };
  }
  const subject = typeof key === "string" ? key : `item ${Number(key) + 1} of ${String(path.at(-2))}`;
  if (value === "") {
    return {
      code: "MHLAB_LAB_MISSING",
      message: `${subject} has no value`,
      hint: `give one${write}`,
      path,
    };
  }
  const is = Array.isArray(value) ? "a list" : isRecord(value) ? "a map of keys" : "one value";
  const should =
    expected === "array"
      ? "a list"
      : expected === "object" || expected === "record"
        ? "a map of keys"
        : "one value";
  const keys = Object.keys(shape?.properties ?? {});
  const listHint = `put it in brackets, or on a line of its own after a dash${write}`;
  const mapHint =
    keys.length === 0 ? "write `key: value` lines under it" : `possible keys: ${keys.join(", ")}`;
  return {
    code: "MHLAB_LAB_TYPE",
    message: `${subject} is ${is}, and should be ${should}`,
    hint:
      expected === "array"
        ? listHint
        : expected === "object" || expected === "record"
          ? mapHint
          : `write it right after the colon${write}`,
    path,
  };
}

/** What a map of the file is called: `provider alpha`, `the lab`, `delegation`. */
function titleOf(path: Path, { data, kind }: Pick<Checked, "data" | "kind">): string {
  const last = path.at(-1);
  if (last === undefined) return kind.root;
  if (typeof last === "string") return last;
  const item = String(path.at(-2)).replace(/s$/, "");
  const entry = valueAt(data, path);
  const name = isRecord(entry) ? entry["name"] : undefined;
  return typeof name === "string" && name !== "" && name.length <= 30 ? `${item} ${name}` : `a ${item}`;
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => (isRecord(at) ? at[step] : undefined), data);
}

function isRecord(value: unknown): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null;
}
