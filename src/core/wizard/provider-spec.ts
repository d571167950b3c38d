import { suggest } from "../values/suggest.ts";
import { withImplied } from "./details.ts";
import { providerQuestions } from "./provider-questions.ts";
import type { Answers } from "./question.ts";

/** The keys of `--provider`. */
export const SPEC_KEYS: readonly string[] = [...new Set(providerQuestions.map(({ flag }) => flag))];

/**
 * Reads the words of `--provider`. A variable cannot keep commas, so a single `key=value` belongs to the provider before
 * it, unless that has the key already.
 */
export function readProviderSpecs(
  words: readonly string[],
): { answers: Answers[]; problem?: never } | { spec: string; problem: string; answers?: never } {
  const specs: string[] = [];
  for (const one of words) {
    const key = /^[a-z]+=/.exec(one)?.[0];
    const before = specs.at(-1);
    const continues =
      key !== undefined && !one.includes(",") && before !== undefined && !`,${before}`.includes(`,${key}`);
    if (continues) specs[specs.length - 1] = `${before},${one}`;
    else specs.push(one);
  }
  const answers: Answers[] = [];
  for (const spec of specs) {
    const read = readProviderSpec(spec);
    if (read.answers === undefined) return { spec, problem: read.problem };
    answers.push(withImplied(read.answers));
  }
  return { answers };
}

/** Reads `name=alpha,prefix=2001:db8:a::/48,link=cpe:home`; a key given twice makes a list. */
function readProviderSpec(
  spec: string,
): { answers: Answers; problem?: never } | { problem: string; answers?: never } {
  const answers: Record<string, string> = {};
  for (const part of spec.split(",").filter((one) => one.trim() !== "")) {
    const [, key, value] = /^\s*([a-z]+)=(.*?)\s*$/.exec(part) ?? [];
    if (key === undefined || value === undefined) {
      return { problem: `'${part}' is not key=value; the keys are ${SPEC_KEYS.join(", ")}` };
    }
    if (!SPEC_KEYS.includes(key)) {
      const meant = suggest(key, SPEC_KEYS);
      return {
        problem: `there is no key '${key}'; ${meant === undefined ? `the keys are ${SPEC_KEYS.join(", ")}` : `did you mean ${meant}?`}`,
      };
    }
    if (answers[key] !== undefined && key !== "dns") return { problem: `${key} is given twice` };
    answers[key] = answers[key] === undefined ? value : `${answers[key]} ${value}`;
  }
  return { answers };
}
