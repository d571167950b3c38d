import type { Seen } from "../app/agents/engines.ts";
import type { EventNews } from "../app/events.ts";
import type { LiveQuestions } from "../app/live-labs.ts";
import { ExitCode } from "../core/errors.ts";
import type { Cursor } from "../core/protocol/cursor.ts";
import type { Recorded } from "../core/protocol/event.ts";
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
  summary: "what happens in a lab, as it happens",
  description:
    "Tells every change that an agent sees: tunnels, leases, routes, addresses, problems and what is logged, with the time at the agent, until Ctrl-C. Members come and go meanwhile. Counters are in the JSON only; its lines are those of docs/protocol.md with the `epoch` of the agent's life beside `seq`, by which `--since` goes on.",
  arguments: [
    { usage: "[lab]", description: "a lab file or the name of a lab; left out: the one that runs" },
  ],
  options: [
    {
      flags: "--since <member@epoch:seq...>",
      description:
        "go on after that event of that member; one whose agent began anew, or does not remember, begins with a snapshot",
    },
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["events", "the one lab that runs"],
    ["events two-isps --json", "one JSON object per line"],
    ["events --json | jq 'select(.event == \"delegation\")'", "only prefixes that are delegated"],
    ["events --json --since alpha@5f0c2a917b3e:41", "of alpha, only what came after its event 41"],
  ],
  next: ["status --watch", "logs -f", "dashboard"],
  run: runEvents,
};

async function runEvents(context: Context, input: Input): Promise<Outcome> {
  const since = await cursors(list(input, "since"));
  const [{ readEvents }, engines] = await Promise.all([import("../app/events.ts"), context.engines()]);
  const { lab, seen, members, expected } = await findLab(context, engines, word(input, 0));
  const questions: LiveQuestions = () => [{ lab, expected }];
  const onNews = await output(
    context,
    input,
    members.map(({ name }) => name),
  );
  await untilInterrupted(context, seen, (from) =>
    readEvents(from, { engines, questions, since, signal: context.signal, onNews }),
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

function lineOf(news: EventNews): object {
  const { member, told } = news;
  if (told === "gone") return { at: now(), member: member.name, role: member.role, event: "gone" };
  return { ...told.event, epoch: news.epoch };
}

function shown({ member, told }: EventNews): ShownEvent {
  if (told === "gone") return { at: now(), member: member.name, what: "gone" };
  const { at } = told.event;
  const what = told.kind === "snapshot" ? { snapshot: told.status } : { event: told.event as Recorded };
  return { at, member: member.name, what };
}

/** With as many digits as an agent's. */
function now(): string {
  return new Date().toISOString().replace("Z", "000Z");
}

/** By member. Throws UsageError. */
async function cursors(words: readonly string[]): Promise<ReadonlyMap<string, Cursor>> {
  const { parseCursor } = await import("../core/protocol/cursor.ts");
  const { UsageError } = await import("../core/errors.ts");
  return new Map(
    words.map((given) => {
      const [, member = "", place = ""] = /^([^@]+)@(.+)$/.exec(given) ?? [];
      const cursor = parseCursor(place);
      if (cursor !== undefined) return [member, cursor] as const;
      throw new UsageError(`--since is '${given}'`, {
        hint: "it is member@epoch:seq, with `member`, `epoch` and `seq` of the last line of that member in mhlab events --json",
      });
    }),
  );
}
