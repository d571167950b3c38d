import type { InitResult } from "../app/init.ts";
import { LAB_FILE } from "../core/names.ts";
import type { Answers } from "../core/wizard/question.ts";
import { viewOn, type Context } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import type { Outcome } from "./outcome.ts";
import type { Guide } from "./guide.ts";
import { flag, list, text, wantsJson, word, type Input } from "./input.ts";

/** `mhlab init`. */
export const initCommand: CommandDefinition = {
  path: ["init"],
  group: "Labs",
  summary: "make a lab file by answering a few questions",
  description:
    "Asks what the lab should be, looks at what the machine has, and writes a lab file with comments. Every question has a flag; without a terminal, or with --yes, what is not given is assumed and told on standard error. Answers are taken as people write them, and checked at once; `<` goes back to the question before. The file is written after the last answer. Who leaves before is asked whether the answers shall be kept, in a draft beside the file, from which the next `init` goes on.",
  arguments: [{ usage: "[file]", description: `the lab file to write; left out: ${LAB_FILE}` }],
  options: [
    { flags: "--name <lab>", description: "name of the lab" },
    {
      flags: "--internet <where>",
      description: "the far side of the tunnels: a container of the lab, or servers of yours",
      choices: ["bundled", "real"],
    },
    { flags: "--bundled", description: "short for --internet bundled" },
    { flags: "--cpe <name>", description: "a bundled CPE as the customer of the providers" },
    { flags: "--no-cpe", description: "no bundled CPE: customers of your own" },
    { flags: "--hosts <count>", description: "hosts behind the bundled CPE, 0 to 20" },
    {
      flags: "--provider <key=value...>",
      description:
        "a provider, once for each: name=, prefix=, link=, endpoint=, peer=, address=, probe=, defaults=, length=, preferred=, valid=, dns=",
    },
    { flags: "-y, --yes", description: "ask nothing, take what would be proposed" },
    { flags: "--force", description: "overwrite the file if it exists" },
    { flags: "--dry-run", description: "print the file instead of writing it" },
    { flags: "--up", description: "start the lab afterwards" },
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["init", "be asked"],
    ["init lab.yaml --yes", "two providers and a CPE, offline"],
    [
      "init --bundled --provider name=alpha,link=veth:to-alpha --provider name=beta,link=veth:to-beta",
      "without questions where everything is said",
    ],
    [
      "init --internet real --no-cpe --provider name=alpha,prefix=2001:db8:a::/48,endpoint=far.example.net:51820,peer=$KEY",
      "a real far side, a VLAN",
    ],
  ],
  next: ["validate <lab.yaml>", "up <lab.yaml>", "provider add <lab.yaml>"],
  run: runInit,
};

async function runInit(context: Context, input: Input): Promise<Outcome> {
  const guide = await context.guide();
  const [{ init }, { openMachine }, view] = await Promise.all([
    import("../app/init.ts"),
    import("../app/machine.ts"),
    import("../views/wizard.ts"),
  ]);
  const { file, specs } = splitWords(input);
  const look = viewOn(context.stderr);
  const say = (words: string): void => context.stderr.write(words);
  const assumed: string[] = [];
  const asks = guide.interactive && !flag(input, "yes");
  const result = await init(
    {
      prompter: asks ? await guide.prompter() : undefined,
      machine: openMachine(guide.machine),
      files: guide.files,
      source: await context.labSource(),
    },
    {
      file,
      folder: guide.folderOf(file),
      schema: guide.schemaFor(file),
      force: flag(input, "force"),
      dryRun: flag(input, "dryRun"),
      lab: await labAnswers(input),
      providers: await readSpecs(specs),
      signal: context.signal,
    },
    {
      welcome: (facts) => say(view.renderWelcome(facts, look)),
      provider: (number) => say(view.renderProviderTitle(number, look.colour)),
      assumed(name, answer) {
        assumed.push(name.endsWith("=") ? `${name}${answer}` : `${name} ${answer}`);
        say(view.renderAssumed(name, answer, look));
      },
      wrong: (problem) => say(view.renderWrong(problem, look)),
      draft: (words) => say(view.renderPreview(`${file}.draft`, words, look)),
      kept: (state, hint) => say(view.renderKeptDraft(state, hint, look)),
      preview: (words) => say(view.renderPreview(file, words, look)),
    },
  );
  if (!result.written) return notWritten(input, { result, file, assumed });
  return await afterwards(context, input, { guide, result, file, assumed, asks });
}

