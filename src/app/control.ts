import { setMaxListeners } from "node:events";
import { Cancelled, OperationError } from "../core/errors.ts";
import { canStart, isIdle } from "../core/plan/container-state.ts";
import type { MemberAction } from "../core/plan/plan.ts";
import type { Report } from "../core/plan/progress.ts";
import { PlanLabel } from "../core/plan/spec.ts";
import { membersOf, type Engines } from "./agents/engines.ts";
import type { SeenMember } from "./agents/member.ts";
import { LabWatch } from "./agents/watch.ts";
import { forEachBounded } from "./bounded.ts";
import { notReady } from "./not-ready.ts";
import type { LabLock } from "./ports/lab-lock.ts";
import { awaitReady, type Awaited } from "./ready.ts";
import { timeLimit } from "./ports/time.ts";

export interface ControlPorts {
  readonly engines: Engines;
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
  members: readonly SeenMember[],
  ports: ControlPorts,
  options: ControlOptions,
): Promise<Controlled[]> {
  const { action, signal, report } = options;
  const lab = members[0]?.lab ?? "";
  const release = await ports.lock.acquire(lab, action);
  try {
    const all = membersOf(await ports.engines.look(signal), lab);
    const stateOf = ({ name }: SeenMember): string =>
      all.find((one) => one.name === name)?.container.state ?? "exited";
    const idle = new Set(members.filter((member) => isIdle(action, stateOf(member))));
    const rest = members.filter((member) => !idle.has(member));
    if (starts(action)) refuseGone(rest.filter((one) => !canStart(stateOf(one))).map(({ name }) => name));
    await forEachBounded(rest, AT_ONCE, async (member) => {
      const { name } = member;
      signal.throwIfAborted();
      const step = { action, name, reason: "by hand" } as const;
      report({ kind: "step", step, phase: "begin" });
      await act(action, member);
      report({ kind: "step", step, phase: "done" });
    });
    const warnings = starts(action)
      ? await arrive(members, { ...options, realFarSides: realFarSidesOf(all) })
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

function starts(action: MemberAction): boolean {
  return action === "start" || action === "restart";
}

/** Throws OperationError for containers that the engine was to remove. */
function refuseGone(names: readonly string[]): void {
  if (names.length === 0) return;
  throw new OperationError("MHLAB_CONTAINER_ENDED", `the engine cannot start ${names.join(", ")} again`, {
    hint: "recreate with: mhlab up",
    state: "Nothing was changed.",
  });
}

async function act(action: MemberAction, member: SeenMember): Promise<void> {
  if (action === "kill") return await member.kill();
  if (action !== "start") await member.stop();
  if (action !== "stop") await member.start();
}

/** Waits until members are ready, or owe it to the outside world; resolves to what that owes, by member. */
async function arrive(
  members: readonly SeenMember[],
  { timeoutMs, report, signal, realFarSides }: ControlOptions & Pick<Awaited, "realFarSides">,
): Promise<Map<string, string>> {
  const limit = timeLimit(timeoutMs, signal);
  // One listener per member and question.
  setMaxListeners(0, limit);
  const agents = new LabWatch(limit);
  const waiting = new Map(members.map(({ name }) => [name, "starting"]));
  const warnings = new Map<string, string>();
  try {
    await Promise.all(
      members.map(async (member) => {
        const { name } = member;
        const onWaiting = (detail: string): void => void waiting.set(name, detail);
        const awaited = awaitedOf(member, realFarSides);
        const { warning } = await awaitReady(awaited, {
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
    const memberOf = (name: string): SeenMember | undefined => members.find((one) => one.name === name);
    throw await notReady(waiting, { timeoutMs, memberOf });
  } finally {
    agents.close();
  }
}

/** The providers whose far side is someone else's: all of a lab without a bundled internet. */
function realFarSidesOf(members: readonly SeenMember[]): ReadonlySet<string> {
  const bundled = members.some(({ role }) => role === "internet");
  return new Set(bundled ? [] : members.filter(({ role }) => role === "bng").map(({ name }) => name));
}

function awaitedOf(member: SeenMember, realFarSides: Awaited["realFarSides"]): Awaited {
  const { role, container } = member;
  const realSubscriber = role === "bng" && container.labels[PlanLabel.cpe] === undefined;
  return { member, realFarSides, realSubscriber };
}
