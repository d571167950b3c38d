import { StateError } from "../../model/errors.ts";
import { describeOverride, type RuntimeOverride } from "../../model/intent/runtime-override.ts";
import { CONTAINERS } from "../nodes/containers/registry.ts";
import { NODES } from "../nodes/registry.ts";
import { IMAGE_ROLES } from "../../model/role.ts";
import { Label } from "../../model/names.ts";
import { upFrom } from "./container-state.ts";
import { labContainersOf } from "./labels.ts";
import type { LabContainer, Observed } from "../nodes/observed.ts";
import { documentChanges, inPlaceWords, recreateWords, type Change } from "./changes.ts";
import { containerOptions, optionChanges } from "./options.ts";
import type { Action, KeptOverride, Plan, Step } from "./plan.ts";
import { renewals } from "./renewals.ts";
import { PlanLabel, type ContainerSpec, type ProviderKeys } from "../nodes/spec.ts";

const ORDER: readonly Action[] = ["build", "remove", "update", "start", "recreate", "create"];

export interface DiffInput {
  readonly lab: string;
  readonly desired: readonly ContainerSpec[];
  readonly keys: ReadonlyMap<string, ProviderKeys>;
  readonly observed: Observed;
  /** Only these providers and what belongs to them; empty means the whole lab. */
  readonly only?: readonly string[];
  /** `--reset`: containers that hold state are recreated; those that cannot be are told to empty their override. */
  readonly reset?: boolean;
}

/** Compares what is wanted with what is there. Throws StateError when an unmarked container holds a name that the lab needs. */
export function diffLab({ lab, desired, keys, observed, only = [], reset = false }: DiffInput): Plan {
  refuseForeign(lab, desired, observed);
  const present = new Map(labContainersOf(observed.containers, lab).map((found) => [found.name, found]));
  const chosen = desired.filter(
    (spec) => only.length === 0 || only.includes(spec.name) || !NODES[spec.role].chosen,
  );
  const steps: Step[] = [];
  const unchanged: string[] = [];
  for (const spec of chosen) {
    const step = compare(spec, present.get(spec.name), { keys, observed, reset });
    if (step === undefined) unchanged.push(spec.name);
    else steps.push(step);
  }
  if (only.length === 0) {
    const wanted = new Set(desired.map(({ name }) => name));
    for (const { name, role } of present.values()) {
      if (!wanted.has(name))
        steps.push({ action: "remove", name, role, reason: "not in the lab file any more" });
    }
  }
  steps.push(...renewals(chosen, { steps, present, observed }));
  steps.push(...buildSteps(chosen, observed.images));
  steps.sort((one, other) => ORDER.indexOf(one.action) - ORDER.indexOf(other.action));
  const overrides = reset
    ? []
    : chosen.flatMap(({ name }) => keptOverride(name, observed.overrides?.get(name)));
  const touched = new Set(steps.map(({ name }) => name));
  return { lab, steps, unchanged: unchanged.filter((name) => !touched.has(name)), overrides };
}

function refuseForeign(lab: string, desired: readonly ContainerSpec[], observed: Observed): void {
  const needed = new Set(desired.map(({ containerName }) => containerName));
  const foreign = observed.containers.filter(
    ({ containerName, labels }) => needed.has(containerName) && labels[Label.lab] !== lab,
  );
  if (foreign.length === 0) return;
  const names = foreign.map(({ containerName }) => containerName);
  throw new StateError(
    "MHLAB_NAME_TAKEN",
    `not made by mhlab, but in the way: container ${names.join(", ")}`,
    {
      hint: `remove it yourself (docker rm -f ${names.join(" ")}) or give the lab another name`,
      state: "Nothing was changed.",
    },
  );
}

