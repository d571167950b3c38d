import { LabFileError, MhlabError, StateError, UsageError } from "../../core/model/errors.ts";
import { addEntry, changeEntry, readLoosely, removeEntry, type Edited } from "../../core/model/lab/edit.ts";
import type { Lab } from "../../core/model/lab/model.ts";
import { isBare } from "../../core/model/links/word.ts";
import { suggest } from "../../core/model/values/suggest.ts";
import { UNKNOWN_MACHINE } from "../../features/wizard/machine.ts";
import { proposePrefix } from "../../features/wizard/proposals.ts";
import {
  answersOf,
  changesBetween,
  entriesIn,
  neighboursIn,
  providerEntry,
} from "../../features/wizard/provider-entry.ts";
import { providerQuestions, withImplied } from "../../features/wizard/provider-questions.ts";
import type { Answers, Known, Question } from "../../features/wizard/question.ts";
import { loadLab } from "../choose-lab.ts";
import { interview, throwIfMissing, UNWRITTEN, type WizardPorts, type WizardTalk } from "./interview.ts";

/** One change of a lab file. */
export interface ProviderJob {
  readonly file: string;
  /** The provider to change or remove. */
  readonly name?: string | undefined;
  readonly given: Answers;
  readonly removeCpe?: boolean;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

export interface ProviderTalk extends WizardTalk {
  /** Before the first question. */
  begin(): void;
  diff(before: string, after: string): void;
}

export interface ProviderResult {
  readonly lab: Lab;
  readonly provider: string;
  readonly before: string;
  readonly text: string;
  readonly written: boolean;
}

interface OpenFile {
  readonly text: string;
  readonly data: Record<string, unknown>;
}

/** Values that a later answer may still change; no file can be without a name or a prefix. */
const UNANSWERED = Object.fromEntries(
  providerQuestions.flatMap(({ id }) => (id === "name" || id === "prefix" ? [] : [[id, ""]])),
);

/** Adds a provider to a lab file. */
export async function addProvider(
  ports: WizardPorts,
  job: ProviderJob,
  talk: ProviderTalk,
): Promise<ProviderResult> {
  const file = await openFile(ports, job);
  const known = await knownOf(ports, file, job);
  const edit = (answers: Answers): Edited => addEntry(file.text, "providers", providerEntry(answers));
  const prefix = proposePrefix(known.neighbours);
  const answers = await askAbout(ports, job, {
    talk,
    known,
    questions: providerQuestions,
    given: withImplied(job.given),
    edit: (some) => edit({ prefix, ...some }),
  });
  return await finish(ports, job, { talk, file, provider: answers["name"] ?? "", edited: edit(answers) });
}

/** Changes a provider of a lab file: by options, or else by asking. */
export async function editProvider(
  ports: WizardPorts,
  job: ProviderJob,
  talk: ProviderTalk,
): Promise<ProviderResult> {
  const file = await openFile(ports, job);
  const name = await chooseProvider(ports, file, job.name);
  const entry = entriesIn(file.data, "providers").find((one) => one["name"] === name);
  const current = { ...answersOf(entry), ...impliedLink(file.data, entry) };
  const byOptions = Object.keys(job.given).length > 0;
  if (!byOptions && ports.prompter === undefined) {
    throw new UsageError("there is nothing to change", {
      hint: `say what, for example: mhlab provider edit ${job.file} ${name} --preferred 10m`,
      ...UNWRITTEN,
    });
  }
  const known = await knownOf(ports, file, job);
  const edit = (answers: Answers): Edited =>
    changeEntry(file.text, "providers", { name, changes: changesBetween(current, answers) });
  const answers = await askAbout({ ...ports, ...(byOptions ? { prompter: undefined } : {}) }, job, {
    talk,
    known: { ...known, neighbours: known.neighbours.filter((one) => one.name !== name), current },
    questions: byOptions
      ? providerQuestions.filter(({ id }) => job.given[id] !== undefined)
      : providerQuestions,
    given: job.given,
    edit: (some) => edit({ ...UNANSWERED, ...some }),
  });
  return await finish(ports, job, { talk, file, provider: answers["name"] ?? name, edited: edit(answers) });
}

/** Removes a provider from a lab file, and with `removeCpe` or a yes the CPE that no other provider serves. */
export async function removeProvider(
  ports: WizardPorts,
  job: ProviderJob,
  talk: ProviderTalk,
): Promise<ProviderResult> {
  const file = await openFile(ports, job);
  const name = await chooseProvider(ports, file, job.name);
  if (entriesIn(file.data, "providers").length === 1) {
    throw new UsageError(`${name} is the only provider of the lab, which needs one`, {
      hint: `add another one first: mhlab provider add ${job.file}`,
      ...UNWRITTEN,
    });
  }
  const orphan = orphanedBy(file.data, name);
  if (orphan !== undefined && job.removeCpe !== true) await agreeToRemove(ports, orphan, name);
  let edited = removeEntry(file.text, "providers", name);
  if (orphan !== undefined && edited.text !== undefined) edited = removeEntry(edited.text, "cpes", orphan);
  return await finish(ports, job, { talk, file, provider: name, edited });
}

/** Reads a lab file, valid or not; throws when it is no map of keys. */
async function openFile({ source }: WizardPorts, { file }: ProviderJob): Promise<OpenFile> {
  let text: string;
  try {
    text = await source.read(file);
  } catch (error) {
    await loadLab(file, source); // Throws the error that explains why it cannot be read.
    throw error;
  }
  const data = readLoosely(text);
  if (data !== undefined) return { text, data };
  const parsed = source.parse(text, { file });
  throw new LabFileError("diagnostics" in parsed ? parsed.diagnostics : [], UNWRITTEN);
}

async function knownOf(
  { prompter, machine }: WizardPorts,
  { data }: OpenFile,
  { given, signal }: ProviderJob,
): Promise<Omit<Known, "answers">> {
  return {
    facts: prompter === undefined && !isBare(given["link"]) ? UNKNOWN_MACHINE : await machine.look(signal),
    internet: data["internet"] === "bundled" ? "bundled" : "real",
    cpes: entriesIn(data, "cpes").flatMap(({ name }) => (typeof name === "string" ? [name] : [])),
    neighbours: neighboursIn(data),
  };
}

interface About {
  readonly talk: ProviderTalk;
  readonly known: Omit<Known, "answers">;
  readonly questions: readonly Question[];
  readonly given: Answers;
  /** The file with answers, also while some are missing. */
  readonly edit: (answers: Answers) => Edited;
}

async function askAbout(
  { prompter, source }: WizardPorts,
  { file }: ProviderJob,
  { talk, edit, ...about }: About,
): Promise<Answers> {
  if (prompter !== undefined) talk.begin();
  const missing: string[] = [];
  const answers = await interview({
    ...about,
    prompter,
    missing,
    optionOf: ({ id }) => `--${id}`,
    assumed: ({ id }, answer) => id !== "defaults" && talk.assumed(`--${id}`, answer),
    wrong: (problem) => talk.wrong(problem),
    diagnose(some) {
      const { text } = edit(some);
      const parsed = text === undefined ? undefined : source.parse(text, { file });
      return parsed === undefined || "lab" in parsed ? [] : parsed.diagnostics;
    },
  });
  throwIfMissing(missing, "give them as options, or run it at a terminal to be asked");
  return answers;
}

interface Finishing {
  readonly talk: ProviderTalk;
  readonly file: OpenFile;
  readonly provider: string;
  readonly edited: Edited;
}

/** Checks the new text, shows what changes, and writes it when that is wanted. */
async function finish(
  { source, files, prompter }: WizardPorts,
  job: ProviderJob,
  { talk, file, provider, edited }: Finishing,
): Promise<ProviderResult> {
  if (edited.text === undefined) {
    const { message, hint } = edited.refusal;
    throw new MhlabError("MHLAB_EDIT_REFUSED", message, { hint, ...UNWRITTEN });
  }
  const { text } = edited;
  const parsed = source.parse(text, { file: job.file });
  if (!("lab" in parsed)) {
    // Errors of the file as it is have places that the user sees.
    const own = source.parse(file.text, { file: job.file });
    const wasWrong =
      "diagnostics" in own && own.diagnostics.some(({ code }) => code !== "MHLAB_LAB_NO_PROVIDERS");
    throw new LabFileError(wasWrong ? own.diagnostics : parsed.diagnostics, UNWRITTEN);
  }
  const result = { lab: parsed.lab, provider, before: file.text, text, written: false };
  if (text === file.text) return result;
  talk.diff(file.text, text);
  if (job.dryRun) return result;
  if (prompter !== undefined && !(await prompter.confirm({ message: "Write it?", propose: true }))) {
    return result;
  }
  job.signal.throwIfAborted();
  if ((await source.read(job.file)) !== file.text) {
    throw new StateError("MHLAB_FILE_CHANGED", `${job.file} was changed by another program meanwhile`, {
      hint: "run the command again; it starts from the file as it is now",
      ...UNWRITTEN,
    });
  }
  await files.write(job.file, text);
  return { ...result, written: true };
}

async function chooseProvider(
  { prompter }: WizardPorts,
  { data }: OpenFile,
  name: string | undefined,
): Promise<string> {
  const providers = neighboursIn(data);
  const names = providers.map((one) => one.name);
  if (name !== undefined && names.includes(name)) return name;
  if (name === undefined && prompter !== undefined && names.length > 0) {
    return await prompter.choose({
      message: "Which provider",
      choices: providers.map((one) => ({ value: one.name, label: `${one.name.padEnd(12)}  ${one.prefix}` })),
    });
  }
  const known = names.length === 0 ? "the file has no providers" : `there are: ${names.join(", ")}`;
  const near = name === undefined ? undefined : suggest(name, names);
  throw new UsageError(name === undefined ? "which provider?" : `the lab has no provider '${name}'`, {
    hint: near === undefined ? known : `did you mean ${near}? ${known}`,
    ...UNWRITTEN,
  });
}

/** With a single CPE, a provider without `subscriber` serves it. */
function impliedLink(data: Record<string, unknown>, entry: Record<string, unknown> | undefined): Answers {
  const [only, ...others] = entriesIn(data, "cpes");
  const implied = entry?.["subscriber"] === undefined && only !== undefined && others.length === 0;
  return implied ? { link: `cpe:${String(only["name"])}` } : {};
}

/** The CPE that only this provider serves. */
function orphanedBy(data: Record<string, unknown>, provider: string): string | undefined {
  const others = entriesIn(data, "providers").filter((entry) => entry["name"] !== provider);
  const served = new Set(
    others.map((entry) => ({ ...answersOf(entry), ...impliedLink(data, entry) })["link"]),
  );
  return entriesIn(data, "cpes")
    .map(({ name }) => name)
    .find((name): name is string => typeof name === "string" && !served.has(`cpe:${name}`));
}

async function agreeToRemove({ prompter }: WizardPorts, cpe: string, provider: string): Promise<void> {
  const message = `The CPE ${cpe} has no other provider. Remove it as well?`;
  if ((await prompter?.confirm({ message, propose: true })) === true) return;
  throw new UsageError(`the CPE ${cpe} would be left without a provider`, {
    hint: `remove it as well with --remove-cpe, or connect another provider to it first: mhlab provider add <lab.yaml> --link cpe:${cpe} (instead of ${provider})`,
    ...UNWRITTEN,
  });
}
