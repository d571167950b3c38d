import { ExitCode } from "../../core/model/errors.ts";
import type { Lab } from "../../core/model/lab/model.ts";
import type { Progress } from "../../core/render/plan/progress.ts";
import { viewOn, type Context, type EngineOptions } from "./context.ts";
import { ALLOW_ENV, allowVariables } from "./allow-env.ts";
import { FORMAT_OPTIONS, LAB_FILE_ARGUMENT } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { dated } from "./dated.ts";
import { count, flag, list, wantsJson, word, type Input, type Outcome } from "./input.ts";
import { replaceQuestion } from "./replace-question.ts";

/** `mhlab up`. */
export const upCommand: CommandDefinition = {
  path: ["up"],
  group: "Labs",
  summary: "make a lab match its file, and wait until it is ready",
  description:
    "Compares the lab file with what is running and changes only what differs: generates missing keys, builds images whose files changed, starts every provider. Returns when all are ready, after a final check of the whole lab: exit code 5 if a node is no longer healthy. Prints each kind of warning once, with its fix; --json has them as `notices`. Safe to repeat.",
  arguments: [LAB_FILE_ARGUMENT],
  options: [
    { flags: "--dry-run", description: "print the plan with a reason for each step; change nothing" },
    { flags: "--check", description: "with --dry-run: exit code 4 if something would change" },
    { flags: "--wait", description: "fail if a tunnel's peer does not answer or an interface is missing" },
    {
      flags: "--timeout <seconds>",
      description: "how long to wait until everything is ready",
      default: "60",
    },
    { flags: "--provider <name...>", description: "only these providers and what they need" },
    { flags: "--partial", description: "leave out the nodes of engines that do not answer" },
    { flags: "--force", description: "take interfaces even if the host has addresses or routes on them" },
    { flags: "--replace", description: "even if the lab was started from another file" },
    {
      flags: "--reset",
      description:
        "recreate providers, CPEs and hosts, without earlier faults, renumberings, leases and addresses",
    },
    ALLOW_ENV,
    { flags: "--no-build", description: "use the newest existing images" },
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["up examples/two-isps/lab.yaml", "two providers and a CPE, offline"],
    ["--sandbox up examples/two-isps/lab.yaml", "the same in the sandbox"],
    ["up lab.yaml --dry-run", "what would change, and why"],
    ["up --dry-run --check", "for CI: exit code 4 if the lab differs from its file"],
    ["up lab.yaml --provider alpha --wait", "one provider; its peer must answer"],
  ],
  next: ["status", "logs <name>", "down"],
  run: runUp,
};

async function runUp(context: Context, input: Input): Promise<Outcome> {
  const timeoutS = count(input, "timeout", { flag: "--timeout", min: 1, max: 3600 }) ?? 60;
  const { labFileHere, loadLab } = await import("../../app/choose-lab.ts");
  const source = await context.labSource();
  const loaded = await loadLab(word(input, 0) ?? (await labFileHere(source)), source);
  const { lab, warnings, place } = loaded;
  if (warnings.length > 0) {
    const { formatDiagnostics } = await import("../views/diagnostics.ts");
    context.stderr.write(formatDiagnostics(warnings, viewOn(context.stderr)));
  }
  const only = list(input, "provider");
  if (flag(input, "check") && !flag(input, "dryRun")) {
    const { UsageError } = await import("../../core/model/errors.ts");
    throw new UsageError("--check changes nothing, and goes with --dry-run", {
      hint: "to ask whether something would be done: mhlab up --dry-run --check",
      state: "Nothing was changed.",
    });
  }
  await checkProviders(lab, only);
  if (!flag(input, "dryRun")) await allowVariables(context, input, loaded);
  return flag(input, "dryRun")
    ? await dryRun(context, input, { lab, place, only })
    : await apply(context, input, { lab, place, only, timeoutMs: timeoutS * 1000 });
}

interface Target {
  readonly lab: Lab;
  /** Absolute path of the lab file. */
  readonly place: string;
  readonly only: readonly string[];
}

