import type { Seen } from "../../app/agents/engines.ts";
import type { EventNews } from "../../app/events.ts";
import type { LiveQuestions } from "../../app/live-labs.ts";
import { ExitCode } from "../../core/model/errors.ts";
import type { Cursor } from "../../core/model/protocol/cursor.ts";
import type { ShownEvent } from "../views/event-lines.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import { findLab } from "./find-lab.ts";
import { list, wantsJson, word, type Input, type Outcome } from "./input.ts";

/** `mhlab events`. */
export const eventsCommand: CommandDefinition = {
  path: ["events"],
  group: "Look inside",
  summary: "show a lab's events live",
  description:
    "Prints every change that the agents report, with the agent's time, until Ctrl-C: tunnels, leases, routes, addresses, problems and log lines. Nodes may come and go. Only the JSON has counters; its lines are those of docs/protocol.md with the agent's `epoch` beside `seq`, for `--since`.",
  arguments: [{ usage: "[lab]", description: "a lab file or a lab's name; by default the running one" }],
  options: [
    {
      flags: "--since <node@epoch:seq...>",
      description:
        "resume after that event of that node; starts with a snapshot if the agent restarted or no longer has it",
    },
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["events", "the only running lab"],
    ["events two-isps --json", "one JSON object per line"],
    ["events --json | jq '.patch[]? | select(.path[0] == \"delegations\")'", "only delegations"],
    ["events --json --since alpha@5f0c2a917b3e:41", "for alpha, only events after 41"],
  ],
  next: ["status --watch", "logs -f", "dashboard"],
  run: runEvents,
};

async function runEvents(context: Context, input: Input): Promise<Outcome> {
  const since = await cursors(list(input, "since"));
  const [{ readEvents }, engines] = await Promise.all([import("../../app/events.ts"), context.engines()]);
  const { lab, seen, nodes, expected, on } = await findLab(context, engines, word(input, 0));
  const questions: LiveQuestions = () => [{ lab, expected }];
  const onNews = await output(
    context,
    input,
    nodes.map(({ name }) => name),
  );
  await untilInterrupted(context, seen, (from) =>
    readEvents(from, { engines: on, questions, since, signal: context.signal, onNews }),
  );
  return { exitCode: ExitCode.ok };
}

/** Ctrl-C is how this ends, whenever it comes. */
async function untilInterrupted(
  { signal }: Context,
  seen: Seen,
  read: (seen: Seen) => Promise<never>,
): Promise<void> {
  try {
    await read(seen);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function output(
  { stdout }: Context,
  input: Input,
  names: readonly string[],
): Promise<(news: EventNews) => void> {
  if (wantsJson(input)) {
    const { jsonText } = await import("../views/theme.ts");
    return (news) => stdout.write(`${jsonText(lineOf(news))}\n`);
  }
  const { eventLines } = await import("../views/event-lines.ts");
  const write = eventLines(names, stdout);
  return (news) => write(shown(news));
}

function lineOf({ node, told }: EventNews): object {
  return told === "gone" ? { at: now(), node: node.name, role: node.role, event: "gone" } : told;
}

function shown({ node, told }: EventNews): ShownEvent {
  return told === "gone" ? { at: now(), node: node.name, event: "gone" } : told;
}

/** With as many digits as an agent's. */
function now(): string {
  return new Date().toISOString().replace("Z", "000Z");
}

/** By node. Throws UsageError. */
async function cursors(words: readonly string[]): Promise<ReadonlyMap<string, Cursor>> {
  const { parseCursor } = await import("../../core/model/protocol/cursor.ts");
  const { UsageError } = await import("../../core/model/errors.ts");
  return new Map(
    words.map((given) => {
      const [, node = "", place = ""] = /^([^@]+)@(.+)$/.exec(given) ?? [];
      const cursor = parseCursor(place);
      if (cursor !== undefined) return [node, cursor] as const;
      throw new UsageError(`--since is '${given}'`, {
        hint: "it is node@epoch:seq, with `node`, `epoch` and `seq` of the last line of that node in mhlab events --json",
      });
    }),
  );
}
