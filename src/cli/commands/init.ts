import type { InitResult } from "../../app/wizard/init.ts";
import { LAB_FILE } from "../../core/model/names.ts";
import type { Answers } from "../../features/wizard/question.ts";
import { viewOn, type Context } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import type { Guide } from "./guide.ts";
import { flag, list, text, wantsJson, word, type Input, type Outcome } from "./input.ts";

/** `mhlab init`. */
export const initCommand: CommandDefinition = {
  path: ["init"],
  group: "Labs",
  summary: "make a lab file by answering a few questions",
  description:
    "Asks a few questions, looks at the machine's network cards, and writes a lab file with comments. Every question has an option; without a terminal, or with --yes, defaults answer the rest and are printed on standard error. The file is written after the last answer.",
  arguments: [{ usage: "[file]", description: `the lab file to write (default: ${LAB_FILE})` }],
  options: [
    { flags: "--name <lab>", description: "name of the lab" },
    {
      flags: "--internet <where>",
      description: "where the tunnels end: at a container of the lab, or at servers of yours",
      choices: ["bundled", "real"],
    },
    { flags: "--bundled", description: "short for --internet bundled" },
    { flags: "--cpe <name>", description: "a bundled CPE as the customer of the providers" },
    { flags: "--no-cpe", description: "no bundled CPE: customers of your own" },
    { flags: "--hosts <count>", description: "hosts behind the bundled CPE, 0 to 20" },
    {
      flags: "--provider <key=value...>",
      description:
        "a provider; repeat it for each: name=, prefix=, link=, endpoint=, peer=, address=, probe=, length=, preferred=, valid=, dns=",
    },
    { flags: "-y, --yes", description: "ask nothing, use the defaults" },
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
      "options instead of questions",
    ],
    [
      "init --internet real --no-cpe --provider name=alpha,prefix=2001:db8:a::/48,endpoint=far.example.net:51820,peer=$KEY",
      "a tunnel to a server of yours",
    ],
  ],
  next: ["validate <lab.yaml>", "up <lab.yaml>", "provider add <lab.yaml>"],
  run: runInit,
};

async function runInit(context: Context, input: Input): Promise<Outcome> {
  const guide = await context.guide();
  const [{ init }, { openMachine }, view] = await Promise.all([
    import("../../app/wizard/init.ts"),
    import("../../app/wizard/machine.ts"),
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
      lab: labAnswers(input),
      providers: await Promise.all(specs.map(readSpec)),
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
  const up =
    flag(input, "up") ||
    (asks && (await (await guide.prompter()).confirm({ message: "Start it now?", propose: false })));
  const started = up ? await guide.run("up", { arguments: [file], options: {} }) : undefined;
  if (started !== undefined) return { ...started, json: { ...json, up: started.json } };
  if (!wantsJson(input)) context.stderr.write(`start it with: ${context.self} up ${file}\n`);
  return { json };
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
    const { MhlabError } = await import("../../core/model/errors.ts");
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

function labAnswers(input: Input): Answers {
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

/** Reads `name=alpha,prefix=2001:db8:a::/48,link=cpe:home`; several `dns=` make a list. Throws UsageError. */
async function readSpec(spec: string): Promise<Answers> {
  const [{ providerQuestions }, { suggest }, { UsageError }] = await Promise.all([
    import("../../features/wizard/provider-questions.ts"),
    import("../../core/model/values/suggest.ts"),
    import("../../core/model/errors.ts"),
  ]);
  const keys = providerQuestions.map(({ id }) => id).filter((id) => id !== "defaults");
  const wrong = (hint: string) =>
    new UsageError(`--provider is '${spec}'`, { hint, state: "Nothing was written." });
  const answers: Record<string, string> = {};
  for (const part of spec.split(",").filter((one) => one.trim() !== "")) {
    const [, key, value] = /^\s*([a-z]+)=(.*?)\s*$/.exec(part) ?? [];
    if (key === undefined || value === undefined)
      throw wrong(`'${part}' is not key=value; the keys are ${keys.join(", ")}`);
    if (!keys.includes(key)) {
      const meant = suggest(key, keys);
      const known = meant === undefined ? `the keys are ${keys.join(", ")}` : `did you mean ${meant}?`;
      throw wrong(`there is no key '${key}'; ${known}`);
    }
    if (answers[key] !== undefined && key !== "dns") throw wrong(`${key} is given twice`);
    answers[key] = answers[key] === undefined ? value : `${answers[key]} ${value}`;
  }
  return answers;
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
