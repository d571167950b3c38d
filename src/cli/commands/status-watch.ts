import type { Engines, Seen } from "../../app/agents/engines.ts";
import type { LiveLabs, LiveQuestions } from "../../app/live-labs.ts";
import { ExitCode } from "../../core/model/errors.ts";
import type { LabStatus } from "../../core/model/status/model.ts";
import type { View } from "../views/theme.ts";
import { viewOn, type Context } from "./context.ts";
import { dated } from "./dated.ts";
import { findLab } from "./find-lab.ts";
import { flag, wantsJson, word, type Input, type Outcome } from "./input.ts";
import { meansAll } from "./status-all.ts";

/** However much changes, nobody can look more often than that. */
const SHORTEST_PAUSE_MS = 200;

/** What is watched: the one lab that is meant, or all that run, in a line each. */
interface Watched {
  /** What is there when it begins. */
  readonly seen: Seen;
  readonly questions: LiveQuestions;
  readonly all: boolean;
  readonly on: Engines;
}

/** `mhlab status --watch`: at every change, and every so many seconds for what counts down; ends with the signal. */
export async function watchStatus(context: Context, input: Input): Promise<Outcome> {
  const everyMs = (await interval(input)) * 1000;
  const [{ LiveLabs: Live }, engines] = await Promise.all([
    import("../../app/live-labs.ts"),
    context.engines(),
  ]);
  const { seen, questions, all, on } = await watched(context, engines, word(input, 0));
  const show = await output(context, input, all);
  const live = new Live(on, questions, context.signal);
  try {
    await live.open(seen);
    await showAll(live, show, everyMs, context.signal);
  } catch (error) {
    // Ctrl-C is how this ends, whenever it comes.
    if (!context.signal.aborted) throw error;
  } finally {
    live.close();
  }
  return { exitCode: ExitCode.ok };
}

async function watched(context: Context, engines: Engines, argument: string | undefined): Promise<Watched> {
  if (argument === undefined) {
    const { labNames } = await import("../../core/render/plan/labels.ts");
    const seen = await engines.look(context.signal);
    if (await meansAll(context, labNames(seen.containers)))
      return {
        seen,
        questions: ({ containers }) => labNames(containers).map((lab) => ({ lab })),
        all: true,
        on: engines,
      };
  }
  const { seen, lab, expected, on } = await findLab(context, engines, argument);
  return { seen, questions: () => [{ lab, expected }], all: false, on };
}

async function showAll(
  live: LiveLabs,
  show: (statuses: readonly LabStatus[]) => void,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { pause } = await import("../../app/ports/time.ts");
  for (;;) {
    show(live.statuses());
    const shortest = Math.min(SHORTEST_PAUSE_MS, everyMs);
    await pause(shortest, signal);
    await live.change(everyMs - shortest);
  }
}

async function interval(input: Input): Promise<number> {
  const given = input.options["watch"];
  const seconds = Number(given === true ? 1 : given);
  if (seconds >= 0.2 && seconds <= 3600) return seconds;
  const { UsageError } = await import("../../core/model/errors.ts");
  throw new UsageError(`--watch is '${String(given)}'`, { hint: "seconds from 0.2 to 3600" });
}

/** How statuses are shown: drawn in place on a terminal, one after the other elsewhere. */
async function output(
  { stdout }: Context,
  input: Input,
  all: boolean,
): Promise<(statuses: readonly LabStatus[]) => void> {
  if (wantsJson(input)) {
    const { jsonText } = await import("../views/theme.ts");
    return (statuses) => {
      const value = all ? dated({ labs: statuses }) : statuses.map(dated)[0];
      stdout.write(`${jsonText(value)}\n`);
    };
  }
  const render = await renderer(all, flag(input, "all"));
  if (!stdout.isTTY) return (statuses) => stdout.write(render(statuses, viewOn(stdout)));
  const { openFrames } = await import("../views/frames.ts");
  const draw = openFrames(stdout);
  // The window may change; its last column stays free, because clearing behind a full line would take its end.
  return (statuses) => draw(render(statuses, { ...viewOn(stdout), columns: stdout.columns - 1 }));
}

async function renderer(
  briefly: boolean,
  all: boolean,
): Promise<(statuses: readonly LabStatus[], view: View) => string> {
  if (briefly) {
    const { renderBriefly } = await import("../views/labs.ts");
    return renderBriefly;
  }
  const { renderStatus } = await import("../views/status.ts");
  return (statuses, view) => statuses.map((status) => renderStatus(status, { ...view, all })).join("");
}
