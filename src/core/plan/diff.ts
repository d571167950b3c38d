import { StateError } from "../errors.ts";
import type { InternetConfig } from "../internet/config.ts";
import { Label, type Role } from "../names.ts";
import { labContainersOf } from "./labels.ts";
import type { FoundInternet, HeldKeys, LabContainer, Observed } from "./observed.ts";
import { APPLIANCES, IMAGE_ROLES } from "./appliance.ts";
import { changedParts } from "./parts.ts";
import { PlanLabel, type ContainerSpec, type ProviderKeys } from "./spec.ts";

export type Action = "build" | "remove" | "create" | "recreate" | "update" | "start";

/** One thing that `up` will do, and why. */
export interface Step {
  readonly action: Action;
  readonly name: string;
  readonly role: Role;
  readonly reason: string;
}

/** The steps in the order in which they are applied, and what stays as it is. */
export interface Plan {
  readonly lab: string;
  readonly steps: readonly Step[];
  readonly unchanged: readonly string[];
}

const ORDER: readonly Action[] = ["build", "remove", "update", "start", "recreate", "create"];

export interface DiffInput {
  readonly lab: string;
  readonly desired: readonly ContainerSpec[];
  readonly keys: ReadonlyMap<string, ProviderKeys>;
  readonly observed: Observed;
  /** Only these providers and what belongs to them; empty means the whole lab. */
  readonly only?: readonly string[];
}

/** Compares what is wanted with what is there. Throws StateError when an unmarked container holds a name that the lab needs. */
export function diffLab({ lab, desired, keys, observed, only = [] }: DiffInput): Plan {
  refuseForeign(lab, desired, observed);
  const present = new Map(labContainersOf(observed.containers, lab).map((found) => [found.name, found]));
  const chosen = desired.filter(
    (spec) => only.length === 0 || only.includes(spec.name) || spec.role !== "bng",
  );
  const steps: Step[] = [];
  const unchanged: string[] = [];
  for (const spec of chosen) {
    const step = compare(spec, present.get(spec.name), keys, observed);
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
  steps.push(...buildSteps(chosen, observed.images));
  steps.sort((one, other) => ORDER.indexOf(one.action) - ORDER.indexOf(other.action));
  return { lab, steps, unchanged };
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
  const inOrder = [...missing.values()].sort((one, other) => buildRank(one.role) - buildRank(other.role));
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

/** The BNG's image first: the others share its layers. */
function buildRank(role: Role): number {
  return IMAGE_ROLES.indexOf(APPLIANCES[role].image);
}

function compare(
  spec: ContainerSpec,
  found: LabContainer | undefined,
  keys: ReadonlyMap<string, ProviderKeys>,
  observed: Observed,
): Step | undefined {
  const step = (action: Action, reason: string): Step => ({
    action,
    name: spec.name,
    role: spec.role,
    reason,
  });
  if (found === undefined) return step("create", "new");
  const parts = changedParts(found.labels[PlanLabel.parts], spec.labels[PlanLabel.parts]);
  if (found.role !== spec.role) return step("recreate", `was a ${found.role}`);
  if (parts.length > 0) return step("recreate", `configuration changed: ${parts.join(", ")}`);
  if (found.labels[Label.configHash] !== spec.labels[Label.configHash]) {
    return step("recreate", "made by another version of mhlab");
  }
  if (found.image !== spec.image) return step("recreate", "image changed");
  const files = changedFiles(spec, keys, observed);
  if (found.state === "created") return step("recreate", "left unfinished by an earlier run");
  if (found.state !== "running" && found.state !== "restarting") {
    return files === undefined ? step("start", "stopped") : step("recreate", `stopped, and ${files}`);
  }
  return files === undefined ? undefined : step("update", files);
}

/** What differs in the files that a container takes without being made anew, in words; undefined when nothing does. */
function changedFiles(
  spec: ContainerSpec,
  keys: ReadonlyMap<string, ProviderKeys>,
  observed: Observed,
): string | undefined {
  if (spec.role === "internet") return changedPeers(spec, keys, observed.internet);
  return spec.role === "bng"
    ? changedKeys(spec, keys.get(spec.name), observed.held?.get(spec.name))
    : undefined;
}

function changedKeys(
  spec: ContainerSpec,
  wanted: ProviderKeys | undefined,
  held: HeldKeys | undefined,
): string | undefined {
  if (held === undefined) return undefined;
  if (held.publicKey !== wanted?.bng) return "its key changed";
  const shared = spec.files.some(({ content }) => "key" in content && content.key.side === "preshared");
  return shared && held.preshared !== wanted?.preshared ? "its pre-shared key changed" : undefined;
}

/** What differs in the internet's tunnels, in words; undefined when nothing does. */
function changedPeers(
  spec: ContainerSpec,
  keys: ReadonlyMap<string, ProviderKeys>,
  internet: FoundInternet | undefined,
): string | undefined {
  const file = spec.files.find(({ content }) => "text" in content);
  const wanted =
    file !== undefined && "text" in file.content ? peersOf(file.content.text) : new Map<string, string>();
  if (internet === undefined) return "its tunnels could not be read";
  const present = peersOf(internet.config);
  const shared = new Set(
    spec.files.flatMap(({ content }) =>
      "key" in content && content.key.side === "preshared" ? [content.key.provider] : [],
    ),
  );
  const differs = (name: string): boolean =>
    present.get(name) !== wanted.get(name) ||
    internet.publicKeys.get(name) !== keys.get(name)?.internet ||
    (shared.has(name) && internet.preshared?.get(name) !== keys.get(name)?.preshared);
  const added = [...wanted.keys()].filter((name) => !present.has(name));
  const removed = [...present.keys()].filter((name) => !wanted.has(name));
  const changed = [...wanted.keys()].filter((name) => present.has(name) && differs(name));
  const words = [
    ...(added.length > 0 ? [`tunnel added: ${added.join(", ")}`] : []),
    ...(removed.length > 0 ? [`tunnel removed: ${removed.join(", ")}`] : []),
    ...(changed.length > 0 ? [`tunnel changed: ${changed.join(", ")}`] : []),
  ];
  return words.length === 0 ? undefined : words.join("; ");
}

function peersOf(text: string): Map<string, string> {
  try {
    const config = JSON.parse(text) as InternetConfig;
    return new Map(config.peers.map((peer) => [peer.provider, JSON.stringify(peer)]));
  } catch {
    return new Map();
  }
}
