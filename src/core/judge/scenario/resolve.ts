/** A scenario out of its file, defaults filled in, names checked. */
import type { Scenario } from "./record.ts";
import type { Lab } from "../../model/lab/model.ts";
import type { Finding, Path } from "../../model/yaml/findings.ts";
import { kindIn, Trouble, type EntryList, type RawMap } from "./entries/entry.ts";
import {
  EXPECTATION_LIST,
  settleOf,
  type Expectation,
  type WrittenExpectation,
} from "./expectations/registry.ts";
import { askedFor, flowOf, probesOf, wrongTarget } from "./plans.ts";
import { problemOf, type RefKind, type World } from "./entries/references.ts";
import { impossibleLoads } from "./load-paths.ts";
import { schedule } from "./schedule.ts";
import type { ScenarioFile } from "./schema.ts";
import { savedBy, STEP_LIST, type Step, type WrittenStep } from "./steps/registry.ts";

const USUAL_SETTLE_S = 5;
const USUAL_SEED = 1;
/** Names of what steps make. */
const OF_STEPS: readonly RefKind[] = ["step", "moment", "healed", "load"];

/** Everything that is wrong with a scenario whose structure is right; or the scenario. */
export function resolveScenario(file: ScenarioFile, lab: Lab | undefined): Scenario | readonly Finding[] {
  const seed = file.seed ?? USUAL_SEED;
  const steps = readList(STEP_LIST, file.steps, "steps");
  const expect = readList(EXPECTATION_LIST, file.expect ?? [], "expect");
  const timed = schedule(
    steps.read.map(({ value, index }) => ({ at: value.at, index })),
    seed,
  );
  const planned = steps.read.map(({ value, index }): Step => ({
    id: idOf(value, "steps", index),
    atS: timed.atS.get(index) ?? null,
    ...value.action,
  }));
  const flows = (file.flows ?? []).map(flowOf);
  const probes = probesOf(file);
  const world: World = {
    lab,
    steps: planned.map(({ id }) => id),
    faults: planned.flatMap((step) => (step.do === "fault" ? [step.id] : [])),
    flows: flows.map(({ id }) => id),
    targets: probes.targets,
    from: probes.from,
    loads: planned.flatMap((step) => (step.do === "load" ? [step.id] : [])),
  };
  const expectations = expect.read.map(({ value, index }) => expectationOf(value, index, planned));
  // Where a step could not be read, its name may be the right one.
  const skip = steps.findings.length > 0 ? OF_STEPS : [];
  const findings = [
    ...steps.findings,
    ...expect.findings,
    ...timed.findings,
    ...duplicates("steps", steps.read),
    ...savedTwice(steps.read, planned),
    ...abortsOfNothing(steps.read, planned),
    ...impossibleLoads(planned, lab).map(({ place, ...finding }) => ({
      ...finding,
      path: ["steps", steps.read[place]?.index ?? place, ...finding.path],
    })),
    ...duplicates("expect", expect.read),
    ...duplicates(
      "flows",
      flows.map((value, index) => ({ value, index })),
    ),
    ...(file.flows ?? []).flatMap(wrongTarget),
    ...namesOf(file).flatMap(({ kind, name, path }) => found(kind, { name, path, world })),
    ...references(STEP_LIST, file.steps, { key: "steps", world, skip }),
    ...references(EXPECTATION_LIST, file.expect ?? [], { key: "expect", world, skip }),
  ];
  if (findings.length > 0) return findings;
  return {
    name: file.name,
    title: file.title ?? null,
    source: file.source ?? null,
    lab: file.lab,
    seed,
    probes,
    flows: [...flows, ...askedFor(expectations, flows)],
    captures: (file.captures ?? []).map(({ in: node, interface: name = null, filter = null }) => ({
      node,
      interface: name,
      filter,
    })),
    steps: planned,
    expect: expectations,
    settleS: Math.max(file.settle ?? USUAL_SETTLE_S, ...expectations.map(settleOf)),
  };
}

interface ReadList<T> {
  readonly read: readonly { readonly value: T; readonly index: number }[];
  readonly findings: readonly Finding[];
}

function readList<T>(list: EntryList<T>, maps: readonly RawMap[], key: string): ReadList<T> {
  const all = maps.map((map, index) => {
    const kind = kindIn(list, map);
    const value = kind instanceof Trouble ? kind : kind.read(map);
    return { value, index };
  });
  return {
    read: all.flatMap(({ value, index }) => (value instanceof Trouble ? [] : [{ value, index }])),
    findings: all.flatMap(({ value, index }) =>
      value instanceof Trouble
        ? value.findings.map((finding) => ({ ...finding, path: [key, index, ...finding.path] }))
        : [],
    ),
  };
}

