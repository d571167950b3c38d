import { COMPLETION_SCRIPTS, SHELLS } from "./completion-scripts.ts";
import { wantedAt, type Candidate, type Wanted } from "./completion-words.ts";
import type { Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import type { Guide } from "./guide.ts";
import { word, words, type Input, type Outcome } from "./input.ts";

/** A person waits for the list: an engine that does not answer by then has no part in it. */
const PATIENCE_MS = 1500;

/** `mhlab completion`. */
export const completionCommand: CommandDefinition = {
  path: ["completion"],
  asksEngine: false,
  group: "More",
  summary: "print the script that completes mhlab's words in your shell",
  description:
    "Prints a script for your shell, which then completes commands, options and their values, lab files, and the names of what runs. The script asks `mhlab completion words` and never evaluates what you typed.",
  arguments: [
    { usage: "<shell>", description: "bash, zsh, fish", choices: ["bash", "zsh", "fish"] },
    { usage: "[words...]", description: "for the scripts: the half-typed command line after --" },
  ],
  examples: [
    [
      "completion bash > ~/.local/share/bash-completion/completions/mhlab",
      "bash with bash-completion, for good",
    ],
    ["completion zsh > ~/.zfunc/_mhlab", "zsh, where ~/.zfunc is in fpath"],
    ["completion fish > ~/.config/fish/completions/mhlab.fish", "fish"],
  ],
  passThrough: true,
  run: runCompletion,
};

async function runCompletion(context: Context, input: Input): Promise<Outcome> {
  const shell = word(input, 0) ?? "";
  if (shell === "words") {
    const typed = words(input, 1).filter((one, index) => index > 0 || one !== "--");
    return { text: await answer(context, typed) };
  }
  const known = SHELLS.find((one) => one === shell);
  if (known !== undefined) return { text: COMPLETION_SCRIPTS[known] };
  const { UsageError } = await import("../../core/model/errors.ts");
  throw new UsageError(`there is no completion for '${shell}'`, {
    hint: `right would be ${SHELLS.join(", ")}`,
  });
}

async function answer(context: Context, typed: readonly string[]): Promise<string> {
  const [guide, { harmlessAll }] = await Promise.all([context.guide(), import("../views/theme.ts")]);
  const wanted = wantedAt(guide, typed);
  const [found, after = []] = await Promise.all([
    lookUp(context, guide, wanted).catch(() => []),
    wanted.after?.(),
  ]);
  const all = [
    ...wanted.candidates,
    ...after.map((value) => ({ value, description: "" })),
    ...found.map((one) => ({ ...one, value: `${wanted.before}${one.value}` })),
  ];
  const files = wanted.values === "files" || wanted.values === "labs-or-files";
  const lines = [
    files ? "files" : "words",
    ...harmlessAll(all).map(({ value, description }) => `${value}\t${description}`),
  ];
  return `${lines.join("\n")}\n`;
}

async function lookUp(
  context: Context,
  guide: Guide,
  { values, file, lab, engine }: Wanted,
): Promise<Candidate[]> {
  if (values === "none" || values === "files") return [];
  if (values === "nodes" && file !== undefined) return await providersIn(context, file);
  const { timeLimit } = await import("../../app/ports/time.ts");
  const signal = timeLimit(PATIENCE_MS, context.signal);
  const engines = await guide.enginesBy(engine);
  const [{ labNames }, { NODES }, { containers, nodes }] = await Promise.all([
    import("../../core/render/plan/labels.ts"),
    import("../../core/render/nodes/registry.ts"),
    engines.look(signal),
  ]);
  if (values !== "nodes") return labNames(containers).map((value) => ({ value, description: "running lab" }));
  return nodes
    .filter((one) => lab === undefined || one.lab === lab)
    .map((one) => ({ value: one.name, description: `${NODES[one.role].title} of ${one.lab}` }))
    .sort((one, other) => (one.value < other.value ? -1 : 1));
}

async function providersIn(context: Context, file: string): Promise<Candidate[]> {
  const [{ readLoosely }, { neighboursIn }, source] = await Promise.all([
    import("../../core/model/lab/edit.ts"),
    import("../../features/wizard/provider-entry.ts"),
    context.labSource(),
  ]);
  const data = readLoosely(await source.read(file));
  return data === undefined
    ? []
    : neighboursIn(data).map(({ name, prefix }) => ({ value: name, description: prefix }));
}
