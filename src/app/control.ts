import { setMaxListeners } from "node:events";
import { Cancelled } from "../core/errors.ts";
import { labContainersOf } from "../core/plan/labels.ts";
import type { MemberAction } from "../core/plan/plan.ts";
import type { LabContainer } from "../core/plan/observed.ts";
import type { Report } from "../core/plan/progress.ts";
import { PlanLabel } from "../core/plan/spec.ts";
import { LabWatch } from "./agents/watch.ts";
import { forEachBounded } from "./bounded.ts";
import { notReady } from "./not-ready.ts";
import type { EngineReader } from "./ports/engine-reader.ts";
import type { EngineWriter } from "./ports/engine-writer.ts";
import type { LabLock } from "./ports/lab-lock.ts";
import { awaitReady, type Awaited } from "./ready.ts";
import { timeLimit } from "./time-limit.ts";

export interface ControlPorts {
  readonly reader: EngineReader;
  readonly writer: () => Promise<EngineWriter>;
  readonly lock: LabLock;
}

export interface ControlOptions {
  readonly action: MemberAction;
  /** How long members that start are waited for. */
  readonly timeoutMs: number;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** What came of a member. */
export interface Controlled {
  readonly name: string;
  /** False when it was so already. */
  readonly changed: boolean;
  /** What the outside world still owes it. */
  readonly warning?: string;
}

const AT_ONCE = 16;

/** Stops, starts, restarts or kills members of a lab; those that start are ready when it resolves. Throws OperationError when they are not in time. */
export async function control(
  members: readonly LabContainer[],
  ports: ControlPorts,
  options: ControlOptions,
): Promise<Controlled[]> {
  const { action, signal, report } = options;
  const lab = members[0]?.lab ?? "";
  const release = await ports.lock.acquire(lab, action);
  try {
    const writer = await ports.writer();
    const all = await ports.reader.listContainers(signal);
    const stateOf = ({ id }: LabContainer): string => all.find((one) => one.id === id)?.state ?? "exited";
    const idle = new Set(members.filter((member) => isIdle(action, stateOf(member))));
    const rest = members.filter((member) => !idle.has(member));
    await forEachBounded(rest, AT_ONCE, async ({ id, name }) => {
      signal.throwIfAborted();
      const step = { action, name, reason: "by hand" } as const;
      report({ kind: "step", step, phase: "begin" });
      await act(action, id, writer);
      report({ kind: "step", step, phase: "done" });
    });
    const warnings =
      action === "start" || action === "restart"
        ? await arrive(members, ports, {
            ...options,
            realFarSides: realFarSidesOf(labContainersOf(all, lab)),
          })
        : new Map<string, string>();
    return members.map((member) => {
      const warning = warnings.get(member.name);
      const changed = !idle.has(member);
      return { name: member.name, changed, ...(warning === undefined ? {} : { warning }) };
    });
  } finally {
    await release();
  }
}

function isIdle(action: MemberAction, state: string): boolean {
  const runs = state === "running" || state === "restarting";
  if (action === "restart") return false;
  return action === "start" ? runs : !runs;
}

async function act(action: MemberAction, container: string, writer: EngineWriter): Promise<void> {
  if (action === "kill") return await writer.kill(container);
  if (action !== "start") await writer.stop(container);
  if (action !== "stop") await writer.start(container);
}

/** Waits until members are ready, or owe it to the outside world; resolves to what that owes, by member. */
async function arrive(
  members: readonly LabContainer[],
  { reader }: ControlPorts,
  { timeoutMs, report, signal, realFarSides }: ControlOptions & Pick<Awaited, "realFarSides">,
): Promise<Map<string, string>> {
  const limit = timeLimit(timeoutMs, signal);
  // One listener per member and question.
  setMaxListeners(0, limit);
  const agents = new LabWatch(reader, limit);
  const waiting = new Map(members.map(({ name }) => [name, "starting"]));
  const warnings = new Map<string, string>();
  try {
    await Promise.all(
      members.map(async (member) => {
        const { name } = member;
        const onWaiting = (detail: string): void => void waiting.set(name, detail);
        const awaited = awaitedOf(member, realFarSides);
        const { warning } = await awaitReady(awaited, {
          reader,
          agents,
          strict: false,
          signal: limit,
          report,
          onWaiting,
        });
        if (warning !== undefined) warnings.set(name, warning);
        waiting.delete(name);
      }),
    );
    return warnings;
  } catch (error) {
    if (signal.aborted) throw new Cancelled({ state: "Members that were started run on.", cause: error });
    if (!limit.aborted) throw error;
    const containerOf = (name: string): string | undefined => members.find((one) => one.name === name)?.id;
    throw await notReady(waiting, { reader, timeoutMs, containerOf });
  } finally {
    agents.close();
  }
}

/** The providers whose far side is someone else's: all of a lab without a bundled internet. */
function realFarSidesOf(members: readonly LabContainer[]): ReadonlySet<string> {
  const bundled = members.some(({ role }) => role === "internet");
  return new Set(bundled ? [] : members.filter(({ role }) => role === "bng").map(({ name }) => name));
}

function awaitedOf(
  { name, role, containerName, labels }: LabContainer,
  realFarSides: Awaited["realFarSides"],
): Awaited {
  const realSubscriber = role === "bng" && labels[PlanLabel.cpe] === undefined;
  return { name, role, containerName, realFarSides, realSubscriber };
}
