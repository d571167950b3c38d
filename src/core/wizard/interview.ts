/** Which question comes next: an interview is its answers, and all else follows from these. */
import { problemWith, type Answers, type Known, type Question } from "./question.ts";

/** Questions that belong together: those about the lab, or about one provider. */
export interface Part {
  readonly questions: readonly Question[];
  readonly known: Omit<Known, "answers" | "kept">;
  /** Answers that flags gave. */
  readonly given: Answers;
}

/** The parts of an interview, of which each may follow from the answers in those before; undefined after the last. */
export type Script = (part: number, said: readonly Answers[]) => Part | undefined;

/** A question, where it is asked, and what is known there. */
export interface Step {
  readonly part: number;
  readonly question: Question;
  readonly known: Known;
}

export interface Walk {
  /** The answers that hold, up to the open question. */
  readonly said: readonly Answers[];
  /** What was answered by asking or by assumption, in order. */
  readonly done: readonly Step[];
  /** The first question without a right answer. */
  readonly open: Step | undefined;
  /** A flag that cannot be, with what is wrong with it. */
  readonly refused: { readonly step: Step; readonly words: string; readonly problem: string } | undefined;
}

/** What was told in an interview. */
export interface Told {
  readonly said: readonly Answers[];
  /** Earlier answers to questions that are open again, or what stands in a file. */
  readonly kept: readonly Answers[];
  /** Questions that nobody can answer, so that the interview goes on without. */
  readonly without: (step: Step) => boolean;
}

/** Goes through an interview from its start, up to the first open question; an answer that no longer fits is open. */
export function walk(script: Script, { said, kept, without }: Told): Walk {
  const held: Answers[] = [];
  const done: Step[] = [];
  for (let number = 0; ; number++) {
    const part = script(number, held);
    if (part === undefined) return { said: held, done, open: undefined, refused: undefined };
    held.push({});
    for (const question of part.questions) {
      const answers = held[number] ?? {};
      const step = {
        part: number,
        question,
        known: { ...part.known, kept: kept[number] ?? {}, answers },
      };
      const found = answerTo(step, part.given[question.id], said[number]?.[question.id]);
      if ("problem" in found) return { said: held, done, open: undefined, refused: { step, ...found } };
      if (found.asked === true) done.push(step);
      if (found.answer !== undefined) held[number] = { ...answers, [question.id]: found.answer };
      else if (found.open === true && !without(step))
        return { said: held, done, open: step, refused: undefined };
    }
  }
}

type Found =
  | { readonly answer?: string; readonly asked?: true; readonly open?: true }
  | { readonly words: string; readonly problem: string };

function answerTo({ question, known }: Step, words: string | undefined, said: string | undefined): Found {
  const isAsked = question.when?.(known) !== false;
  if (words !== undefined) {
    const given = question.read?.(words, known) ?? words;
    // Of two questions with one flag, the second completes the first.
    if (known.answers[question.id] === given && !isAsked) return {};
    const problem = question.refuse?.(known) ?? question.check(given, known);
    return problem === undefined ? { answer: given } : { words, problem };
  }
  if (!isAsked) {
    const implied = known.answers[question.id] === undefined ? question.imply?.(known) : undefined;
    return implied === undefined ? {} : { answer: implied };
  }
  return said !== undefined && problemWith(question, said, known) === undefined
    ? { answer: said, asked: true }
    : { open: true };
}
