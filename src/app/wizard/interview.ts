import { MhlabError, UsageError } from "../../core/model/errors.ts";
import type { Diagnostic } from "../../core/model/diagnostics.ts";
import type { Answers, Known, Question } from "../../features/wizard/question.ts";
import type { LabFiles } from "../ports/lab-files.ts";
import type { LabSource } from "../ports/lab-source.ts";
import type { Machine } from "../ports/machine.ts";
import type { Prompter } from "../ports/prompter.ts";

/** What errors of the wizard say of the lab file. */
export const UNWRITTEN = { state: "Nothing was written." };

/** What the wizard needs; without a prompter, options and defaults answer. */
export interface WizardPorts {
  readonly prompter: Prompter | undefined;
  readonly machine: Machine;
  readonly files: LabFiles;
  readonly source: LabSource;
}

/** What the wizard prints beside its questions. */
export interface WizardTalk {
  /** A default answered the question of an option. */
  assumed(option: string, answer: string): void;
  /** A choice was refused; its question comes again. */
  wrong(problem: string): void;
}

export interface Interview {
  readonly questions: readonly Question[];
  readonly known: Omit<Known, "answers">;
  /** Answers from options. */
  readonly given: Answers;
  readonly prompter: Prompter | undefined;
  /** The option of a question, as the user types it. */
  readonly optionOf: (question: Question) => string;
  readonly assumed: (question: Question, answer: string) => void;
  readonly wrong: (problem: string) => void;
  /** The lab file with these answers, parsed. */
  readonly diagnose: (answers: Answers) => readonly Diagnostic[];
  /** Takes the options that are missing. */
  readonly missing: string[];
}

/** Answers questions in turn: by options, by asking, else by defaults. Throws UsageError for an option that is wrong, Cancelled. */
export async function interview(about: Interview): Promise<Answers> {
  let answers: Answers = {};
  for (const question of about.questions) {
    const known: Known = { ...about.known, answers };
    const answer = await answerTo(question, known, about);
    if (answer !== undefined) answers = { ...answers, [question.id]: answer };
  }
  return answers;
}

async function answerTo(question: Question, known: Known, about: Interview): Promise<string | undefined> {
  const { given, prompter, assumed, optionOf, missing } = about;
  const words = given[question.id];
  if (words !== undefined) {
    const answer = question.read?.(words, known) ?? words;
    const problem = question.refuse?.(known) ?? problemWith(question, answer, known);
    if (problem === undefined) return answer;
    throw new UsageError(`${optionOf(question)} is '${shown(words)}'`, {
      hint: problem,
      ...UNWRITTEN,
    });
  }
  if (question.when?.(known) === false) return question.imply?.(known);
  if (prompter !== undefined) return await ask(question, known, about, prompter);
  const answer = question.assume === undefined ? question.propose?.(known) : question.assume(known);
  if (answer === undefined || (answer !== "" && question.check(answer, known) !== undefined)) {
    missing.push(optionOf(question));
    return undefined;
  }
  if (answer !== "") assumed(question, answer);
  return answer;
}

async function ask(question: Question, known: Known, about: Interview, prompter: Prompter): Promise<string> {
  const message = textOf(question.message, known) ?? "";
  const explain = textOf(question.explain, known);
  const propose = known.current?.[question.id] ?? question.propose?.(known);
  if (question.kind === "confirm") {
    return (await prompter.confirm({ message, explain, propose: propose === "yes" })) ? "yes" : "no";
  }
  const check = (answer: string): string | undefined =>
    problemWith(question, answer, known) ?? contradiction(question, answer, known, about);
  if (question.kind === "text") {
    const read = (answer: string): string => question.read?.(answer, known) ?? answer;
    const answer = await prompter.text({
      message,
      explain,
      propose,
      read,
      check: (words) => check(read(words)),
    });
    return read(answer);
  }
  for (;;) {
    const choices = question.choices?.(known) ?? [];
    const choice = await prompter.choose({ message, explain, propose, choices });
    const more = question.more?.(choice, known);
    if (more !== undefined) return await ask(more, { ...known, current: undefined }, about, prompter);
    const problem = check(choice);
    if (problem === undefined) return choice;
    about.wrong(problem);
  }
}

/** What is wrong with an answer; a value of the file may contain a variable and is right as it is. */
function problemWith(question: Question, answer: string, known: Known): string | undefined {
  return answer === known.current?.[question.id] ? undefined : question.check(answer, known);
}

/** Problems that later answers solve. */
const UNFINISHED: ReadonlySet<string> = new Set([
  "MHLAB_LAB_MISSING",
  "MHLAB_LAB_NO_PROVIDERS",
  "MHLAB_LAB_NO_SUBSCRIBER",
  "MHLAB_LAB_FAR_SIDE_MISSING",
  "MHLAB_LAB_UNUSED_CPE",
]);

/** What an answer, right in itself, makes wrong in the lab file. */
function contradiction(
  { id }: Question,
  answer: string,
  { answers }: Known,
  { diagnose }: Interview,
): string | undefined {
  const problems = (some: Answers): string[] =>
    diagnose(some)
      .filter(({ severity, code }) => severity === "error" && !UNFINISHED.has(code))
      .map(({ message, hint }) => (hint === undefined ? message : `${message}: ${hint}`));
  const after = problems({ ...answers, [id]: answer });
  if (after.length === 0) return undefined;
  const before = new Set(problems(answers));
  return after.find((problem) => !before.has(problem));
}

/** Throws an error that names every option that is missing. */
export function throwIfMissing(missing: readonly string[], hint: string): void {
  const [only, ...others] = missing;
  if (only === undefined) return;
  throw new MhlabError(
    "MHLAB_ANSWER_MISSING",
    others.length === 0 ? `${only} is missing` : `these are missing: ${missing.join(", ")}`,
    { hint, ...UNWRITTEN },
  );
}

function textOf(
  text: string | ((known: Known) => string | undefined) | undefined,
  known: Known,
): string | undefined {
  return typeof text === "function" ? text(known) : text;
}

/** A wrong answer on one line, without keys. */
function shown(answer: string): string {
  return answer
    .replaceAll(/[A-Za-z0-9+/]{40,}=*/g, "(a key)")
    .replaceAll(/\p{Cc}+/gu, " ")
    .slice(0, 80);
}