async function checkProviders(lab: Lab, only: readonly string[]): Promise<void> {
  const names = lab.providers.map(({ name }) => name);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  const { UsageError } = await import("../../core/model/errors.ts");
  throw new UsageError(`the lab '${lab.name}' has no provider ${unknown.join(", ")}`, {
    hint: `its providers are ${names.join(", ")}`,
    state: "Nothing was changed.",
  });
}

async function dryRun(context: Context, input: Input, { lab, place, only }: Target): Promise<Outcome> {
  const { planLab } = await import("../../app/plan-up.ts");
  const engines = await context.engines({}, lab);
  const { plan, startedFrom } = await planLab(
    lab,
    {
      engines,
      keys: await context.keys(),
      digest: context.digest,
      images: () => context.images(),
    },
    {
      labFile: place,
      version: context.version,
      only,
      build: input.options["build"] !== false,
      force: flag(input, "force"),
      partial: flag(input, "partial"),
      reset: flag(input, "reset"),
      makeKeys: false,
      signal: context.signal,
    },
  );
  const { renderPlan } = await import("../views/plan.ts");
  const text = renderPlan(plan, viewOn(context.stdout));
  const drifted = flag(input, "check") && plan.steps.length > 0;
  const exitCode = drifted ? ExitCode.locked : ExitCode.ok;
  if (startedFrom === undefined) return { json: plan, text, exitCode };
  context.stderr.write(
    `the lab '${lab.name}' was started from ${startedFrom}: up will ask, or want --replace\n`,
  );
  return { json: { ...plan, startedFrom }, text, exitCode };
}

async function apply(
  context: Context,
  input: Input,
  target: Target & { timeoutMs: number },
): Promise<Outcome> {
  const { lab, place, only, timeoutMs } = target;
  const [{ up }, { openProgress }] = await Promise.all([
    import("../../app/up.ts"),
    import("../views/progress.ts"),
  ]);
  const view = openProgress({
    screen: context.stderr,
    live: context.stderr.isTTY && !context.verbose,
    colour: context.stderr.colour,
  });
  const report = (progress: Progress): void => view.show(progress);
  let result;
  try {
    const wanted: EngineOptions = {
      startSandbox: true,
      report: (text) => report({ kind: "engine", text }),
    };
    const engines = await context.engines(wanted, lab);
    const ports = {
      engines,
      keys: await context.keys(),
      lock: await context.lock(),
      images: () => context.images(),
      digest: context.digest,
    };
    result = await up(lab, ports, {
      labFile: place,
      version: context.version,
      only,
      build: input.options["build"] !== false,
      force: flag(input, "force"),
      partial: flag(input, "partial"),
      replace: flag(input, "replace"),
      agreeToReplace: replaceQuestion(context),
      reset: flag(input, "reset"),
      strict: flag(input, "wait"),
      sshAddress: await engines.sshAddress(),
      timeoutMs,
      report,
      signal: context.signal,
    });
  } finally {
    view.close();
  }
  const { plan, status, unwell, notices, left } = result;
  const warnings = result.warnings.filter(({ warning }) => warning !== undefined);
  const exitCode = unwell.length === 0 ? ExitCode.ok : ExitCode.degraded;
  if (wantsJson(input)) {
    return { json: { plan, warnings, notices, unwell, left, status: dated(status) }, exitCode };
  }
  const [{ renderStatus }, { renderNextSteps }, { labNames }] = await Promise.all([
    import("../views/status.ts"),
    import("../views/next-steps.ts"),
    import("../../core/render/plan/labels.ts"),
  ]);
  context.stderr.write("\n");
  context.stdout.write(renderStatus(status, viewOn(context.stdout)));
  for (const { name, detail } of unwell)
    context.stderr.write(`\n${name} was ready and is not any more: ${context.stderr.asCalled(detail)}\n`);
  if (left.length > 0)
    context.stderr.write(
      `\nleft out, because its engine does not answer: ${left.join(", ")}; the next ${context.self} up completes the lab\n`,
    );
  const { containers } = await (await context.engines({}, lab)).look(context.signal);
  const several = labNames(containers).length > 1;
  const steps = renderNextSteps(status, { ...viewOn(context.stderr), self: context.self, several });
  context.stderr.write(`\n${steps}`);
  return { exitCode };
}