interface Written {
  readonly result: InitResult;
  readonly file: string;
  readonly assumed: readonly string[];
}

function notWritten(input: Input, { result, file, assumed }: Written): Outcome {
  const json = { file, written: false, lab: result.lab.name, assumed, text: result.text };
  return flag(input, "dryRun") ? { json, text: result.text } : { json, text: "nothing was written\n" };
}

/** The far sides' configuration, and the start of the lab when that is wanted. */
async function afterwards(
  context: Context,
  input: Input,
  { guide, result, file, assumed, asks }: Written & { guide: Guide; asks: boolean },
): Promise<Outcome> {
  const { lab } = result;
  const json = {
    file,
    written: true,
    lab: lab.name,
    providers: lab.providers.map(({ name }) => name),
    assumed,
  };
  if (!wantsJson(input)) {
    const { renderSentences } = await import("../views/sentences.ts");
    const written = `wrote ${file}: lab '${lab.name}', ${counted(lab)}`;
    context.stdout.write(renderSentences([written], viewOn(context.stdout)));
  }
  if (lab.internet === "real") await showFarSide(context, guide, { file, silent: wantsJson(input) });
  const up = flag(input, "up") || (asks && (await wantsUp(guide)));
  const started = up ? await guide.run("up", { arguments: [file], options: {} }) : undefined;
  if (started !== undefined) return { ...started, json: { ...json, up: started.json } };
  if (!wantsJson(input)) context.stderr.write(`start it with: ${context.self} up ${file}\n`);
  return { json };
}

async function wantsUp(guide: Guide): Promise<boolean> {
  const { closingQuestions } = await import("../core/wizard/lab-questions.ts");
  const { message } = closingQuestions.up;
  return await (await guide.prompter()).confirm({ message, propose: false });
}

/** Prints what the servers have to be configured with; where that cannot be had, how to have it later. */
async function showFarSide(
  context: Context,
  guide: Guide,
  { file, silent }: { file: string; silent: boolean },
): Promise<void> {
  if (silent || !guide.commands.some(({ path }) => path.join(" ") === "peer-config")) return;
  try {
    const outcome = await guide.run("peer-config", { arguments: [file], options: {} });
    if (outcome?.text !== undefined) context.stdout.write(`\n${outcome.text}`);
  } catch (error) {
    const { MhlabError } = await import("../core/errors.ts");
    if (context.signal.aborted || !(error instanceof MhlabError)) throw error;
    // Several servers: the hint has a line for each.
    context.stderr.write(`what your servers need:\n${error.hint ?? `${context.self} peer-config ${file}`}\n`);
  }
}

/** `--provider` takes all words that follow it; the one that is no key=value is the file. */
function splitWords(input: Input): { file: string; specs: readonly string[] } {
  const words = list(input, "provider");
  const stray = word(input, 0) === undefined ? words.filter((one) => !one.includes("=")) : [];
  const specs = words.filter((one) => one !== stray[0] || stray.length !== 1);
  return { file: word(input, 0) ?? (stray.length === 1 ? stray[0] : undefined) ?? LAB_FILE, specs };
}

async function labAnswers(input: Input): Promise<Answers> {
  const answers: Record<string, string | undefined> = {
    name: text(input, "name"),
    internet: flag(input, "bundled") ? "bundled" : text(input, "internet"),
    customer:
      input.options["cpe"] === false ? "own" : text(input, "cpe") === undefined ? undefined : "bundled",
    cpe: text(input, "cpe"),
    hosts: text(input, "hosts"),
  };
  return Object.fromEntries(
    Object.entries(answers).flatMap(([id, answer]) => (answer === undefined ? [] : [[id, answer]])),
  );
}

async function readSpecs(specs: readonly string[]): Promise<Answers[]> {
  const [{ readProviderSpecs }, { UsageError }] = await Promise.all([
    import("../core/wizard/provider-spec.ts"),
    import("../core/errors.ts"),
  ]);
  const read = readProviderSpecs(specs);
  if (read.answers !== undefined) return read.answers;
  throw new UsageError(`--provider is '${read.spec}'`, { hint: read.problem, state: "Nothing was written." });
}

function counted({ providers, cpes }: InitResult["lab"]): string {
  return [
    plural(providers.length, "provider"),
    ...(cpes.length > 0 ? [plural(cpes.length, "bundled CPE")] : []),
  ].join(", ");
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
