import type { Lab } from "../../core/model/lab/model.ts";
import { LAB_FILE } from "../../core/model/names.ts";
import type { ExpectedNodes } from "../../core/render/nodes/node.ts";
import type { Engines, Seen } from "../../app/agents/engines.ts";
import type { SeenNode } from "../../app/agents/node.ts";
import type { Role } from "../../core/model/role.ts";
import type { EngineStatus } from "../../core/model/status/model.ts";
import type { Context } from "./context.ts";

export interface LabInView {
  readonly lab: string;
  /** All that is there. */
  readonly seen: Seen;
  /** Its own nodes. */
  readonly nodes: readonly SeenNode[];
  /** The engines that it names, as its status shows them. */
  readonly engines: readonly EngineStatus[];
  /** Where it was looked for: of a lab file that names engines, those. */
  readonly on: Engines;
  /** Known when the user named the lab file. */
  readonly expected?: ExpectedNodes | undefined;
}

/** The lab that a command is about: a file, a name, the one that runs, or of several that of this folder's lab.yaml. */
export async function findLab(
  context: Context,
  engines: Engines,
  argument: string | undefined,
): Promise<LabInView> {
  const [{ chooseLab, isLabFile, loadLab }, { enginesOf, nodesOf }] = await Promise.all([
    import("../../app/choose-lab.ts"),
    import("../../app/agents/engines.ts"),
  ]);
  const inView = (lab: string, seen: Seen, on = engines): LabInView => ({
    lab,
    seen,
    nodes: nodesOf(seen, lab),
    engines: enginesOf(seen, lab),
    on,
  });
  if (argument !== undefined && isLabFile(argument)) {
    const { lab } = await loadLab(argument, await context.labSource());
    const there = lab.engines.length === 0 ? engines : await context.engines({}, lab);
    const seen = await there.look(context.signal);
    const { expectedOf } = await import("../../core/render/plan/expected.ts");
    return { ...inView(lab.name, seen, there), expected: expectedOf(lab) };
  }
  const seen = await engines.look(context.signal);
  if (argument === undefined) {
    const [{ labNames }, { expectedOf }] = await Promise.all([
      import("../../core/render/plan/labels.ts"),
      import("../../core/render/plan/expected.ts"),
    ]);
    const names = labNames(seen.containers);
    const here = names.length > 1 ? await labHere(context, names) : undefined;
    if (here !== undefined) return { ...inView(here.name, seen), expected: expectedOf(here) };
  }
  const elsewhere = seen.containers.length === 0 ? await context.sandboxBeside() : undefined;
  return inView(chooseLab(argument, seen.containers, elsewhere), seen);
}

/** The lab of this folder's lab.yaml when it is one of those named; a file that is wrong is nobody's. */
export async function labHere(context: Context, names: readonly string[]): Promise<Lab | undefined> {
  const { loadLab } = await import("../../app/choose-lab.ts");
  const source = await context.labSource();
  const loaded = await loadLab(LAB_FILE, source).catch(() => undefined);
  return loaded !== undefined && names.includes(loaded.lab.name) ? loaded.lab : undefined;
}

/** The name of this folder's lab where several labs run and it is one of them. */
export async function preferredLab(
  context: Context,
  nodes: readonly SeenNode[],
): Promise<string | undefined> {
  const running = [...new Set(nodes.map((one) => one.lab))];
  return running.length > 1 ? (await labHere(context, running))?.name : undefined;
}

interface Sought {
  readonly names: readonly string[];
  readonly lab: string | undefined;
  /** What is looked for, where it can be only one role: others are not proposed. */
  readonly role?: Role;
}

/** A node, looked for in one lab or in all. Throws UsageError that names what there is. */
export async function findNode(
  context: Context,
  { name, ...rest }: { name: string } & Omit<Sought, "names">,
): Promise<SeenNode> {
  const [found] = await findNodes(context, { names: [name], ...rest });
  if (found === undefined) throw new Error(`no node ${name}`);
  return found;
}

/** Throws UsageError that says how to start a lab, or where else one may run. */
export async function refuseNoLab(context: Context): Promise<never> {
  const [{ chooseLab }, elsewhere] = await Promise.all([
    import("../../app/choose-lab.ts"),
    context.sandboxBeside(),
  ]);
  chooseLab(undefined, [], elsewhere);
  throw new Error("no lab was chosen among none");
}

/** Several nodes, all of one lab, in the order of their names here. Throws UsageError. */
export async function findNodes(context: Context, { names, lab, role }: Sought): Promise<SeenNode[]> {
  const [{ UsageError }, { refuseSilent }, engines] = await Promise.all([
    import("../../core/model/errors.ts"),
    import("../../app/agents/engines.ts"),
    context.engines(),
  ]);
  const seen = await engines.look(context.signal);
  const { nodes } = seen;
  if (nodes.length === 0) await refuseNoLab(context);
  const here = lab === undefined ? await preferredLab(context, nodes) : undefined;
  const inLab = (name: string | undefined): SeenNode[] =>
    nodes.filter((one) => name === undefined || one.lab === name);
  const named = ({ name, containerName }: SeenNode): boolean =>
    names.includes(name) || names.includes(containerName);
  // The lab of this folder comes first, if it has any of them.
  const all = inLab(here !== undefined && inLab(here).some(named) ? here : lab);
  const { suggest } = await import("../../core/model/values/suggest.ts");
  const proposed = all.filter((node) => role === undefined || node.role === role);
  const known = proposed.map((node) => node.name).sort();
  const found = names.map((name) => {
    const matches = all.filter((node) => node.name === name || node.containerName === name);
    const [only, ...others] = matches;
    if (only === undefined) {
      refuseSilent(seen, lab ?? here);
      const near = suggest(name, known);
      const there = known.length === 0 ? "it has none" : `there are: ${known.join(", ")}`;
      throw new UsageError(`there is no ${role === "bng" ? "provider" : "node"} named '${name}'`, {
        hint: near === undefined ? there : `did you mean ${near}? ${there}`,
      });
    }
    if (others.length === 0) return only;
    throw new UsageError(`'${name}' is in several labs: ${matches.map((match) => match.lab).join(", ")}`, {
      hint: "choose one with --lab",
    });
  });
  const labs = [...new Set(found.map((one) => one.lab))];
  if (labs.length <= 1) return [...new Set(found)];
  throw new UsageError(`these are nodes of several labs: ${labs.join(", ")}`, {
    hint: "one lab at a time",
  });
}
