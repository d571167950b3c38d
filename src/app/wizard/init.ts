import { LabFileError, MhlabError } from "../../core/model/errors.ts";
import type { Lab } from "../../core/model/lab/model.ts";
import { isBare } from "../../core/model/links/word.ts";
import { labQuestions } from "../../features/wizard/lab-questions.ts";
import { labText } from "../../features/wizard/lab-text.ts";
import { UNKNOWN_MACHINE, type MachineFacts } from "../../features/wizard/machine.ts";
import { proposePrefix } from "../../features/wizard/proposals.ts";
import { providerQuestions, withImplied } from "../../features/wizard/provider-questions.ts";
import type { Answers, Neighbour } from "../../features/wizard/question.ts";
import { interview, throwIfMissing, UNWRITTEN, type WizardTalk, type WizardPorts } from "./interview.ts";

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

export interface InitTalk extends WizardTalk {
  welcome(facts: MachineFacts): void;
  /** Before the questions about a provider; numbers count from 1. */
  provider(number: number): void;
  preview(text: string): void;
}

export interface InitResult {
  readonly lab: Lab;
  readonly text: string;
  readonly written: boolean;
}

/** Makes a lab file from answers; nothing is written before all of them are there and the file is right. */
export async function init(ports: WizardPorts, options: InitOptions, talk: InitTalk): Promise<InitResult> {
  const { prompter, files, source } = ports;
  const { file, schema, dryRun, signal } = options;
  await checkTarget(ports, options);
  const looks = prompter !== undefined || options.providers.some(({ link }) => isBare(link));
  const facts = looks ? await ports.machine.look(signal) : UNKNOWN_MACHINE;
  if (prompter !== undefined) talk.welcome(facts);
  const missing: string[] = [];
  const { lab, providers } = await answer(ports, options, { talk, facts, missing });
  throwIfMissing(
    missing,
    "give them, as in --provider name=alpha,endpoint=192.0.2.42:51820,peer=<public key>, or run it at a terminal to be asked",
  );
  const text = labText({ schema, lab, providers });
  const parsed = source.parse(text, { file });
  if (!("lab" in parsed)) throw new LabFileError(parsed.diagnostics, UNWRITTEN);
  const result = { lab: parsed.lab, text, written: false };
  if (dryRun) return result;
  if (prompter !== undefined) {
    talk.preview(text);
    if (!(await prompter.confirm({ message: "Write it?", propose: true }))) return result;
  }
  signal.throwIfAborted();
  await files.write(file, text);
  return { ...result, written: true };
}

interface Opening {
  readonly talk: InitTalk;
  readonly facts: MachineFacts;
  readonly missing: string[];
}

/** Asks about the lab, then about its providers. */
async function answer(
  { prompter, source }: WizardPorts,
  options: InitOptions,
  { talk, facts, missing }: Opening,
): Promise<{ lab: Answers; providers: Answers[] }> {
  const common = { prompter, missing, wrong: (problem: string) => talk.wrong(problem) };
  const diagnose = (lab: Answers, providers: readonly Answers[]) => {
    const prefix = proposePrefix(providers.map(neighbourOf));
    const text = labText({
      schema: "",
      lab,
      providers: providers.map((one) => ({ prefix, ...one })),
    });
    const parsed = source.parse(text, { file: options.file });
    return "lab" in parsed ? [] : parsed.diagnostics;
  };
  const nothing = { facts, internet: "bundled", cpes: [], neighbours: [] } as const;
  const lab = await interview({
    ...common,
    questions: labQuestions(options.folder),
    known: nothing,
    given: { ...impliedBy(options.providers), ...options.lab },
    // The name of the CPE implies the customer.
    assumed: ({ id }, value) => id !== "customer" && talk.assumed(`--${id}`, value),
    optionOf: ({ id }) => `--${id}`,
    diagnose: (answers) => diagnose(answers, []),
  });
  const providers: Answers[] = [];
  const wantsMore = async (): Promise<boolean> => {
    const given = options.providers.length;
    // One provider is no multihoming: without a person, there are two.
    if (given > 0 || prompter === undefined) return providers.length < (given > 0 ? given : 2);
    return await prompter.confirm({ message: "Another provider?", propose: providers.length === 1 });
  };
  do {
    const index = providers.length;
    const given = options.providers[index] ?? {};
    const called = `(provider ${given["name"] ?? index + 1})`;
    if (prompter !== undefined) talk.provider(index + 1);
    providers.push(
      await interview({
        ...common,
        questions: providerQuestions,
        known: {
          facts,
          internet: lab["internet"] === "real" ? "real" : "bundled",
          cpes: lab["customer"] === "bundled" && lab["cpe"] !== undefined ? [lab["cpe"]] : [],
          neighbours: providers.map(neighbourOf),
        },
        given: withImplied(given),
        assumed: ({ id }, value) =>
          id !== "defaults" && talk.assumed(`--provider ${id}=`, `${value} ${called}`),
        optionOf: ({ id }) => `--provider ${id}= ${called}`,
        diagnose: (answers) => diagnose(lab, [...providers, answers]),
      }),
    );
  } while (await wantsMore());
  return { lab, providers };
}

/** The customer that the links of all given providers imply: a bundled CPE, or none. */
function impliedBy(providers: readonly Answers[]): Answers {
  const links = providers.map(({ link }) => link);
  const cpe = links.find((link) => link?.startsWith("cpe:"))?.slice("cpe:".length);
  if (cpe !== undefined) return { customer: "bundled", cpe };
  return links.length > 0 && links.every((link) => link !== undefined) ? { customer: "own" } : {};
}

function neighbourOf({ name = "", prefix = "", link = "" }: Answers): Neighbour {
  return { name, prefix, link };
}

/** An existing file is overwritten only by --force or a yes; an unwritable folder fails before all questions. */
async function checkTarget(
  { prompter, files }: WizardPorts,
  { file, force, dryRun }: InitOptions,
): Promise<void> {
  if (dryRun) return;
  if (prompter !== undefined) await files.checkFolder(file);
  if (force || !(await files.exists(file))) return;
  const message = `${file} exists. Overwrite it?`;
  if ((await prompter?.confirm({ message, propose: false })) === true) return;
  throw new MhlabError("MHLAB_FILE_EXISTS", `${file} exists`, {
    hint: `name another file, or overwrite it with --force\nto change it: mhlab provider add ${file}`,
    ...UNWRITTEN,
  });
}
