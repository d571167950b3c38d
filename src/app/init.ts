import { ExitCode, LabFileError, MhlabError } from "../core/errors.ts";
import type { Lab } from "../core/lab/model.ts";
import { isBare } from "../core/links/word.ts";
import { closingQuestions, labQuestions, moreQuestion } from "../core/wizard/lab-questions.ts";
import { labText } from "../core/wizard/lab-text.ts";
import { UNKNOWN_MACHINE, type MachineFacts } from "../core/wizard/machine.ts";
import { providerQuestions } from "../core/wizard/provider-questions.ts";
import type { Answers, Known, Neighbour, Question } from "../core/wizard/question.ts";
import type { LabSource } from "./ports/lab-source.ts";
import { askAll, askYesNo, throwIfMissing, type Round } from "./init-ask.ts";
import type { LabFiles } from "./ports/lab-files.ts";
import type { Machine } from "./ports/machine.ts";
import type { Prompter } from "./ports/prompter.ts";

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
export interface InitTalk {
  welcome(facts: MachineFacts): void;
  /** Before the questions about a provider; numbers count from 1. */
  provider(number: number): void;
  assumed(flag: string, answer: string): void;
  preview(text: string): void;
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
  const missing: string[] = [];
  const lab = await askLab(ports, options, { talk, facts, missing });
  const providers = await askProviders(ports, options, { talk, facts, missing, lab });
  throwIfMissing(
    missing,
    "give them, as in --provider name=alpha,endpoint=192.0.2.42:51820,peer=<public key>, or run it at a terminal to be asked",
  );
  const text = labText({ schema: options.schema, lab, providers });
  const parsed = ports.source.parse(text, { file });
  if (!("lab" in parsed)) throw new LabFileError(parsed.diagnostics, { state: "Nothing was written." });
  if (options.dryRun) return { lab: parsed.lab, text, written: false };
  if (ports.prompter !== undefined) {
    talk.preview(text);
    const agreed = await askYesNo(closingQuestions.write, blank(facts), ports.prompter);
    if (agreed !== true) return { lab: parsed.lab, text, written: false };
  }
  signal.throwIfAborted();
  await ports.files.write(file, text);
  return { lab: parsed.lab, text, written: true };
}

/** An existing file is overwritten by --force or a yes only. */
async function checkTarget(
  { prompter, files }: InitPorts,
  { file, force, dryRun }: InitOptions,
): Promise<void> {
  if (force || dryRun || !(await files.exists(file))) return;
  const question = { ...closingQuestions.overwrite, message: `${file} exists. Overwrite it?` };
  if ((await askYesNo(question, blank(UNKNOWN_MACHINE), prompter)) === true) return;
  throw new MhlabError("MHLAB_FILE_EXISTS", `${file} exists`, ExitCode.badInput, {
    hint: `name another file, or overwrite it with --force\nto change it: mhlab provider add ${file}`,
    state: "Nothing was written.",
  });
}

interface Talking {
  readonly talk: InitTalk;
  readonly facts: MachineFacts;
  readonly missing: string[];
}

async function askLab(
  { prompter }: InitPorts,
  { folder, lab: given, providers }: InitOptions,
  { talk, facts, missing }: Talking,
): Promise<Answers> {
  const round: Round = {
    prompter,
    given: { ...impliedBy(providers), ...given },
    flagOf: ({ flag }) => flag,
    assumed: ({ id, flag }, answer) => {
      if (id === "customer" && answer === "bundled") return;
      talk.assumed(flag, answer);
    },
    missing,
  };
  return await askAll(labQuestions(folder), blank(facts), round);
}

/** Where all providers that were given lead: to a bundled CPE, or to none. */
function impliedBy(providers: readonly Answers[]): Answers {
  const links = providers.map(({ link }) => link);
  const cpe = links.find((link) => link?.startsWith("cpe:"))?.slice("cpe:".length);
  if (cpe !== undefined) return { customer: "bundled", cpe };
  return links.length > 0 && links.every((link) => link !== undefined) ? { customer: "own" } : {};
}

async function askProviders(
  { prompter }: InitPorts,
  { providers: given }: InitOptions,
  { talk, facts, missing, lab }: Talking & { lab: Answers },
): Promise<Answers[]> {
  const done: Answers[] = [];
  for (;;) {
    const number = done.length + 1;
    if (prompter !== undefined) talk.provider(number);
    const neighbours = done.map(neighbourOf);
    const known: Known = { ...blank(facts), internet: internetOf(lab), cpes: cpesOf(lab), neighbours };
    const own = given[done.length] ?? {};
    const called = (): string => `provider ${own["name"] ?? number}`;
    const round: Round = {
      prompter,
      given: own,
      flagOf: ({ flag }) => `--provider ${flag}= (${called()})`,
      assumed: ({ flag }, answer) => talk.assumed(`--provider ${flag}=`, `${answer} (${called()})`),
      missing,
    };
    done.push(await askAll(providerQuestions, known, round));
    if (!(await isAnother(done, { given, prompter, known }))) return done;
  }
}

async function isAnother(
  done: readonly Answers[],
  { given, prompter, known }: { given: readonly Answers[]; prompter: Prompter | undefined; known: Known },
): Promise<boolean> {
  if (given.length > 0) return done.length < given.length;
  // One provider is no multihoming: two are taken where nobody can be asked.
  if (prompter === undefined) return done.length < 2;
  const question: Question = moreQuestion;
  return (await askYesNo(question, { ...known, neighbours: done.map(neighbourOf) }, prompter)) === true;
}

function neighbourOf({ name = "", prefix = "", link = "" }: Answers): Neighbour {
  return { name, prefix, link };
}

function internetOf(lab: Answers): "bundled" | "real" {
  return lab["internet"] === "real" ? "real" : "bundled";
}

function cpesOf(lab: Answers): string[] {
  return lab["customer"] === "bundled" && lab["cpe"] !== undefined ? [lab["cpe"]] : [];
}

function blank(facts: MachineFacts): Known {
  return { facts, internet: "bundled", cpes: [], neighbours: [], answers: {} };
}
