import { ExitCode } from "../core/errors.ts";
import type { LabStatus } from "../core/status/model.ts";
import { viewOn, type Context } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import type { Outcome } from "./outcome.ts";
import { findLab } from "./find-lab.ts";
import { wantsJson, word, type Input } from "./input.ts";

/** `mhlab status`. */
export const statusCommand: CommandDefinition = {
  path: ["status"],
  group: "Labs",
  summary: "what every provider and CPE really does",
  description:
    "Asks every agent of the lab: tunnel and handshake, round trip, prefixes delegated and for how long, whether the route is there; for a CPE its default routers, prefixes and whether each source reaches the internet. Exit code 5 when something is not as it should be.",
  arguments: [
    { usage: "[lab]", description: "a lab file or the name of a lab; left out: the one that runs" },
  ],
  options: [
    { flags: "--watch [seconds]", description: "again and again, every second unless told otherwise" },
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["status", "the one lab that runs"],
    ["status --watch", "live"],
    ["status --json | jq '.providers[].delegations'", "for scripts"],
    ["status --watch --json", "one JSON object per line"],
  ],
  next: ["logs <name>", "exec <name> -- <command>"],
  run: runStatus,
};

async function runStatus(context: Context, input: Input): Promise<Outcome> {
  const [{ labStatus }, engine, view] = await Promise.all([
    import("../app/status.ts"),
    context.engine(),
    wantsJson(input) ? undefined : import("../views/status.ts"),
  ]);
  const ask = async (): Promise<LabStatus> => {
    const found = await findLab(context, engine.reader, word(input, 0));
    return await labStatus(engine.reader, { ...found, signal: context.signal });
  };
  const render = (status: LabStatus): string =>
    view === undefined ? `${JSON.stringify(status)}\n` : view.renderStatus(status, viewOn(context.stdout));
  if (input.options["watch"] !== undefined) return await watch(context, input, { ask, render });
  const status = await ask();
  return {
    json: status,
    text: view === undefined ? "" : render(status),
    exitCode: status.healthy ? ExitCode.ok : ExitCode.degraded,
  };
}

const CLEAR_SCREEN = "\u001b[H\u001b[J";

async function watch(
  context: Context,
  input: Input,
  { ask, render }: { ask: () => Promise<LabStatus>; render: (status: LabStatus) => string },
): Promise<Outcome> {
  const seconds = Number(input.options["watch"] === true ? 1 : input.options["watch"]);
  if (!(seconds >= 0.2 && seconds <= 3600)) {
    const { UsageError } = await import("../core/errors.ts");
    throw new UsageError(`--watch is '${String(input.options["watch"])}'`, {
      hint: "seconds from 0.2 to 3600",
    });
  }
  const redraw = context.stdout.isTTY && !wantsJson(input);
  if (redraw) context.stdout.write("\u001b[2J");
  while (!context.signal.aborted) {
    const status = await ask().catch((error: unknown) => {
      // Ctrl-C is how this ends, whenever it comes.
      if (context.signal.aborted) return undefined;
      throw error;
    });
    if (status === undefined) break;
    const text = render(status);
    context.stdout.write(redraw ? `${CLEAR_SCREEN}${text}\nCtrl-C ends this\n` : text);
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        context.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, seconds * 1000);
      context.signal.addEventListener("abort", done, { once: true });
    });
  }
  return { exitCode: ExitCode.ok };
}
