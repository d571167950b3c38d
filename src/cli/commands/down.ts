import { ExitCode } from "../../core/model/errors.ts";
import { engineWords } from "../../core/model/lab/engines.ts";
import type { Lab } from "../../core/model/lab/model.ts";
import type { RemovalPorts } from "../../app/labs-to-remove.ts";
import type { Progress } from "../../core/render/plan/progress.ts";
import { viewOn, type Context } from "./context.ts";
import { expectedOf } from "../../core/render/plan/expected.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { labHere } from "./find-lab.ts";
import { flag, text, word, type Input, type Outcome } from "./input.ts";

/** `mhlab down`. */
export const downCommand: CommandDefinition = {
  path: ["down"],
  group: "Labs",
  summary: "remove a lab; its keys stay",
  description:
    "Stops and removes every container of a lab, including leftovers of an interrupted `up`. Interfaces return to the host. Keys are kept, because the peers are configured with them; --purge removes them too.",
  arguments: [
    {
      usage: "[lab]",
      description:
        "a lab file or a lab's name; by default the running one; among several, that of this folder's lab.yaml",
    },
  ],
  options: [
    { flags: "--name <lab>", description: "the lab, if its file is gone" },
    { flags: "--all", description: "every lab on this engine" },
    {
      flags: "--purge",
      description: "also remove the keys; with --all also those of labs that are not running",
    },
    { flags: "-y, --yes", description: "do not ask" },
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["down", "the only running lab"],
    ["down lab.yaml --purge", "with its keys"],
    ["down --all", "every lab of mhlab on this engine"],
    ["down --all --purge --yes", "with all keys, also of labs that are not running"],
  ],
  next: ["up <lab.yaml>"],
  run: runDown,
};

async function runDown(context: Context, input: Input): Promise<Outcome> {
  const [{ down }, lab, keys] = await Promise.all([
    import("../../app/down.ts"),
    labOfFile(context, input),
    context.keys(),
  ]);
  const engines = await context.engines({}, lab);
  const labs = lab === undefined ? await labsToRemove(context, input, { engines, keys }) : [lab.name];
  if (labs.length === 0) {
    const { renderBriefly } = await import("../views/labs.ts");
    return {
      json: { labs: [] },
      text: renderBriefly([], viewOn(context.stdout), await context.sandboxBeside()),
    };
  }
  const [{ openProgress }, { renderSentences }] = await Promise.all([
    import("../views/progress.ts"),
    import("../views/sentences.ts"),
  ]);
  const live = context.stderr.isTTY && !context.verbose;
  const view = openProgress({ screen: context.stderr, live, colour: context.stderr.colour });
  const ports = { engines, keys, lock: await context.lock() };
  const places = lab === undefined ? {} : { engineOf: expectedOf(lab).engineOf };
  const results = [];
  try {
    for (const name of labs) {
      const report = (progress: Progress): void => view.show(progress);
      const options = { purge: flag(input, "purge"), signal: context.signal, report, ...places };
      results.push(await down(name, ports, options));
    }
  } finally {
    view.close();
  }
  const sentences = results.map(({ lab: name, removed, keysRemoved }) => {
    const what = removed.length === 0 ? "nothing was running" : `removed ${removed.join(", ")}`;
    const left = keysRemoved === undefined ? "keys kept" : `${keysRemoved} key files removed`;
    return `${name}: ${what}; ${left}`;
  });
  const rest = results.flatMap((result) => result.left.map((engine) => ({ lab: result.lab, ...engine })));
  const lines = [
    ...sentences,
    ...rest.map(({ lab: name, nodes, ...engine }) => {
      const what = nodes.length === 0 ? "what runs there" : nodes.join(", ");
      return `${name}: left on the engine ${engine.name}, which does not answer: ${what}; when it is back: ${context.self} ${engineWords(engine.host)} down ${name}`;
    }),
  ];
  return {
    json: { labs: results },
    text: renderSentences(lines, viewOn(context.stdout)),
    exitCode: rest.length === 0 ? ExitCode.ok : ExitCode.hostLacks,
  };
}

/** The lab of the file that was named; undefined when none was. */
async function labOfFile(context: Context, input: Input): Promise<Lab | undefined> {
  const { isLabFile, loadLab } = await import("../../app/choose-lab.ts");
  const file = word(input, 0);
  if (flag(input, "all") || text(input, "name") !== undefined || file === undefined || !isLabFile(file))
    return undefined;
  return (await loadLab(file, await context.labSource())).lab;
}

/** Empty when none was named and none runs. */
async function labsToRemove(context: Context, input: Input, ports: RemovalPorts): Promise<readonly string[]> {
  const { allToRemove, oneToRemove } = await import("../../app/labs-to-remove.ts");
  if (flag(input, "all")) {
    const { running, keysOnly } = await allToRemove(ports, context.signal);
    const purged = flag(input, "purge") && (await agreeToPurge(context, input, keysOnly));
    return purged ? [...running, ...keysOnly] : running;
  }
  const { running, keysOnly } = await oneToRemove(text(input, "name") ?? word(input, 0), ports, {
    here: async (labs) => (await labHere(context, labs))?.name,
    signal: context.signal,
  });
  return [...running, ...keysOnly];
}

/** Keys of labs that do not run may be of labs on other engines: they go only when a person agrees. */
async function agreeToPurge(context: Context, input: Input, labs: readonly string[]): Promise<boolean> {
  if (labs.length === 0) return false;
  const { stderr } = context;
  const { renderSentences } = await import("../views/sentences.ts");
  const known = [`with keys, but not on this engine: ${labs.join(", ")}`];
  stderr.write(renderSentences(known, viewOn(stderr)));
  if (flag(input, "yes")) return true;
  const guide = await context.guide();
  if (!guide.interactive) {
    stderr.write("their keys stay; --yes removes them too\n");
    return false;
  }
  const prompter = await guide.prompter();
  return await prompter.confirm({
    message: "Remove their keys too?",
    explain: "A real far side knows them, and would have to be told new ones.",
    propose: false,
  });
}