interface Around {
  readonly key: string;
  readonly world: World;
  readonly skip: readonly RefKind[];
}

function references(
  list: EntryList<unknown>,
  maps: readonly RawMap[],
  { key, world, skip }: Around,
): Finding[] {
  return maps.flatMap((map, index) => {
    const kind = kindIn(list, map);
    if (kind instanceof Trouble) return [];
    return kind
      .references(map)
      .filter((one) => !skip.includes(one.kind))
      .flatMap((one) => found(one.kind, { name: one.name, path: [key, index, ...one.path], world }));
  });
}

function found(kind: RefKind, { name, path, world }: { name: string; path: Path; world: World }): Finding[] {
  const problem = problemOf(kind, name, world);
  return problem === undefined ? [] : [{ ...problem, path }];
}

/** Names outside of steps and expectations. */
function namesOf({
  probes,
  flows = [],
  captures = [],
}: ScenarioFile): { kind: RefKind; name: string; path: Path }[] {
  return [
    ...(probes?.from ?? []).map((name, index) => ({
      kind: "customer" as const,
      name,
      path: ["probes", "from", index],
    })),
    ...flows.map(({ from }, index) => ({
      kind: "customer" as const,
      name: from,
      path: ["flows", index, "from"],
    })),
    ...flows.flatMap(({ source }, index) =>
      source === undefined
        ? []
        : [{ kind: "source" as const, name: source, path: ["flows", index, "source"] }],
    ),
    ...captures.map(({ in: name }, index) => ({
      kind: "node" as const,
      name,
      path: ["captures", index, "in"],
    })),
  ];
}

function idOf({ id }: { readonly id: string | undefined }, key: string, index: number): string {
  return id ?? `${key}[${index}]`;
}

function duplicates(
  key: string,
  entries: readonly { readonly value: { readonly id: string | undefined }; readonly index: number }[],
): Finding[] {
  const ids = entries.map(({ value }) => value.id);
  return entries.flatMap(({ value: { id }, index }, place) =>
    id === undefined || ids.indexOf(id) === place
      ? []
      : [
          {
            code: "MHLAB_SCENARIO_DUPLICATE_ID" as const,
            message: `there is already one with the id ${id}`,
            hint: "give each its own, or leave it out",
            path: [key, index, "id"],
          },
        ],
  );
}

/** An `abort` where the renumbering before it left no former prefix: the run would only tell when it fails. */
function abortsOfNothing(steps: ReadList<WrittenStep>["read"], planned: readonly Step[]): Finding[] {
  const before = new Map<string, string>();
  return planned.flatMap((step, place): Finding[] => {
    if (step.do !== "renumber") return [];
    const { provider, order } = step;
    const last = before.get(provider);
    before.set(provider, order.how);
    if (order.how !== "abort" || (last !== undefined && last !== "flash")) return [];
    const message =
      last === undefined
        ? `${provider} is not renumbered before, so there is nothing to abort`
        : `a flash leaves ${provider} no former prefix, so there is nothing to abort`;
    const hint = "renumber it back to its former prefix instead: how: flash, to: PREFIX";
    return [
      { code: "MHLAB_SCENARIO_STEP", message, hint, path: ["steps", steps[place]?.index ?? place, "how"] },
    ];
  });
}

function savedTwice(steps: ReadList<WrittenStep>["read"], planned: readonly Step[]): Finding[] {
  const seen = new Set<string>();
  return planned.flatMap((step, place): Finding[] => {
    const { key, file } = savedBy(step) ?? {};
    if (key === undefined || file === undefined) return [];
    if (!seen.has(file)) {
      seen.add(file);
      return [];
    }
    const message = `another step saves ${file} as well`;
    const hint = "the later one would replace it; give each file its own name";
    const path = ["steps", steps[place]?.index ?? place, key];
    return [{ code: "MHLAB_SCENARIO_DUPLICATE_ID", message, hint, path }];
  });
}

function expectationOf(written: WrittenExpectation, index: number, steps: readonly Step[]): Expectation {
  const after = written.kind === "condition" ? (written.afterStep ?? null) : null;
  const timed = after === null ? {} : { afterS: steps.find((step) => step.id === after)?.atS ?? null };
  return { ...written, ...timed, id: written.id ?? `expect[${index}]` };
}
