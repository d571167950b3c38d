import type { Lab } from "../core/lab/model.ts";
import { LAB_FILE } from "../core/names.ts";
import type { FoundContainer, LabContainer } from "../core/plan/observed.ts";
import type { ExpectedMembers } from "../core/members/member.ts";
import type { EngineReader } from "../app/ports/engine-reader.ts";
import type { Context } from "./context.ts";

export interface LabInView {
  readonly lab: string;
  readonly containers: readonly FoundContainer[];
  /** Known when the user named the lab file. */
  readonly expected?: ExpectedMembers | undefined;
}

/** The lab that a command is about: a file, a name, the one that runs, or of several that of this folder's lab.yaml. */
export async function findLab(
  context: Context,
  reader: EngineReader,
  argument: string | undefined,
): Promise<LabInView> {
  const { chooseLab, isLabFile, loadLab } = await import("../app/choose-lab.ts");
  if (argument !== undefined && isLabFile(argument)) {
    const [{ lab }, containers] = await Promise.all([
      context.labSource().then((source) => loadLab(argument, source)),
      reader.listContainers(context.signal),
    ]);
    const { expectedOf } = await import("../core/plan/expected.ts");
    return { lab: lab.name, containers, expected: expectedOf(lab) };
  }
  const containers = await reader.listContainers(context.signal);
  if (argument === undefined) {
    const [{ labNames }, { expectedOf }] = await Promise.all([
      import("../core/plan/labels.ts"),
      import("../core/plan/expected.ts"),
    ]);
    const names = labNames(containers);
    const here = names.length > 1 ? await labHere(context, names) : undefined;
    if (here !== undefined) return { lab: here.name, containers, expected: expectedOf(here) };
  }
  return { lab: chooseLab(argument, containers), containers };
}

/** The lab of this folder's lab.yaml when it is one of those named; a file that is wrong is nobody's. */
export async function labHere(context: Context, names: readonly string[]): Promise<Lab | undefined> {
  const { loadLab } = await import("../app/choose-lab.ts");
  const source = await context.labSource();
  const loaded = await loadLab(LAB_FILE, source).catch(() => undefined);
  return loaded !== undefined && names.includes(loaded.lab.name) ? loaded.lab : undefined;
}

interface Sought {
  readonly names: readonly string[];
  readonly lab: string | undefined;
}

/** The container of a member, looked for in one lab or in all. Throws UsageError that names what there is. */
export async function findMember(
  context: Context,
  reader: EngineReader,
  { name, lab }: { name: string; lab: string | undefined },
): Promise<LabContainer> {
  const [found] = await findMembers(context, reader, { names: [name], lab });
  if (found === undefined) throw new Error(`no container of ${name}`);
  return found;
}

/** The containers of several members, all of one lab, in the order of their names here. Throws UsageError. */
export async function findMembers(
  context: Context,
  reader: EngineReader,
  { names, lab }: Sought,
): Promise<LabContainer[]> {
  const [{ labContainersOf }, { UsageError }] = await Promise.all([
    import("../core/plan/labels.ts"),
    import("../core/errors.ts"),
  ]);
  const all = labContainersOf(await reader.listContainers(context.signal), lab);
  const { suggest } = await import("../core/values/suggest.ts");
  const known = all.map((container) => container.name).sort();
  const found = names.map((name) => {
    const matches = all.filter((container) => container.name === name || container.containerName === name);
    const [only, ...others] = matches;
    if (only === undefined) {
      const near = suggest(name, known);
      const there =
        known.length === 0
          ? `start a lab with: ${context.self} up lab.yaml`
          : `there are: ${known.join(", ")}`;
      throw new UsageError(`there is no member named '${name}'`, {
        hint: near === undefined ? there : `did you mean ${near}? ${there}`,
      });
    }
    if (others.length === 0) return only;
    throw new UsageError(`'${name}' is in several labs: ${matches.map((match) => match.lab).join(", ")}`, {
      hint: "choose one with --lab",
    });
  });
  const labs = [...new Set(found.map((one) => one.lab))];
  if (labs.length <= 1) return [...new Map(found.map((one) => [one.id, one])).values()];
  throw new UsageError(`these are members of several labs: ${labs.join(", ")}`, {
    hint: "one lab at a time",
  });
}
