import { LabFileError, MhlabError, StateError } from "../core/errors.ts";
import { readLoosely, type Edited } from "../core/lab/edit.ts";
import type { Lab } from "../core/lab/model.ts";
import type { Answers } from "../core/wizard/question.ts";
import { loadLab } from "./choose-lab.ts";
import type { LabSource } from "./ports/lab-source.ts";
import type { LabFiles } from "./ports/lab-files.ts";
import type { Machine } from "./ports/machine.ts";
import type { Prompter } from "./ports/prompter.ts";

export interface ProviderPorts {
  readonly prompter: Prompter | undefined;
  readonly machine: Machine;
  readonly files: LabFiles;
  readonly source: LabSource;
}

export interface ProviderJob {
  readonly file: string;
  readonly given: Answers;
  /** No question at all, and no look at the result before it is written. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

export interface ProviderTalk {
  /** Before the first question. */
  begin(): void;
  /** An answer that cannot be, before its question comes again. */
  wrong(problem: string): void;
  /** The command line that says what was answered, when it was not written. */
  kept(command: readonly string[]): void;
  assumed(flag: string, answer: string): void;
  diff(before: string, after: string): void;
}

export interface ProviderResult {
  readonly lab: Lab;
  readonly provider: string;
  readonly before: string;
  readonly text: string;
  readonly written: boolean;
}

/** A lab file that is to be changed. */
export interface OpenFile {
  readonly text: string;
  readonly data: Record<string, unknown>;
}

/** Reads a lab file, right or not yet; throws when it is no map of keys. */
export async function openFile({ source }: ProviderPorts, { file }: ProviderJob): Promise<OpenFile> {
  let text: string;
  try {
    text = await source.read(file);
  } catch (error) {
    await loadLab(file, source); // Says why it cannot be read.
    throw error;
  }
  const data = readLoosely(text);
  if (data !== undefined) return { text, data };
  const parsed = source.parse(text, { file });
  throw new LabFileError("diagnostics" in parsed ? parsed.diagnostics : [], {
    state: "Nothing was written.",
  });
}

export interface Finishing {
  readonly talk: ProviderTalk;
  readonly file: OpenFile;
  readonly provider: string;
  readonly edited: Edited;
  /** Whether there is a question to go back to: WentBack is thrown then. */
  readonly back?: boolean;
}

/** Checks the new text, shows what changes, and writes it when that is wanted. */
export async function finish(
  ports: ProviderPorts,
  job: ProviderJob,
  { talk, file, provider, edited, back = false }: Finishing,
): Promise<ProviderResult> {
  if (edited.text === undefined) {
    throw new MhlabError("MHLAB_EDIT_REFUSED", edited.refusal.message, {
      hint: edited.refusal.hint,
      state: "Nothing was written.",
    });
  }
  const { text } = edited;
  const parsed = ports.source.parse(text, { file: job.file });
  if (!("lab" in parsed)) {
    // A place in the file as it is says more than one in the file as it would be.
    const own = ports.source.parse(file.text, { file: job.file });
    const diagnostics = "diagnostics" in own && isOwnFault(own) ? own.diagnostics : parsed.diagnostics;
    throw new LabFileError(diagnostics, { state: "Nothing was written." });
  }
  const result = { lab: parsed.lab, provider, before: file.text, text };
  if (text === file.text) return { ...result, written: false };
  talk.diff(file.text, text);
  if (job.dryRun) return { ...result, written: false };
  if (
    ports.prompter !== undefined &&
    !(await ports.prompter.confirm({ message: "Write it?", propose: true, back }))
  ) {
    return { ...result, written: false };
  }
  job.signal.throwIfAborted();
  if ((await ports.source.read(job.file)) !== file.text) {
    throw new StateError("MHLAB_FILE_CHANGED", `${job.file} was changed meanwhile by somebody else`, {
      hint: "run the command again; it starts from the file as it is now",
      state: "Nothing was written.",
    });
  }
  await ports.files.write(job.file, text);
  return { ...result, written: true };
}

/** Whether the file was wrong before, and not only for want of what is being added. */
function isOwnFault({ diagnostics }: { diagnostics: readonly { code: string }[] }): boolean {
  return diagnostics.some(({ code }) => code !== "MHLAB_LAB_NO_PROVIDERS");
}
