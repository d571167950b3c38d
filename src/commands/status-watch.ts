import type { LiveLab } from "../app/live-lab.ts";
import { ExitCode } from "../core/errors.ts";
import type { LabStatus } from "../core/status/model.ts";
import { viewOn, type Context } from "./context.ts";
import { dated } from "./dated.ts";
import type { Outcome } from "./outcome.ts";
import { findLab } from "./find-lab.ts";
import { flag, wantsJson, word, type Input } from "./input.ts";

/** However much changes, nobody can look more often than that. */
const SHORTEST_PAUSE_MS = 200;

/** `mhlab status --watch`: at every change, and every so many seconds for what counts down; ends with the signal. */
export async function watchStatus(context: Context, input: Input): Promise<Outcome> {
  const everyMs = (await interval(input)) * 1000;
  const [{ LiveLab: Live }, engines, show] = await Promise.all([
    import("../app/live-lab.ts"),
    context.engines(),
    output(context, input),
  ]);
  const { seen, lab, expected } = await findLab(context, engines, word(input, 0));
  const live = new Live(engines, { lab, expected }, context.signal);
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

async function showAll(
  live: LiveLab,
  show: (status: LabStatus) => void,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { pause } = await import("../app/pause.ts");
  for (;;) {
    show(live.status());
    const shortest = Math.min(SHORTEST_PAUSE_MS, everyMs);
    await pause(shortest, signal);
    await live.change(everyMs - shortest);
  }
}

async function interval(input: Input): Promise<number> {
  const given = input.options["watch"];
  const seconds = Number(given === true ? 1 : given);
  if (seconds >= 0.2 && seconds <= 3600) return seconds;
  const { UsageError } = await import("../core/errors.ts");
  throw new UsageError(`--watch is '${String(given)}'`, { hint: "seconds from 0.2 to 3600" });
}

/** How a status is shown: drawn in place on a terminal, one after the other elsewhere. */
async function output({ stdout }: Context, input: Input): Promise<(status: LabStatus) => void> {
  if (wantsJson(input)) {
    const { jsonText } = await import("../views/theme.ts");
    return (status) => stdout.write(`${jsonText(dated(status))}\n`);
  }
  const [{ renderStatus }, { openFrames }] = await Promise.all([
    import("../views/status.ts"),
    import("../views/frames.ts"),
  ]);
  const all = flag(input, "all");
  if (!stdout.isTTY) return (status) => stdout.write(renderStatus(status, { ...viewOn(stdout), all }));
  const draw = openFrames(stdout);
  // The window may change; its last column stays free, because clearing behind a full line would take its end.
  return (status) => draw(renderStatus(status, { colour: stdout.colour, columns: stdout.columns - 1, all }));
}
