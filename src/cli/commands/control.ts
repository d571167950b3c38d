import type { Controlled } from "../../app/control.ts";
import type { NodeAction } from "../../core/render/plan/plan.ts";
import type { Progress } from "../../core/render/plan/progress.ts";
import { viewOn, type Context } from "./context.ts";
import { FORMAT_OPTIONS, type OptionDefinition } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { findNodes } from "./find-lab.ts";
import { count, text, words, type Input, type Outcome } from "./input.ts";

const ARGUMENT = { usage: "<name...>", description: "providers, CPEs or hosts, `internet` or `keeper`" };
const LAB: OptionDefinition = {
  flags: "--lab <name>",
  description: "the lab, if several have those names",
};
const TIMEOUT: OptionDefinition = {
  flags: "--timeout <seconds>",
  description: "how long to wait until they are ready",
  default: "60",
};

interface Words extends Pick<CommandDefinition, "summary" | "description" | "examples" | "next"> {
  /** What a node is afterwards, and what it was when there was nothing to do. */
  readonly done: string;
  readonly already: string;
}

const ACTIONS: Readonly<Record<NodeAction, Words>> = {
  stop: {
    summary: "stop nodes cleanly",
    description:
      "Stops nodes with SIGTERM: a provider returns its interface to the host. They stay down until `mhlab start` or `mhlab up`, or until the engine restarts.",
    examples: [
      ["stop alpha", "take a provider out of service"],
      ["stop alpha beta", "both at once"],
    ],
    next: ["start <name>", "status"],
    done: "stopped",
    already: "was not running",
  },
  start: {
    summary: "start stopped nodes, and wait until they are ready",
    description:
      "Starts stopped or killed nodes and unpauses paused ones, unchanged, and returns when they are ready. Does not read the lab file: that is `mhlab up`.",
    examples: [["start alpha", "after `stop` or `kill`"]],
    next: ["status", "logs <name>"],
    done: "ready",
    already: "was running already",
  },
  restart: {
    summary: "restart nodes, and wait until they are ready",
    description:
      "Stops nodes cleanly and starts them again, unchanged. Returns when they are ready. Leases, keys and runtime overrides are kept.",
    examples: [["restart home", "power-cycle a CPE"]],
    next: ["status", "logs <name>"],
    done: "ready",
    already: "",
  },
  kill: {
    summary: "kill nodes, as in a power failure",
    description:
      "Kills nodes with SIGKILL: they return nothing and notify nobody. The engine does not restart a killed node until it restarts itself; use `mhlab start` or `mhlab up`. (It restarts a node at once if its agent exits by itself.)",
    examples: [
      ["kill alpha", "a power failure at a provider"],
      ["kill home --lab two-isps", "the CPE of one of several labs"],
    ],
    next: ["start <name>", "status"],
    done: "killed",
    already: "was not running",
  },
};

/** `mhlab stop|start|restart|kill`. */
export const controlCommands: readonly CommandDefinition[] = (
  Object.entries(ACTIONS) as [NodeAction, Words][]
).map(([action, { summary, description, examples, next = [] }]) => ({
  path: [action],
  group: "Labs",
  summary,
  description,
  examples,
  next,
  arguments: [ARGUMENT],
  options: [...(waits(action) ? [TIMEOUT] : []), LAB, ...FORMAT_OPTIONS],
  run: (context, input) => run(action, context, input),
}));

function waits(action: NodeAction): boolean {
  return action === "start" || action === "restart";
}

async function run(action: NodeAction, context: Context, input: Input): Promise<Outcome> {
  const timeoutS = waits(action)
    ? count(input, "timeout", { flag: "--timeout", min: 1, max: 3600 })
    : undefined;
  const [{ control }, { openProgress }, { renderSentences }, engines] = await Promise.all([
    import("../../app/control.ts"),
    import("../views/progress.ts"),
    import("../views/sentences.ts"),
    context.engines(),
  ]);
  const nodes = await findNodes(context, {
    names: words(input, 0),
    lab: text(input, "lab"),
  });
  const live = context.stderr.isTTY && !context.verbose;
  const view = openProgress({ screen: context.stderr, live, colour: context.stderr.colour });
  let results: readonly Controlled[];
  try {
    results = await control(
      nodes,
      { engines, lock: await context.lock() },
      {
        action,
        timeoutMs: (timeoutS ?? 60) * 1000,
        report: (progress: Progress) => view.show(progress),
        signal: context.signal,
      },
    );
  } finally {
    view.close();
  }
  return {
    json: { lab: nodes[0]?.lab, action, nodes: results },
    text: renderSentences(sentences(action, results, context), viewOn(context.stdout)),
  };
}

function sentences(action: NodeAction, results: readonly Controlled[], context: Context): string[] {
  const { done, already } = ACTIONS[action];
  const lines = results.map(({ name, changed, warning }) => {
    const what = changed ? done : already;
    return warning === undefined
      ? `${name}: ${what}`
      : `${name}: warning: ${context.stdout.asCalled(warning)}`;
  });
  const names = results.map(({ name }) => name).join(" ");
  const again = waits(action) ? [] : [`start again with: ${context.self} start ${names}`];
  return [...lines, ...again];
}
