import { Cancelled, MhlabError } from "../core/model/errors.ts";
import { describeFault } from "../core/model/faults/fault.ts";
import { describeOverride, isEmptyOverride } from "../core/model/intent/runtime-override.ts";
import { attachedNodes } from "../core/model/lab/attached.ts";
import type { Lab } from "../core/model/lab/model.ts";
import { INTERNET_NAME } from "../core/model/names.ts";
import { NODES } from "../core/render/nodes/registry.ts";
import type { Plan } from "../core/render/plan/plan.ts";
import type { Report, Warning } from "../core/render/plan/progress.ts";
import { counted } from "../core/model/words.ts";
import { planLab, type PlannedLab, type PlanOptions, type PlanPorts } from "./plan-up.ts";
import { notReady } from "./not-ready.ts";
import type { LabLock } from "./ports/lab-lock.ts";
import { nodesOf } from "./agents/engines.ts";
import type { Node } from "./agents/node.ts";
import { confirm, type Confirmed } from "./confirm.ts";
import { checkFile, type OtherFile } from "./check-file.ts";
import type { Arrived, Awaited } from "./ready.ts";
import { Run } from "./up-run.ts";

export interface UpPorts extends PlanPorts {
  readonly lock: LabLock;
}

export interface UpOptions extends Omit<PlanOptions, "makeKeys"> {
  /** `--replace`: a lab of this name that was started from another file becomes what this one says. */
  readonly replace: boolean;
  /** Asks a person for the same; undefined when nobody can be asked. */
  readonly agreeToReplace: ((other: OtherFile) => Promise<boolean>) | undefined;
  /** `--wait`: a far side that does not answer, or an interface that is absent, is a failure. */
  readonly strict: boolean;
  readonly timeoutMs: number;
  /** Local address of the SSH session that mhlab runs in: its interface is not taken. */
  readonly sshAddress?: string | undefined;
  readonly report: Report;
}

export interface UpResult extends Confirmed {
  readonly plan: Plan;
  /** What the outside world still owes, by node. */
  readonly warnings: readonly Arrived[];
  /** What does not keep the lab from working, and should be known; once per kind. */
  readonly notices: readonly Warning[];
  /** Nodes that were left out, because their engine does not answer. */
  readonly left: readonly string[];
}

/** Makes a lab what its file says, and returns when every node is ready. Safe to repeat. */
export async function up(lab: Lab, ports: UpPorts, asked: UpOptions): Promise<UpResult> {
  const notices: Warning[] = [];
  const options: UpOptions = {
    ...asked,
    report(progress) {
      if (progress.kind === "warning") notices.push(progress.warning);
      asked.report(progress);
    },
  };
  const release = await ports.lock.acquire(lab.name, "up");
  try {
    await checkFile(lab, ports, options);
    const planned = await planLab(lab, ports, { ...options, makeKeys: true });
    options.report({ kind: "plan", plan: planned.plan });
    for (const warning of keptWarnings(planned.plan)) options.report({ kind: "warning", warning });
    const usable = { ...ports, engines: planned.engines };
    return { ...(await bring(lab, planned, usable, options)), notices, left: planned.left };
  } finally {
    await release();
  }
}

/** What stays above the lab file: settings by provider, and all faults in one. */
function keptWarnings({ overrides }: Plan): Warning[] {
  const faults = overrides.flatMap(({ override }) => override.faults);
  const settings = overrides
    .map(({ name, override }) => ({ name, override: { ...override, faults: [] } }))
    .filter(({ override }) => !isEmptyOverride(override));
  return [
    ...settings.map(({ name, override }) => ({
      code: "override-kept",
      message: `${name} keeps its override (${describeOverride(override)})`,
      mend: "`mhlab up --reset` empties it",
    })),
    ...(faults.length === 0
      ? []
      : [
          {
            code: "faults-kept",
            message: `${counted(faults.length, "fault")} ${faults.length === 1 ? "stays" : "stay"} injected: ${faults.map(describeFault).join(", ")}`,
            mend: "`mhlab fault clear` ends one or all of them, `mhlab up --reset` all",
          },
        ]),
  ];
}

