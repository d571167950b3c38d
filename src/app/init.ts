import { LabFileError, MhlabError } from "../core/errors.ts";
import type { Lab } from "../core/lab/model.ts";
import { isBare } from "../core/links/word.ts";
import { newlyWrong, wrongAnswers, type Wrong } from "../core/wizard/contradiction.ts";
import { draftFile } from "../core/wizard/draft.ts";
import { initScript } from "../core/wizard/init-script.ts";
import { closingQuestions } from "../core/wizard/lab-questions.ts";
import { labText, partialLabText } from "../core/wizard/lab-text.ts";
import type { Step } from "../core/wizard/interview.ts";
import { UNKNOWN_MACHINE, type MachineFacts } from "../core/wizard/machine.ts";
import type { Answers } from "../core/wizard/question.ts";
import type { LabSource } from "./ports/lab-source.ts";
import { findDraft, offerDraft, type DraftTalk } from "./init-draft.ts";
import { Interview, throwIfMissing } from "./interview.ts";
import type { LabFiles } from "./ports/lab-files.ts";
import type { Machine } from "./ports/machine.ts";
import { WentBack, type Prompter } from "./ports/prompter.ts";

export interface InitPorts {
  readonly prompter: Prompter | undefined;
  readonly machine: Machine;
  readonly files: LabFiles;
  readonly source: LabSource;
}

export interface InitOptions {
  readonly file: string;
  /** Name of the folder in which the lab file will be. */
  readonly folder: string;
  readonly schema: string;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly lab: Answers;
  readonly providers: readonly Answers[];
  readonly signal: AbortSignal;
}

/** What a person is told on the way. */
export interface InitTalk extends DraftTalk {
  welcome(facts: MachineFacts): void;
  /** Before the questions about a provider; numbers count from 1. */
  provider(number: number): void;
  assumed(flag: string, answer: string): void;
  preview(text: string): void;
  /** Where answers are that were not written as a lab file. */
  kept(state: string, hint: string): void;
}

export interface InitResult {
  readonly lab: Lab;
  readonly text: string;
  readonly written: boolean;
}

/** Makes a lab file from answers; nothing is written before all of them are there and the file is right. */
export async function init(ports: InitPorts, options: InitOptions, talk: InitTalk): Promise<InitResult> {
  const { file, signal } = options;
  await checkTarget(ports, options);
  const looks = ports.prompter !== undefined || options.providers.some(({ link }) => isBare(link));
  const facts = looks ? await ports.machine.look(signal) : UNKNOWN_MACHINE;
  if (ports.prompter !== undefined) talk.welcome(facts);
  const said = await findDraft(ports, file, talk);
  const interview = openInterview(ports, options, { talk, facts, said });
  const keep = async (): Promise<{ state: string; hint: string } | undefined> =>
    ports.prompter !== undefined && interview.count > 0
      ? await offerDraft(ports, { file, answers: interview.draft, signal }, talk)
      : undefined;
  try {
    const result = await settle(ports, options, { interview, talk });
    if (result.written) await ports.files.remove(draftFile(file));
    else if (!options.dryRun) {
      const kept = await keep();
      if (kept !== undefined) talk.kept(kept.state, kept.hint);
    }
    return result;
  } catch (error) {
    const kept = error instanceof MhlabError ? await keep() : undefined;
    throw kept === undefined || !(error instanceof MhlabError) ? error : error.with(kept);
  }
}

/** Asks until the answers make a lab file that is right, and writes it when that is wanted. */
async function settle(
  { prompter, files, source }: InitPorts,
  { schema, file, dryRun, signal }: InitOptions,
  { interview, talk }: { interview: Interview; talk: InitTalk },
): Promise<InitResult> {
  for (;;) {
    const [lab = {}, ...providers] = await interview.finish();
    throwIfMissing(
      interview.missing,
      "give them, as in --provider name=alpha,endpoint=192.0.2.42:51820,peer=<public key>, or run it at a terminal to be asked",
    );
    const text = labText({ schema, lab, providers });
    const parsed = source.parse(text, { file });
    if (!("lab" in parsed)) {
      if (wrongAnswers(parsed.diagnostics).some((wrong) => interview.reopen(placed(wrong)))) continue;
      throw new LabFileError(parsed.diagnostics, { state: "Nothing was written." });
    }
    const result = { lab: parsed.lab, text, written: false };
    if (dryRun) return result;
    if (prompter !== undefined) {
      talk.preview(text);
      const agreed = await askToWrite(prompter, interview);
      if (agreed === "back") continue;
      if (agreed === "no") return result;
    }
    signal.throwIfAborted();
    await files.write(file, text);
    return { ...result, written: true };
  }
}

async function askToWrite(prompter: Prompter, interview: Interview): Promise<"yes" | "no" | "back"> {
  const { message } = closingQuestions.write;
  try {
    return (await prompter.confirm({ message, propose: true, back: interview.count > 0 })) ? "yes" : "no";
  } catch (error) {
    if (!(error instanceof WentBack)) throw error;
    interview.back();
    return "back";
  }
}

interface Opening {
  readonly talk: InitTalk;
  readonly facts: MachineFacts;
  readonly said: readonly Answers[];
}

function openInterview(
  { prompter, source }: InitPorts,
  { file, folder, lab, providers }: InitOptions,
  { talk, facts, said }: Opening,
): Interview {
  const called = ({ part }: Step): string => `provider ${providers[part - 1]?.["name"] ?? part}`;
  const wrongIn = (answers: readonly Answers[]): Wrong[] => {
    const parsed = source.parse(partialLabText(answers), { file });
    return "lab" in parsed ? [] : wrongAnswers(parsed.diagnostics);
  };
  return new Interview({
    script: initScript({ folder, facts, lab, providers, asks: prompter !== undefined }),
    prompter,
    said,
    flagOf: (step) =>
      step.part === 0 ? step.question.flag : `--provider ${step.question.flag}= (${called(step)})`,
    contradiction: (answers, { part, known }) =>
      part === 0
        ? undefined
        : newlyWrong(wrongIn(answers), () => wrongIn([...answers.slice(0, part), known.answers])),
    talk: {
      part(number) {
        if (number > 0) talk.provider(number);
      },
      wrong: (problem) => talk.wrong(problem),
      assumed(step, answer) {
        const { id, flag } = step.question;
        if (step.part > 0) talk.assumed(`--provider ${flag}=`, `${answer} (${called(step)})`);
        else if (id !== "customer" || answer !== "bundled") talk.assumed(flag, answer);
      },
    },
  });
}

/** The lab is the first part of the interview. */
function placed({ provider, id, problem }: Wrong): { part: number; id: string; problem: string } {
  return { part: provider === undefined ? 0 : provider + 1, id, problem };
}

/** An existing file is overwritten by --force or a yes only; a folder that takes no file is told before all questions. */
async function checkTarget(
  { prompter, files }: InitPorts,
  { file, force, dryRun }: InitOptions,
): Promise<void> {
  if (dryRun) return;
  if (prompter !== undefined) await files.checkFolder(file);
  if (force || !(await files.exists(file))) return;
  const message = `${file} exists. Overwrite it?`;
  if ((await prompter?.confirm({ message, propose: false })) === true) return;
  throw new MhlabError("MHLAB_FILE_EXISTS", `${file} exists`, {
    hint: `name another file, or overwrite it with --force\nto change it: mhlab provider add ${file}`,
    state: "Nothing was written.",
  });
}
