import { Cancelled, MhlabError } from "../core/errors.ts";
import { draftFile, draftText, readDraft } from "../core/wizard/draft.ts";
import { closingQuestions } from "../core/wizard/lab-questions.ts";
import type { Answers } from "../core/wizard/question.ts";
import type { LabFiles } from "./ports/lab-files.ts";
import type { LabSource } from "./ports/lab-source.ts";
import type { Prompter } from "./ports/prompter.ts";

export interface DraftPorts {
  readonly prompter: Prompter | undefined;
  readonly files: LabFiles;
  readonly source: LabSource;
}

/** What is said of drafts. */
export interface DraftTalk {
  /** A draft that could not be written, to be copied. */
  draft(text: string): void;
  wrong(problem: string): void;
}

/** The answers of an earlier time with which a person wants to go on; none when there are none. */
export async function findDraft(
  { prompter, source }: DraftPorts,
  file: string,
  talk: DraftTalk,
): Promise<readonly Answers[]> {
  const draft = draftFile(file);
  if (prompter === undefined || !(await source.exists(draft))) return [];
  const answers = readDraft(await source.read(draft));
  if (answers === undefined) {
    talk.wrong(`${draft} is no draft of answers; the questions begin with the first`);
    return [];
  }
  const { message } = closingQuestions.resume;
  return (await prompter.confirm({
    message,
    explain: `${draft} has answers of an earlier time.`,
    propose: true,
  }))
    ? answers
    : [];
}

/** Offers to keep answers that would be lost; what there is to say of them afterwards, if anything. */
export async function offerDraft(
  { prompter, files }: DraftPorts,
  { file, answers, signal }: { file: string; answers: readonly Answers[]; signal: AbortSignal },
  talk: DraftTalk,
): Promise<{ state: string; hint: string } | undefined> {
  if (!signal.aborted && !(await wantsDraft(prompter))) return undefined;
  const text = draftText(file, answers);
  const hint = `go on from there with: mhlab init ${file}`;
  try {
    await files.write(draftFile(file), text);
    return { state: `Your answers are in ${draftFile(file)}.`, hint };
  } catch (error) {
    if (!(error instanceof MhlabError)) throw error;
    talk.draft(text);
    return {
      state: `Your answers are above; ${draftFile(file)} could not be written.`,
      hint: `put them into a file <lab.yaml>.draft, and go on with: mhlab init <lab.yaml>`,
    };
  }
}

/** A second Ctrl-C is a no. */
async function wantsDraft(prompter: Prompter | undefined): Promise<boolean> {
  const { message } = closingQuestions.keep;
  try {
    return (await prompter?.confirm({ message, propose: true })) === true;
  } catch (error) {
    if (error instanceof Cancelled) return false;
    throw error;
  }
}