async function bring(
  lab: Lab,
  planned: PlannedLab,
  ports: UpPorts,
  options: UpOptions,
): Promise<Omit<UpResult, "notices" | "left">> {
  const { only, strict, timeoutMs, signal } = options;
  const nodeOf = (name: string): Awaited | undefined => awaited(lab, planned, name, only);
  const run = new Run(planned, ports, options, nodeOf);
  try {
    const warnings = await toItsEnd(run, planned, ports, options);
    const nodes = [...planned.specs.keys()].flatMap((name) => nodeOf(name) ?? []);
    const confirmed = await confirm(planned.lab, {
      engines: ports.engines,
      followed: (name) => run.statusOf(name),
      isNew: isNew(planned.plan),
      awaited: nodes.filter(({ node }) => chosen(planned, node.name)),
      whole: only.length === 0,
      strict,
      timeoutMs,
      signal,
    });
    return { plan: planned.plan, warnings, ...confirmed };
  } finally {
    run.close();
  }
}

async function toItsEnd(
  run: Run,
  planned: PlannedLab,
  ports: UpPorts,
  { signal, report, timeoutMs }: UpOptions,
): Promise<Arrived[]> {
  const { created, arrived, waiting, failure } = await run.toItsEnd();
  if (failure === undefined) return [...arrived];
  if (signal.aborted) throw await undo(planned, created, report);
  const nodeOf = (name: string): Node | undefined => planned.nodes.get(name);
  const cause = run.late ? await notReady(waiting, { timeoutMs, nodeOf }) : failure;
  throw await withState(cause, planned, ports);
}

/** Whether nothing of the lab was there before. */
function isNew({ steps, unchanged }: Plan): boolean {
  return unchanged.length === 0 && steps.every(({ action }) => action === "build" || action === "create");
}

/** Whether the plan has to do with a node: with `--provider` it leaves the other providers out. */
function chosen({ plan }: PlannedLab, name: string): boolean {
  return plan.unchanged.includes(name) || plan.steps.some((step) => step.name === name);
}

function awaited(
  lab: Lab,
  { nodes, left }: PlannedLab,
  name: string,
  only: readonly string[],
): Awaited | undefined {
  const node = nodes.get(name);
  if (node === undefined) return undefined;
  if (only.length + left.length > 0 && NODES[node.role].needsAllProviders) return undefined;
  const isReal = left.includes(INTERNET_NAME);
  const real = lab.providers.filter(({ wireguard }) => isReal || wireguard.kind === "real");
  const realFarSides = new Set(real.map((one) => one.name));
  const link = attachedNodes(lab).find((one) => one.name === name)?.link.kind;
  const realSubscriber = link !== undefined && link !== "cpe" && !(link === "lan" && node.role === "host");
  return { node, realFarSides, realSubscriber };
}

/** Adds to a failure what it left running. */
async function withState(error: unknown, planned: PlannedLab, { engines }: UpPorts): Promise<unknown> {
  if (!(error instanceof MhlabError) || error.state !== undefined) return error;
  const seen = await engines.look().catch(() => undefined);
  const present = seen === undefined ? [] : nodesOf(seen, planned.plan.lab);
  const running = [...planned.nodes.keys()].filter((name) =>
    present.some((one) => one.name === name && one.runs),
  );
  const state =
    seen === undefined
      ? "What is running cannot be told; the next `mhlab up` completes the lab."
      : running.length === 0
        ? "Nothing of the lab is running."
        : `Running, and left so: ${running.join(", ")}. \`mhlab down\` removes them; \`mhlab up\` again completes the lab.`;
  return error.with({ state });
}

async function undo(
  { plan, nodes }: PlannedLab,
  created: ReadonlySet<string>,
  report: Report,
): Promise<Cancelled> {
  const made = [...nodes.values()].filter(({ name }) => created.has(name));
  const names = made.map(({ name }) => name);
  if (names.length > 0) report({ kind: "undo", names });
  const results = await Promise.allSettled(made.map(async (node) => await node.remove()));
  const stuck = made.filter((_, index) => results[index]?.status === "rejected");
  const kept = [
    ...plan.unchanged,
    ...plan.steps.filter(({ action }) => action === "recreate").map(({ name }) => name),
  ];
  const sentences = [
    names.length === 0
      ? "This run had created nothing."
      : `Removed what this run had created: ${names.join(", ")}.`,
    ...(stuck.length > 0
      ? [
          `Could not remove ${stuck.map(({ containerName }) => containerName).join(", ")}; try \`mhlab down\`.`,
        ]
      : []),
    ...(kept.length > 0 ? [`Left as it is: ${kept.join(", ")}.`] : []),
  ];
  return new Cancelled({ state: sentences.join(" ") });
}
