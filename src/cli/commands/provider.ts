import type { ProviderResult } from "../../app/wizard/provider.ts";
import { WORD_EXAMPLES } from "../../core/model/links/examples.ts";
import type { Answers } from "../../features/wizard/question.ts";
import { viewOn, type Context } from "./context.ts";
import { FORMAT_OPTIONS, LAB_FILE_ARGUMENT, type OptionDefinition } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { flag, text, word, type Input, type Outcome } from "./input.ts";

const ANSWERS: readonly OptionDefinition[] = [
  { flags: "--name <name>", description: "name of the provider, at most 12 characters" },
  { flags: "--prefix <prefix>", description: "prefix of the provider, /32 to /64" },
  { flags: "--endpoint <host:port>", description: "endpoint of the WireGuard peer (your server)" },
  { flags: "--peer <key>", description: "public key of the WireGuard peer" },
  { flags: "--address <address>", description: "address of the BNG in the tunnel, with its prefix length" },
  {
    flags: "--probe <address>",
    description: "address that the BNG pings through the tunnel, usually that of the peer",
  },
  {
    flags: "--link <link>",
    description: `access link: ${Object.values(WORD_EXAMPLES).join(", ")}; a bare name is a CPE, a bridge or an interface`,
  },
  { flags: "--length <bits>", description: "length of a delegated prefix, 48 to 64" },
  {
    flags: "--preferred <time>",
    description: "preferred lifetime of leases and advertised prefixes, such as 30m",
  },
  { flags: "--valid <time>", description: "valid lifetime, such as 4h" },
  { flags: "--dns <addresses>", description: "DNS servers that customers are given, separated by commas" },
];
const COMMON: readonly OptionDefinition[] = [
  { flags: "-y, --yes", description: "ask nothing" },
  { flags: "--dry-run", description: "show what would change, write nothing" },
  ...FORMAT_OPTIONS,
];
const NAME = { usage: "[name]", description: "the provider (default: ask)" } as const;
const KEPT =
  "The rest of the file keeps its comments, order and layout. mhlab validates the result before it writes the file.";

/** `mhlab provider add|edit|remove`. */
export const providerCommands: readonly CommandDefinition[] = [
  {
    path: ["provider", "add"],
    group: "Labs",
    summary: "add a provider to a lab file",
    description: `Asks for the settings of the new provider, or takes them from the options. ${KEPT}`,
    arguments: [LAB_FILE_ARGUMENT],
    options: [...ANSWERS, ...COMMON],
    examples: [
      ["provider add lab.yaml", "answer questions"],
      [
        "provider add lab.yaml --name gamma --prefix 2001:db8:c::/48 --yes",
        "use only the options and defaults",
      ],
    ],
    next: ["up <lab.yaml>"],
    run: async (context, input) => await run(context, input, "addProvider"),
  },
  {
    path: ["provider", "edit"],
    group: "Labs",
    summary: "change a provider of a lab file",
    description: `Changes the values of the options given; without options it asks, and proposes the current values. An empty value removes a key. ${KEPT}`,
    arguments: [LAB_FILE_ARGUMENT, NAME],
    options: [...ANSWERS, ...COMMON],
    examples: [
      ["provider edit lab.yaml alpha", "answer questions"],
      ["provider edit lab.yaml alpha --preferred 10m --valid 20m", "short lifetimes"],
      ["provider edit lab.yaml alpha --dns ''", "no DNS servers of its own"],
    ],
    next: ["up <lab.yaml>"],
    run: async (context, input) => await run(context, input, "editProvider"),
  },
  {
    path: ["provider", "remove"],
    group: "Labs",
    summary: "remove a provider from a lab file",
    description: `Removes a provider, with the comments right above it. A CPE that no other provider serves has to be removed as well: confirm it when asked, or give --remove-cpe. ${KEPT}`,
    arguments: [LAB_FILE_ARGUMENT, NAME],
    options: [
      { flags: "--remove-cpe", description: "also remove a CPE that would have no provider" },
      ...COMMON,
    ],
    examples: [
      ["provider remove lab.yaml beta", "review the change, then confirm"],
      ["provider remove lab.yaml beta --yes --remove-cpe", "without questions"],
    ],
    next: ["up <lab.yaml>"],
    run: async (context, input) => await run(context, input, "removeProvider"),
  },
];

async function run(
  context: Context,
  input: Input,
  edit: "addProvider" | "editProvider" | "removeProvider",
): Promise<Outcome> {
  const guide = await context.guide();
  const [edits, { openMachine }, view, { fileAndName }] = await Promise.all([
    import("../../app/wizard/provider.ts"),
    import("../../app/wizard/machine.ts"),
    import("../views/wizard.ts"),
    import("../../app/choose-lab.ts"),
  ]);
  const look = viewOn(context.stderr);
  const source = await context.labSource();
  const { file, name } = await fileAndName([word(input, 0), word(input, 1)], source);
  const assumed: string[] = [];
  const result = await edits[edit](
    {
      prompter: guide.interactive && !flag(input, "yes") ? await guide.prompter() : undefined,
      machine: openMachine(guide.machine),
      files: guide.files,
      source,
    },
    {
      file,
      name,
      given: answersIn(input),
      removeCpe: flag(input, "removeCpe"),
      dryRun: flag(input, "dryRun"),
      signal: context.signal,
    },
    {
      begin: () => context.stderr.write(view.renderHowToAnswer(look)),
      wrong: (problem) => context.stderr.write(view.renderWrong(problem, look)),
      assumed(option, answer) {
        assumed.push(`${option} ${answer}`);
        context.stderr.write(view.renderAssumed(option, answer, look));
      },
      diff: (before, after) => context.stderr.write(view.renderDiff(file, { before, after }, look)),
    },
  );
  return await outcome(context, { result, file, assumed });
}

async function outcome(
  context: Context,
  { result, file, assumed }: { result: ProviderResult; file: string; assumed: readonly string[] },
): Promise<Outcome> {
  const { renderSentences } = await import("../views/sentences.ts");
  const say = (sentence: string): string => renderSentences([sentence], viewOn(context.stdout));
  const { lab, provider, written, before, text: after } = result;
  const changed = before !== after;
  const json = {
    file,
    lab: lab.name,
    provider,
    changed,
    written,
    assumed,
    providers: lab.providers.map(({ name }) => name),
  };
  if (!changed) return { json, text: say(`${file} is unchanged`) };
  if (!written) return { json, text: "nothing was written\n" };
  context.stderr.write(`apply it with: ${context.self} up ${file}\n`);
  return { json, text: say(`wrote ${file}: the lab has ${json.providers.join(", ")}`) };
}

function answersIn(input: Input): Answers {
  return Object.fromEntries(
    ANSWERS.flatMap(({ flags }) => {
      const id = /^--([a-z]+)/.exec(flags)?.[1] ?? "";
      const answer = text(input, id);
      return answer === undefined ? [] : [[id, answer]];
    }),
  );
}
