import { MhlabError } from "../core/errors.ts";
import type { Edited } from "../core/lab/edit.ts";
import { newlyWrong, wrongAnswers, type Wrong } from "../core/wizard/contradiction.ts";
import { withoutBegun } from "../core/wizard/links.ts";
import { proposePrefix } from "../core/wizard/proposals.ts";
import type { Answers, Known, Question } from "../core/wizard/question.ts";
import { Interview, throwIfMissing } from "./interview.ts";
import { WentBack } from "./ports/prompter.ts";
import {
  finish,
  type OpenFile,
  type ProviderJob,
  type ProviderPorts,
  type ProviderResult,
  type ProviderTalk,
} from "./provider-file.ts";

/** An interview about one provider of a file. */
export interface About {
  readonly talk: ProviderTalk;
  readonly file: OpenFile;
  readonly questions: readonly Question[];
  readonly known: Omit<Known, "answers">;
  readonly given: Answers;
  /** Its place among the providers of the file, from 0. */
  readonly index: number;
  /** The file as answers would have it, also when some are still missing. */
  edit(answers: Answers): Edited;
  called(answers: Answers): string;
  /** The command line that says the same as answers. */
  command(answers: Answers): readonly string[];
}

const REQUIRED: ReadonlySet<string> = new Set(["name", "prefix"]);

/** Asks until the file that comes of it is right, and writes it when that is wanted; what was said is never lost. */
export async function interviewAbout(
  ports: ProviderPorts,
  job: ProviderJob,
  about: About,
): Promise<ProviderResult> {
  const { talk, file, known } = about;
  // A change by flags is told wholly.
  const byFlags = known.current !== undefined && Object.keys(about.given).length > 0;
  const prompter = byFlags ? undefined : ports.prompter;
  const interview = openInterview({ ...ports, prompter }, job, about);
  if (prompter !== undefined) talk.begin();
  const keep = (): void => {
    const words = about.command(interview.said[0] ?? {});
    if (prompter !== undefined && words.some((word) => word.startsWith("--"))) talk.kept(words);
  };
  try {
    for (;;) {
      const [answers = {}] = await interview.finish();
      throwIfMissing(interview.missing, "give them as flags, or run it at a terminal to be asked");
      const edited = about.edit(answers);
      const wrong = edited.text === undefined ? [] : wrongIn(ports, job, edited.text);
      const own = wrong.filter(({ provider }) => provider === about.index);
      if (own.some((one) => interview.reopen({ part: 0, id: one.id, problem: one.problem }))) continue;
      const result = await finishOrBack(ports, job, {
        talk,
        file,
        provider: about.called(answers),
        edited,
        back: prompter !== undefined && interview.count > 0,
      });
      if (result === undefined) {
        interview.back();
        continue;
      }
      if (!result.written && !job.dryRun && result.text !== result.before) keep();
      return result;
    }
  } catch (error) {
    if (error instanceof MhlabError) keep();
    throw error;
  }
}

/** The flags that give those answers that differ; details imply that the usual is not wanted. */
export function flagsFor(before: Answers, answers: Answers): string[] {
  return Object.entries(answers).flatMap(([id, answer]) =>
    id === "defaults" || answer === (before[id] ?? "") ? [] : [`--${id}`, answer],
  );
}

function openInterview({ prompter, source }: ProviderPorts, job: ProviderJob, about: About): Interview {
  const { questions, known, given, talk } = about;
  const wrongWith = (answers: Answers): Wrong[] => {
    // What is asked later may still change. No file can be without a prefix.
    const later =
      known.current === undefined
        ? { prefix: proposePrefix(known.neighbours) }
        : Object.fromEntries(questions.flatMap(({ id }) => (REQUIRED.has(id) ? [] : [[id, ""]])));
    const { text } = about.edit({ ...later, ...withoutBegun(answers) });
    return text === undefined ? [] : wrongIn({ source }, job, text);
  };
  return new Interview({
    script: (part) => (part === 0 ? { questions, known, given } : undefined),
    prompter,
    kept: known.current === undefined ? [] : [known.current],
    flagOf: ({ question }) => `--${question.flag}`,
    contradiction: ([answers = {}], step) =>
      newlyWrong(wrongWith(answers), () => wrongWith(step.known.answers)),
    talk: {
      part() {},
      wrong: (problem) => talk.wrong(problem),
      assumed: ({ question }, answer) => talk.assumed(`--${question.flag}`, answer),
    },
  });
}

function wrongIn({ source }: Pick<ProviderPorts, "source">, { file }: ProviderJob, text: string): Wrong[] {
  const parsed = source.parse(text, { file });
  return "lab" in parsed ? [] : wrongAnswers(parsed.diagnostics);
}

/** Undefined when the person goes back instead. */
async function finishOrBack(
  ...[ports, job, finishing]: Parameters<typeof finish>
): Promise<ProviderResult | undefined> {
  try {
    return await finish(ports, job, finishing);
  } catch (error) {
    if (error instanceof WentBack) return undefined;
    throw error;
  }
}
