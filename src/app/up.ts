import { setMaxListeners } from "node:events";
import { Cancelled, MhlabError, OperationError } from "../core/errors.ts";
import { describeOverlay } from "../core/intent/overlay.ts";
import type { Lab } from "../core/lab/model.ts";
import { MEMBERS } from "../core/members/registry.ts";
import type { Plan } from "../core/plan/plan.ts";
import { applyPlan } from "./apply.ts";
import type { Report } from "../core/plan/progress.ts";
import { planLab, type PlannedLab, type PlanOptions, type PlanPorts } from "./plan-up.ts";
import type { EngineWriter } from "./ports/engine-writer.ts";
import type { LabLock } from "./ports/lab-lock.ts";
import { checkNics } from "./check-nics.ts";
import { deliverVeth } from "./deliver.ts";
import { LabEvents } from "./lab-events.ts";
import type { Status } from "./judge.ts";
import { awaitReady, type Arrived, type Awaited } from "./ready.ts";

export interface UpPorts extends PlanPorts {
  readonly lock: LabLock;
  readonly writer: () => Promise<EngineWriter>;
}

export interface UpOptions extends Omit<PlanOptions, "makeKeys"> {
  /** `--wait`: a far side that does not answer, or an interface that is absent, is a failure. */
  readonly strict: boolean;
  readonly timeoutMs: number;
  /** Local address of the SSH session that mhlab runs in: its interface is not taken. */
  readonly sshAddress?: string | undefined;
  readonly report: Report;
}

export interface UpResult {
  readonly plan: Plan;
  /** What the outside world still owes, by member. */
  readonly warnings: readonly Arrived[];
}

/** Makes a lab what its file says, and returns when every member is ready. Safe to repeat. */
export async function up(lab: Lab, ports: UpPorts, options: UpOptions): Promise<UpResult> {
  const release = await ports.lock.acquire(lab.name, "up");
  try {
    const planned = await planLab(lab, ports, { ...options, makeKeys: true });
    options.report({ kind: "plan", plan: planned.plan });
    for (const { name, overlay } of planned.plan.overlays) {
      const message = `${name} keeps its overlay (${describeOverlay(overlay)})`;
      const mend = "`mhlab up --reset` empties it";
      options.report({ kind: "warning", warning: { code: "overlay-kept", message, mend } });
    }
    return { plan: planned.plan, warnings: await run(lab, planned, ports, options) };
  } finally {
    await release();
  }
}

async function run(lab: Lab, planned: PlannedLab, ports: UpPorts, options: UpOptions): Promise<Arrived[]> {
  const { report, signal, strict } = options;
  const created = new Set<string>();
  const waiting = new Map<string, string>();
  const arrived: Arrived[] = [];
  const stop = new AbortController();
  const late = new AbortController();
  const watch = AbortSignal.any([signal, stop.signal, late.signal]);
  // One listener per member and question.
  setMaxListeners(0, watch);
  const writer = planned.plan.steps.length === 0 ? undefined : await ports.writer();
  const watching: Promise<void>[] = [];
  const events = new LabEvents<Status>(ports.reader, watch);
  let failure: unknown;
  const arrive = async (member: Awaited): Promise<Arrived> => {
    const provider = lab.providers.find(({ name }) => name === member.name);
    const spec = planned.specs.get(member.name);
    if (provider !== undefined && spec !== undefined)
      await deliverVeth(provider, spec, { ...ports, signal: watch });
    return await awaitReady(member, { reader: ports.reader, events, strict, signal: watch, report }, waiting);
  };
  const onRunning = (name: string): void => {
    const member = awaited(lab, planned, name, options.only);
    if (member === undefined) return;
    const watched = arrive(member).then(
      (one) => void arrived.push(one),
      (error: unknown) => {
        failure ??= error;
        stop.abort();
      },
    );
    watching.push(watched);
  };
  let timer: NodeJS.Timeout | undefined;
  try {
    if (writer !== undefined) {
      const { reader, keys } = ports;
      const readKey = (key: Parameters<typeof keys.read>[1]): Promise<string> => keys.read(lab.name, key);
      const { sshAddress } = options;
      const beforeContainers = (): Promise<void> =>
        checkNics(planned, { writer, sshAddress, signal, report });
      await applyPlan(planned, {
        reader,
        writer,
        readKey,
        signal,
        report,
        onRunning,
        created,
        reset: options.reset === true,
        beforeContainers,
      });
    }
    for (const name of planned.plan.unchanged) onRunning(name);
    timer = setTimeout(() => late.abort(), options.timeoutMs);
    await Promise.all(watching);
    if (failure !== undefined)
      throw late.signal.aborted ? await notReady(planned, ports, options, waiting) : failure;
    return arrived;
  } catch (error) {
    stop.abort();
    await Promise.allSettled(watching);
    if (signal.aborted) throw await undo(planned, writer, created, report);
    throw await withState(error, planned, ports);
  } finally {
    clearTimeout(timer);
    events.close();
  }
}