function buildSteps(specs: readonly ContainerSpec[], images: ReadonlySet<string>): Step[] {
  const lacking = specs.filter(({ image }) => !images.has(image)).toReversed();
  // Of the roles that share an image, the first gives the step its own.
  const missing = new Map(lacking.map((spec) => [spec.image, spec]));
  const inOrder = [...missing.values()].sort((one, other) => listed(one) - listed(other));
  return inOrder.map((spec) => {
    const repository = spec.image.split(":")[0] ?? spec.image;
    const older = [...images].some((image) => image.startsWith(`${repository}:`));
    return {
      action: "build",
      name: spec.image,
      role: spec.role,
      reason: older ? "its files changed" : "not built yet",
    } as const;
  });
}

/** The place of an image in every list. */
function listed({ imageFolder }: ContainerSpec): number {
  return IMAGE_ROLES.indexOf(imageFolder);
}

function compare(
  spec: ContainerSpec,
  found: LabContainer | undefined,
  { keys, observed, reset }: Pick<DiffInput, "keys" | "observed"> & { reset: boolean },
): Step | undefined {
  const step = (action: Action, reason: string): Step => ({
    action,
    name: spec.name,
    role: spec.role,
    reason,
  });
  if (found === undefined) return step("create", "new");
  const [there, wanted] = [found.labels[Label.engine], spec.labels[Label.engine]];
  if (there !== wanted)
    return step("recreate", `engine ${there ?? "(none named)"} → ${wanted ?? "(none named)"}`);
  if (found.role !== spec.role) return step("recreate", `role ${found.role} → ${spec.role}`);
  const changes = changesOf(spec, found, observed);
  if (changes === undefined) return step("recreate", "its document could not be read");
  if (changes.some(({ live }) => !live))
    return step("recreate", `configuration changed: ${recreateWords(changes)}`);
  if (found.image !== spec.image) return step("recreate", `image ${found.image} → ${spec.image}`);
  if (reset && CONTAINERS[spec.role].forgets?.(spec) === true)
    return step(
      "recreate",
      ["reset", overrideOf(spec.name, observed)].filter((part) => part !== "").join(": "),
    );
  const inPlace = [
    CONTAINERS[spec.role].changedFiles?.(spec, keys, observed),
    inPlaceWords(changes),
    reset ? emptied(spec.name, observed) : undefined,
  ].filter((change) => change !== undefined);
  const files = inPlace.length === 0 ? undefined : inPlace.join("; ");
  const up = upFrom(found.state);
  if (up === undefined) return files === undefined ? undefined : step("update", files);
  return up.action === "recreate" || files === undefined
    ? step(up.action, up.reason)
    : step("recreate", `${up.reason}, and ${files}`);
}

/** What differs in its document and its options; undefined when the document is not known. */
function changesOf(spec: ContainerSpec, found: LabContainer, { held }: Observed): Change[] | undefined {
  const options =
    found.labels[Label.configHash] === spec.labels[Label.configHash] ? [] : [optionsChange(spec, found)];
  if (spec.document === undefined) return options;
  const document = held?.get(spec.name)?.document;
  if (document === undefined) return undefined;
  return [...documentChanges(spec.role, document, spec.document), ...options];
}

function optionsChange(spec: ContainerSpec, { labels }: LabContainer): Change {
  const words = optionChanges(labels[PlanLabel.options], containerOptions(spec));
  const said = words.length === 0 ? {} : { words: words.join(", ") };
  return { part: "container options", ...said, live: false };
}

function keptOverride(name: string, override: RuntimeOverride | undefined): KeptOverride[] {
  return override === undefined ? [] : [{ name, override }];
}

/** What is above the lab file of a node; empty when nothing is, or when nobody knows. */
function overrideOf(name: string, { overrides }: Observed): string {
  const override = overrides?.get(name);
  return override === undefined ? "" : describeOverride(override);
}

/** Whoever does not say whether it has one may have one. */
function emptied(name: string, observed: Observed): string | undefined {
  const override = overrideOf(name, observed);
  if (override !== "") return `override emptied: ${override}`;
  return observed.silent?.has(name) === true
    ? "override emptied, if there is one: its agent does not answer"
    : undefined;
}
