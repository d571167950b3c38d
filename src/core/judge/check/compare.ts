import { nameOf } from "./requirement.ts";
import type { Check, Result } from "./verdict.ts";

/** What a check says of a requirement; null: it did not check it. */
export type Compared = Pick<Result, "verdict" | "reason" | "samples" | "violations"> | null;

/** A requirement in several checks. */
export interface Comparison extends Pick<Result, "document" | "id" | "level" | "title"> {
  /** `verdict`: it has different ones; `coverage`: only some checks have it, all with one verdict. */
  readonly differs: "verdict" | "coverage" | "no";
  /** In the order of the checks. */
  readonly checks: readonly Compared[];
}

const ORDER: readonly Comparison["differs"][] = ["verdict", "coverage", "no"];

/** Checks of different devices or firmware per requirement: differences first, then in the order of the checks. */
export function compareChecks(checks: readonly Pick<Check, "results">[]): Comparison[] {
  const known = new Map<string, Result>();
  for (const result of checks.flatMap(({ results }) => results))
    if (!known.has(nameOf(result))) known.set(nameOf(result), result);
  const all = [...known].map(([key, { document, id, level, title }]): Comparison => {
    const found = checks.map(({ results }) => {
      const one = results.find((result) => nameOf(result) === key);
      return one === undefined ? null : pick(one);
    });
    return { document, id, level, title, differs: differenceOf(found), checks: found };
  });
  return ORDER.flatMap((word) => all.filter(({ differs }) => differs === word));
}

function differenceOf(checks: readonly Compared[]): Comparison["differs"] {
  const verdicts = new Set(checks.flatMap((one) => one?.verdict ?? []));
  return verdicts.size > 1 ? "verdict" : checks.includes(null) ? "coverage" : "no";
}

function pick({ verdict, reason, samples, violations }: Result): Compared {
  return { verdict, reason, samples, violations };
}