function awaited(
  lab: Lab,
  { specs }: PlannedLab,
  name: string,
  only: readonly string[],
): Awaited | undefined {
  const spec = specs.get(name);
  if (spec === undefined) return undefined;
  if (only.length > 0 && MEMBERS[spec.role].needsAllProviders) return undefined;
  const provider = lab.providers.find((one) => one.name === name);
  const realFarSide = provider?.wireguard.kind === "real";
  const realSubscriber = provider !== undefined && provider.subscriber.kind !== "cpe";
  return { name, role: spec.role, containerName: spec.containerName, realFarSide, realSubscriber };
}

async function notReady(
  { specs }: PlannedLab,
  { reader }: UpPorts,
  { timeoutMs }: UpOptions,
  waiting: ReadonlyMap<string, string>,
): Promise<OperationError> {
  const names = [...waiting.keys()];
  const first = specs.get(names[0] ?? "");
  const log = first === undefined ? [] : await reader.lastLogLines(first.containerName, 10).catch(() => []);
  const detail = [...waiting].map(([name, what]) => `${name}: ${what}`);
  const evidence = [...detail, ...(log.length > 0 ? [`last lines of ${first?.name}:`, ...log] : [])];
  return new OperationError("MHLAB_NOT_READY", `not ready after ${timeoutMs / 1000} s: ${names.join(", ")}`, {
    evidence,
    hint: `see: mhlab status, mhlab logs ${names[0]}; more time: --timeout ${(timeoutMs / 1000) * 2}`,
  });
}

/** Adds to a failure what it left running. */
async function withState(error: unknown, planned: PlannedLab, { reader }: UpPorts): Promise<unknown> {
  if (!(error instanceof MhlabError) || error.state !== undefined) return error;
  const containers = await reader.listContainers().catch(() => undefined);
  const mine = [...planned.specs.values()];
  const running = mine
    .filter((spec) =>
      containers?.some((one) => one.containerName === spec.containerName && one.state === "running"),
    )
    .map(({ name }) => name);
  const state =
    containers === undefined
      ? "What is running cannot be told; the next `mhlab up` completes the lab."
      : running.length === 0
        ? "Nothing of the lab is running."
        : `Running, and left so: ${running.join(", ")}. \`mhlab down\` removes them; \`mhlab up\` again completes the lab.`;
  return error.with({ state });
}

async function undo(
  { plan, specs }: PlannedLab,
  writer: EngineWriter | undefined,
  created: ReadonlySet<string>,
  report: Report,
): Promise<Cancelled> {
  const names = [...specs.values()]
    .filter(({ containerName }) => created.has(containerName))
    .map(({ name }) => name);
  if (names.length > 0) report({ kind: "undo", names });
  const results = await Promise.allSettled(
    [...created].map(async (container) => await writer?.remove(container)),
  );
  const stuck = [...created].filter((_, index) => results[index]?.status === "rejected");
  const kept = [
    ...plan.unchanged,
    ...plan.steps.filter(({ action }) => action === "recreate").map(({ name }) => name),
  ];
  const sentences = [
    names.length === 0
      ? "This run had created nothing."
      : `Removed what this run had created: ${names.join(", ")}.`,
    ...(stuck.length > 0 ? [`Could not remove ${stuck.join(", ")}; try \`mhlab down\`.`] : []),
    ...(kept.length > 0 ? [`Left as it is: ${kept.join(", ")}.`] : []),
  ];
  return new Cancelled({ state: sentences.join(" ") });
}
