import { MhlabError, ExitCode, UsageError } from "../core/errors.ts";
import type { Answers, Known, Question } from "../core/wizard/question.ts";
import type { Prompter } from "./ports/prompter.ts";

/** One round of questions: who answers, and who is told what was taken for granted. */
export interface Round {
  /** Undefined: nobody can be asked. */
  readonly prompter: Prompter | undefined;
  /** Answers that flags gave. */
  readonly given: Answers;
  /** How a flag reads on the command line: `--name`, or `prefix=` of `--provider`. */
  flagOf(question: Question): string;
  /** Told of every answer that was taken for granted. */
  assumed(question: Question, answer: string): void;
  /** Collects flags without which it cannot go on. */
  readonly missing: string[];
}

/** Answers all questions: by flags, by asking, else by assumptions. Throws UsageError for a flag that is wrong. */
export async function askAll(questions: readonly Question[], known: Known, round: Round): Promise<Answers> {
  let answers = known.answers;
  for (const question of questions) {
    const answer = await answerOf(question, { ...known, answers }, round);
    if (answer !== undefined) answers = { ...answers, [question.id]: answer };
  }
  return answers;
}

/** One yes or no, by a flag or by asking; undefined when neither says. */
export async function askYesNo(
  question: Question,
  known: Known,
  prompter: Prompter | undefined,
): Promise<boolean | undefined> {
  if (prompter === undefined) return undefined;
  return await prompter.confirm({
    message: say(question.message, known),
    explain: say(question.explain, known),
    propose: question.propose?.(known) === "yes",
  });
}

/** Throws an error that names every flag that is missing. */
export function throwIfMissing(missing: readonly string[], hint: string): void {
  if (missing.length === 0) return;
  const [only, ...others] = missing;
  throw new MhlabError(
    "MHLAB_ANSWER_MISSING",
    others.length === 0 ? `${only} is missing` : `these are missing: ${missing.join(", ")}`,
    ExitCode.badInput,
    { hint, state: "Nothing was written." },
  );
}

async function answerOf(question: Question, known: Known, round: Round): Promise<string | undefined> {
  const words = round.given[question.id];
  if (words !== undefined) {
    const given = question.read?.(words, known) ?? words;
    // Of two questions with one flag, the second completes the first.
    if (known.answers[question.id] === given && question.when?.(known) === false) return undefined;
    const problem = question.refuse?.(known) ?? question.check(given, known);
    if (problem === undefined) return given;
    throw new UsageError(`${round.flagOf(question)} is '${shown(words)}'`, {
      hint: problem,
      state: "Nothing was written.",
    });
  }
  if (question.when?.(known) === false) return assumeQuietly(question, known);
  return round.prompter === undefined
    ? assume(question, known, round)
    : await ask(question, known, round.prompter);
}

/** The only CPE of a lab is where its providers lead, without a question. */
function assumeQuietly(question: Question, known: Known): string | undefined {
  return question.id === "link" && known.answers["link"] === undefined ? question.assume?.(known) : undefined;
}

function assume(question: Question, known: Known, round: Round): string | undefined {
  const answer = question.assume === undefined ? question.propose?.(known) : question.assume(known);
  if (answer === undefined) {
    round.missing.push(round.flagOf(question));
    return undefined;
  }
  if (question.check(answer, known) !== undefined) {
    round.missing.push(round.flagOf(question));
    return undefined;
  }
  if (answer !== "") round.assumed(question, answer);
  return answer;
}

async function ask(question: Question, known: Known, prompter: Prompter): Promise<string> {
  const message = say(question.message, known);
  const explain = say(question.explain, known);
  const propose = question.propose?.(known);
  if (question.kind === "confirm") {
    return (await prompter.confirm({ message, explain, propose: propose === "yes" })) ? "yes" : "no";
  }
  if (question.kind === "choice") {
    return await prompter.choose({ message, explain, propose, choices: question.choices?.(known) ?? [] });
  }
  const read = (answer: string): string => question.read?.(answer, known) ?? answer;
  const answer = await prompter.text({
    message,
    explain,
    propose,
    // What stands in the file may come from a variable, and is right as it is.
    check: (words) =>
      words === known.current?.[question.id] ? undefined : question.check(read(words), known),
  });
  return read(answer);
}

function say<T extends string | undefined>(text: T | ((known: Known) => T) | undefined, known: Known): T {
  return (typeof text === "function" ? text(known) : text) as T;
}

/** A wrong answer on one line; a key is never shown. */
function shown(answer: string): string {
  return answer
    .replaceAll(/[A-Za-z0-9+/]{40,}=*/g, "(a key)")
    .replaceAll(/\p{Cc}+/gu, " ")
    .slice(0, 80);
}
