import { MhlabError, UsageError } from "../core/errors.ts";
import { walk, type Script, type Step, type Walk } from "../core/wizard/interview.ts";
import { problemWith, proposalOf, type Answers, type Known } from "../core/wizard/question.ts";
import { WentBack, type Prompter } from "./ports/prompter.ts";

/** What is said beside the questions. */
export interface InterviewTalk {
  /** Before the first question of a part. */
  part(number: number): void;
  /** An answer was taken for granted. */
  assumed(step: Step, answer: string): void;
  /** An answer that cannot be, before its question comes again. */
  wrong(problem: string): void;
}

export interface InterviewOptions {
  readonly script: Script;
  /** Undefined: nobody can be asked. */
  readonly prompter: Prompter | undefined;
  /** How the flag of a question reads on the command line. */
  flagOf(step: Step): string;
  /** What an answer, right in itself, contradicts. */
  contradiction(said: readonly Answers[], step: Step): string | undefined;
  readonly talk: InterviewTalk;
  /** Answers of an earlier time. */
  readonly said?: readonly Answers[];
  /** What is proposed first, by parts: what stands in a file. */
  readonly kept?: readonly Answers[];
}

/** An interview that goes on until all is answered, and can be taken up again from any question. */
export class Interview {
  readonly #options: InterviewOptions;
  readonly #missing: Step[] = [];
  #said: readonly Answers[];
  #kept: readonly Answers[];
  #part = 0;

  constructor(options: InterviewOptions) {
    this.#options = options;
    this.#said = options.said ?? [];
    this.#kept = options.kept ?? [];
  }

  /** The answers that hold so far, in parts. */
  get said(): readonly Answers[] {
    return this.#walk().said;
  }

  /** All that was answered, also to questions that are open again. */
  get draft(): readonly Answers[] {
    const parts = Math.max(this.#said.length, this.#kept.length);
    return Array.from({ length: parts }, (_, part) => ({ ...this.#kept[part], ...this.#said[part] }));
  }

  /** How many questions a person, or an assumption, has answered. */
  get count(): number {
    return this.#walk().done.length;
  }

  /** The names of flags without which it cannot go on. */
  get missing(): string[] {
    const isMissing = (part: number, id: string | undefined): boolean =>
      this.#missing.some((step) => step.part === part && step.question.id === id);
    return this.#missing
      .filter(({ part, question }) => !isMissing(part, question.follows))
      .map((step) => this.#options.flagOf(step));
  }

  /** Answers all that is open: by flags, by asking, else by assumptions. Throws UsageError for a flag that is wrong. */
  async finish(): Promise<readonly Answers[]> {
    for (;;) {
      const { open, refused, said, done } = this.#walk();
      if (refused !== undefined) throw this.#badFlag(refused);
      if (open === undefined) return said;
      await this.#answer(open, done);
    }
  }

  /** Opens the last question again. */
  back(): void {
    const last = this.#walk().done.at(-1);
    if (last !== undefined) this.#open(last);
  }

  /** Opens the question of a wrong answer again; false when nobody was asked it. */
  reopen(wrong: { part: number; id: string; problem: string }): boolean {
    const step = this.#walk().done.find(
      ({ part, question }) => part === wrong.part && question.id === wrong.id,
    );
    if (step === undefined || this.#options.prompter === undefined) return false;
    this.#options.talk.wrong(wrong.problem);
    this.#open(step);
    return true;
  }

  #walk(): Walk {
    return walk(this.#options.script, {
      said: this.#said,
      kept: this.#kept,
      without: ({ part, question }) =>
        this.#missing.some((step) => step.part === part && step.question === question),
    });
  }

  /** Opens a question; its answer stays as the proposal. */
  #open({ part, question: { id } }: Step): void {
    const answer = this.#said[part]?.[id];
    if (answer !== undefined) this.#kept = withAnswer(this.#kept, { part, id }, answer);
    this.#said = withAnswer(this.#said, { part, id }, undefined);
  }

  async #answer(step: Step, done: readonly Step[]): Promise<void> {
    const { prompter, talk } = this.#options;
    const { part, question } = step;
    if (prompter === undefined) return this.#assume(step);
    if (part !== this.#part) talk.part(part);
    this.#part = part;
    try {
      const answer = await ask(step, {
        prompter,
        back: done.length > 0,
        check: (one) => this.#problem(step, one),
      });
      // A choice is made first and judged then; a yes or no contradicts nothing.
      const problem = question.kind === "choice" ? this.#problem(step, answer) : undefined;
      if (problem === undefined) this.#said = withAnswer(this.#said, { part, id: question.id }, answer);
      else talk.wrong(problem);
    } catch (error) {
      if (!(error instanceof WentBack)) throw error;
      const last = done.at(-1);
      if (last !== undefined) this.#open(last);
    }
  }

  #problem(step: Step, answer: string): string | undefined {
    const problem = problemWith(step.question, answer, step.known);
    if (problem !== undefined) return problem;
    const { part, question, known } = step;
    const said = [...this.#walk().said.slice(0, part), { ...known.answers, [question.id]: answer }];
    return this.#options.contradiction(said, step);
  }

  #assume(step: Step): void {
    const { part, question, known } = step;
    const answer = question.assume === undefined ? question.propose?.(known) : question.assume(known);
    if (answer === undefined || question.check(answer, known) !== undefined) {
      this.#missing.push(step);
      return;
    }
    if (answer !== "") this.#options.talk.assumed(step, answer);
    this.#said = withAnswer(this.#said, { part, id: question.id }, answer);
  }

  #badFlag({ step, words, problem }: NonNullable<Walk["refused"]>): UsageError {
    return new UsageError(`${this.#options.flagOf(step)} is '${shown(words)}'`, {
      hint: problem,
      state: "Nothing was written.",
    });
  }
}

