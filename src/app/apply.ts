import { MEMBERS } from "../core/members/registry.ts";
import { ROLES } from "../core/members/role.ts";
import type { Step } from "../core/plan/plan.ts";
import { settingsFile } from "../core/plan/in-place.ts";
import type { RequestOf } from "../core/protocol/verbs.ts";
import type { ContainerSpec } from "../core/plan/spec.ts";
import { OperationError } from "../core/errors.ts";
import { evidenceOf } from "./agents/ask.ts";
import { membersOf, type Engines } from "./agents/engines.ts";
import type { Member } from "./agents/member.ts";
import { forEachBounded } from "./bounded.ts";
import type { Report } from "../core/plan/progress.ts";
import { pause } from "./pause.ts";
import type { PlannedLab } from "./plan-up.ts";
import type { ImageToBuild, ReadKey } from "./ports/engine-writer.ts";

/** How many containers are made at once; more only makes the engine queue. */
export const AT_ONCE = 8;

/** A member whose agent has just ended is started again by the engine, and can be told then. */
const RESTART_PATIENCE_MS = 15_000;
const RESTART_RETRY_MS = 300;

export interface ApplyOptions {
  readonly engines: Engines;
  readonly readKey: ReadKey;
  readonly signal: AbortSignal;
  readonly report: Report;
  /** Called when the images are there and no container was touched yet; none starts before it resolves, and what it throws ends the run. */
  readonly beforeContainers: () => Promise<void>;
  /** Called when a step has left a running container; the step ends when the promise resolves. */
  onRunning(name: string): Promise<void>;
  /** Whether members that stay lose their overlay. */
  readonly reset: boolean;
  /** Called with each member whose container did not exist before, just before it is made. */
  onCreate(name: string): void;
}

/** The same, while it is done. */
interface Applying extends ApplyOptions {
  /** Rejects with why the host is not fit. */
  readonly checked: Promise<void>;
  /** Whether it is not, which is no failure of any step. */
  isRefused(): boolean;
}

/** Does the steps of a plan: images, removals, then everything else side by side. */
export async function applyPlan(planned: PlannedLab, asked: ApplyOptions): Promise<void> {
  const { steps } = planned.plan;
  const of = (...actions: Step["action"][]): Step[] => steps.filter(({ action }) => actions.includes(action));
  let refused = false;
  const build = { ...asked, checked: Promise.resolve(), isRefused: () => refused };
  await forEachBounded(of("build"), AT_ONCE, (step) => act(step, planned, build));
  const checked = asked.beforeContainers();
  checked.catch(() => (refused = true));
  const options: Applying = { ...build, checked };
  // New containers are made meanwhile; what is there already is not touched.
  if (steps.some(({ action }) => action !== "build" && action !== "create")) await checked;
  await forEachBounded(of("remove"), AT_ONCE, (step) => act(step, planned, options));
  // In this order: a CPE asks its providers again when they have changed.
  for (const role of ROLES) {
    const updates = of("update").filter((step) => step.role === role);
    await forEachBounded(updates, AT_ONCE, (step) => act(step, planned, options));
  }
  const rest = of("start", "recreate", "create").sort(
    (one, other) => ROLES.indexOf(one.role) - ROLES.indexOf(other.role),
  );
  await forEachBounded(rest, AT_ONCE, (step) => act(step, planned, options));
}

async function act(step: Step, planned: PlannedLab, options: Applying): Promise<void> {
  options.signal.throwIfAborted();
  options.report({ kind: "step", step, phase: "begin" });
  try {
    await perform(step, planned, options);
  } catch (error) {
    if (!options.isRefused()) options.report({ kind: "step", step, phase: "failed" });
    throw error;
  }
  options.report({ kind: "step", step, phase: "done" });
}

async function perform(step: Step, planned: PlannedLab, options: Applying): Promise<void> {
  const { engines, signal, readKey, report } = options;
  if (step.action === "build") {
    const image = imageOf(step, planned);
    await engines.build(image, {
      signal,
      onLine: (line) => report({ kind: "build", image: image.reference, line }),
    });
    return;
  }
  if (step.action === "remove") {
    await presentMember(step, planned).remove();
    return;
  }
  const spec = specOf(step, planned);
  const member = memberOf(step, planned);
  switch (step.action) {
    case "update": {
      const files = [...spec.files, ...settingsFile(spec)];
      if (files.length > 0) await member.copy(files, readKey);
      await tell(member, { verb: "resync" }, options);
      if (options.reset) await clearOverlay(member, options);
      break;
    }
    case "recreate":
      await presentMember(step, planned).remove({ keepVolumes: !options.reset });
      await member.create(spec, readKey, signal);
      await member.start(signal);
      break;
    case "create":
      options.onCreate(spec.name);
      await member.create(spec, readKey, signal);
      await options.checked.catch(async (error: unknown) => {
        await member.remove();
        throw error;
      });
      await member.start(signal);
      break;
    case "start":
      await member.start(signal);
      if (options.reset) await clearOverlay(member, options);
  }
  await options.onRunning(step.name);
}

async function clearOverlay(member: Member, options: ApplyOptions): Promise<void> {
  if (MEMBERS[member.role].keepsState) await tell(member, { verb: "overlay", clear: true }, options);
}

async function tell(
  member: Member,
  request: RequestOf<"resync"> | RequestOf<"overlay">,
  { signal }: ApplyOptions,
): Promise<void> {
  const deadline = performance.now() + RESTART_PATIENCE_MS;
  let reply = await member.ask(request, { signal });
  while (reply.kind === "silent" && performance.now() < deadline) {
    await pause(RESTART_RETRY_MS, signal);
    reply = await member.ask(request, { signal });
  }
  if (reply.kind === "answer") return;
  throw new OperationError("MHLAB_RESYNC", `${member.name} did not take its new configuration`, {
    evidence: evidenceOf(reply),
    hint: `see: mhlab logs ${member.name}`,
  });
}

/** The image that a step builds is called by its reference. */
function imageOf({ name }: Step, { images }: PlannedLab): ImageToBuild {
  const image = Object.values(images).find(({ reference }) => reference === name);
  if (image === undefined) throw new TypeError(`the plan builds ${name}, which is no image of mhlab`);
  return image;
}

function specOf(step: Step, { specs }: PlannedLab): ContainerSpec {
  const spec = specs.get(step.name);
  if (spec === undefined) throw new TypeError(`the plan names ${step.name}, which the lab does not have`);
  return spec;
}

function memberOf(step: Step, { members }: PlannedLab): Member {
  const member = members.get(step.name);
  if (member === undefined) throw new TypeError(`the plan names ${step.name}, which the lab does not have`);
  return member;
}

/** The member of a step as it was found, which may be elsewhere than where it is to be. */
function presentMember(step: Step, planned: PlannedLab): Member {
  const found = membersOf(planned.seen, planned.plan.lab).find(({ name }) => name === step.name);
  return found ?? memberOf(step, planned);
}
