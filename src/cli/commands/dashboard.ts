import type { Engines } from "../../app/agents/engines.ts";
import { ExitCode } from "../../core/model/errors.ts";
import type { ExpectedNodes } from "../../core/render/nodes/node.ts";
import { LAB_FILE, RUNS_FOLDER } from "../../core/model/names.ts";
import { labNames } from "../../core/render/plan/labels.ts";
import type { Context } from "./context.ts";
import { dated } from "./dated.ts";
import type { CommandDefinition } from "./definition.ts";
import { findLab, labHere } from "./find-lab.ts";
import { count, flag, text, wantsJson, word, type Input, type Outcome } from "./input.ts";

/** `mhlab dashboard`. */
export const dashboardCommand: CommandDefinition = {
  path: ["dashboard"],
  group: "Look inside",
  summary: "show the lab, its leases and its faults live in a browser",
  description:
    "Serves the dashboard on loopback until Ctrl-C, and prints its address. The address contains a token, which becomes a cookie: anyone with the token may view and act; other requests are rejected. While no page is open, it follows no agent. The lab may start later, stop and return. Metrics are at /metrics, the API is described at /api/openapi.json.",
  arguments: [
    {
      usage: "[lab]",
      description: `a lab file, or the name of a running or former lab; by default the running one; otherwise that of this folder's ${LAB_FILE}`,
    },
  ],
  options: [
    {
      flags: "--port <port>",
      description: "the port on 127.0.0.1; by default 6464, or any free one if that is taken",
    },
    {
      flags: "--runs <folder>",
      description: "the folder with the records of `mhlab run`; by default runs",
    },
    { flags: "--open", description: "open it in the browser" },
    { flags: "--json", description: "print the address as JSON" },
  ],
  examples: [
    ["dashboard", "the only running lab"],
    ["dashboard two-isps --open", "open it in the browser"],
    ["dashboard lab.yaml --port 8080", "also works before `mhlab up`"],
  ],
  next: ["status --watch", "events", "metrics"],
  run: runDashboard,
};

async function runDashboard(context: Context, input: Input): Promise<Outcome> {
  const port = count(input, "port", { flag: "--port", min: 0, max: 65_535 });
  const [{ Collector }, { RunBoard }, { serveDashboard }, { errorObject }, { jsonText }, given, web] =
    await Promise.all([
      import("../../app/dashboard/collector.ts"),
      import("../../app/dashboard/runs.ts"),
      import("../../app/dashboard/dashboard.ts"),
      import("../views/error.ts"),
      import("../views/theme.ts"),
      context.engines(),
      context.web(),
    ]);
  const { lab, expected, on: engines } = await chosen(context, given, word(input, 0));
  const { self, version, signal } = context;
  const epoch = web.secret().slice(0, 8);
  const collector = new Collector({
    engines,
    lab,
    expected,
    self,
    version,
    epoch,
    signal,
    now: () => Date.now(),
  });
  const shelf = await context.runShelf(text(input, "runs") ?? RUNS_FOLDER);
  const server = await serveDashboard({
    serve: web.serve,
    assets: await web.assets(),
    engines,
    lock: await context.lock(),
    collector,
    version,
    runs: new RunBoard({ shelf, lab, now: () => Date.now() }),
    now: () => dated({}).at,
    port,
    token: web.secret(),
    errorObject: (error) => errorObject(error, version),
  });
  const { url } = server;
  context.stdout.write(wantsJson(input) ? `${jsonText({ lab, url, port: server.port })}\n` : `${url}\n`);
  if (flag(input, "open") && !(await web.open(url)))
    context.stderr.write("no program opens it here: open it yourself\n");
  const { untilAborted } = await import("../../app/ports/time.ts");
  await untilAborted(signal).catch(() => undefined);
  await server.close();
  return { exitCode: ExitCode.ok };
}

interface Chosen {
  readonly lab: string;
  readonly expected?: ExpectedNodes | undefined;
  readonly on: Engines;
}

/** The lab that is meant, there or not. Throws UsageError when none is. */
async function chosen(context: Context, engines: Engines, argument: string | undefined): Promise<Chosen> {
  const { isLabFile } = await import("../../app/choose-lab.ts");
  if (argument !== undefined && isLabFile(argument)) return await ofFile(context, engines, argument);
  const { containers, nodes } = await engines.look(context.signal);
  if (argument === undefined && nodes.length === 0 && (await (await context.labSource()).exists(LAB_FILE)))
    return await ofFile(context, engines, LAB_FILE);
  if (argument === undefined || labNames(containers).includes(argument))
    return await findLab(context, engines, argument);
  return await toCome(context, engines, { name: argument, running: labNames(containers) });
}

/** A lab that does not run: one with keys, which ran before, or that of this folder's lab.yaml. Throws UsageError. */
async function toCome(
  context: Context,
  engines: Engines,
  { name, running }: { readonly name: string; readonly running: readonly string[] },
): Promise<Chosen> {
  const here = await labHere(context, [name]);
  if (here !== undefined) return await ofFile(context, engines, LAB_FILE);
  const withKeys = await (await context.keys()).labs();
  if (withKeys.includes(name)) return { lab: name, on: engines };
  const [{ UsageError }, { suggest }] = await Promise.all([
    import("../../core/model/errors.ts"),
    import("../../core/model/values/suggest.ts"),
  ]);
  const known = [...new Set([...running, ...withKeys])].sort();
  const near = suggest(name, known);
  const there = known.length === 0 ? "" : `there ${known.length === 1 ? "is" : "are"}: ${known.join(", ")}\n`;
  throw new UsageError(`there is no lab '${name}'`, {
    hint:
      near === undefined
        ? `${there}for a lab that never ran, name its file: mhlab dashboard lab.yaml`
        : `did you mean ${near}?`,
  });
}

async function ofFile(context: Context, engines: Engines, file: string): Promise<Chosen> {
  const [{ loadLab }, { expectedOf }] = await Promise.all([
    import("../../app/choose-lab.ts"),
    import("../../core/render/plan/expected.ts"),
  ]);
  const { lab } = await loadLab(file, await context.labSource());
  const on = lab.engines.length === 0 ? engines : await context.engines({}, lab);
  return { lab: lab.name, expected: expectedOf(lab), on };
}