/** Throws an error that names every flag that is missing. */
export function throwIfMissing(missing: readonly string[], hint: string): void {
  if (missing.length === 0) return;
  const [only, ...others] = missing;
  throw new MhlabError(
    "MHLAB_ANSWER_MISSING",
    others.length === 0 ? `${only} is missing` : `these are missing: ${missing.join(", ")}`,
    { hint, state: "Nothing was written." },
  );
}

interface Asking {
  readonly prompter: Prompter;
  readonly back: boolean;
  readonly check: (answer: string) => string | undefined;
}

async function ask({ question, known }: Step, { prompter, back, check }: Asking): Promise<string> {
  const message = say(question.message, known);
  const explain = say(question.explain, known);
  const propose = proposalOf(question, known);
  if (question.kind === "confirm") {
    return (await prompter.confirm({ message, explain, propose: propose === "yes", back })) ? "yes" : "no";
  }
  if (question.kind === "choice") {
    return await prompter.choose({
      message,
      explain,
      propose,
      back,
      choices: question.choices?.(known) ?? [],
    });
  }
  const read = (answer: string): string => question.read?.(answer, known) ?? answer;
  return read(
    await prompter.text({ message, explain, propose, back, read, check: (words) => check(read(words)) }),
  );
}

function say<T extends string | undefined>(text: T | ((known: Known) => T) | undefined, known: Known): T {
  return (typeof text === "function" ? text(known) : text) as T;
}

/** Answers in parts with one of them changed, or taken out. */
function withAnswer(
  parts: readonly Answers[],
  { part, id }: { part: number; id: string },
  answer: string | undefined,
): readonly Answers[] {
  const { [id]: _, ...others } = parts[part] ?? {};
  const own = answer === undefined ? others : { ...others, [id]: answer };
  return Array.from({ length: Math.max(parts.length, part + 1) }, (__, index) =>
    index === part ? own : (parts[index] ?? {}),
  );
}

/** A wrong answer on one line; a key is never shown. */
function shown(answer: string): string {
  return answer
    .replaceAll(/[A-Za-z0-9+/]{40,}=*/g, "(a key)")
    .replaceAll(/\p{Cc}+/gu, " ")
    .slice(0, 80);
}
