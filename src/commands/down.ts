import type { Progress } from "../core/plan/progress.ts";
import type { Context } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import type { Outcome } from "./outcome.ts";
import { flag, text, word, type Input } from "./input.ts";

/** `mhlab down`. */
export const downCommand: CommandDefinition = {
  path: ["down"],
  group: "Labs",
  summary: "remove a lab; its keys stay",
  description:
    "Stops and removes every container of a lab, also what an interrupted `up` left. Claimed interfaces go back to the host. Keys are kept, because the far sides were configured with them; --purge removes them too.",
  arguments: [
    { usage: "[lab]", description: "a lab file or the name of a lab; left out: the one that runs" },
  ],
  options: [
    { flags: "--name <lab>", description: "the lab, when its file is gone" },
    { flags: "--all", description: "every lab on this engine" },
    { flags: "--purge", description: "remove the keys as well" },
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["down", "the one lab that runs"],
    ["down lab.yaml --purge", "with its keys"],
    ["down --all", "every lab of mhlab on this engine"],
  ],
  next: ["up <lab.yaml>"],
  run: runDown,
};

async function runDown(context: Context, input: Input): Promise<Outcome> {
  const { down } = await import("../app/down.ts");
  const labs = await labsToRemove(context, input);
  if (labs === undefined) return { json: { labs: [] }, text: "no lab is running on this engine\n" };
  const { openProgress } = await import("../views/progress.ts");
  const engine = await context.engine();
  const live = context.stderr.isTTY && !context.verbose;
  const view = openProgress({ screen: context.stderr, live, colour: context.stderr.colour });
  const ports = {
    reader: engine.reader,
    writer: () => engine.writer(),
    keys: await context.keys(),
    lock: await context.lock(),
  };
  const results = [];
  try {
    for (const lab of labs) {
      const report = (progress: Progress): void => view.show(progress);
      results.push(await down(lab, ports, { purge: flag(input, "purge"), signal: context.signal, report }));
    }
  } finally {
    view.close();
  }
  const lines = results.map(({ lab, removed, keysRemoved }) => {
    const what = removed.length === 0 ? "nothing was running" : `removed ${removed.join(", ")}`;
    const keys = keysRemoved === undefined ? "keys kept" : `${keysRemoved} key files removed`;
    return `${lab}: ${what}; ${keys}\n`;
  });
  return { json: { labs: results }, text: lines.join("") };
}

/** Undefined when none was named and none runs. */
async function labsToRemove(context: Context, input: Input): Promise<string[] | undefined> {
  const [{ chooseLab, isLabFile, loadLab }, { labNames }] = await Promise.all([
    import("../app/choose-lab.ts"),
    import("../core/plan/labels.ts"),
  ]);
  const named = text(input, "name") ?? word(input, 0);
  if (named !== undefined && !flag(input, "all")) {
    if (text(input, "name") !== undefined || !isLabFile(named)) return [named];
    return [(await loadLab(named, await context.labSource())).lab.name];
  }
  const { reader } = await context.engine();
  const containers = await reader.listContainers(context.signal);
  const running = labNames(containers);
  if (running.length === 0) return undefined;
  return flag(input, "all") ? running : [chooseLab(undefined, containers)];
}
