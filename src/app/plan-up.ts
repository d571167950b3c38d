import { OperationError } from "../core/model/errors.ts";
import { isEmptyOverride, type RuntimeOverride } from "../core/model/intent/runtime-override.ts";
import { attachedNodes } from "../core/model/lab/attached.ts";
import { enginesOfNodes, keeperName } from "../core/model/lab/engines.ts";
import type { Lab } from "../core/model/lab/model.ts";
import { containerTarget } from "../core/model/links/veth.ts";
import { INTERNET_NAME } from "../core/model/names.ts";
import { NODES } from "../core/render/nodes/registry.ts";
import { IMAGE_ROLES, type ImageRole } from "../core/model/role.ts";
import { labContainers } from "../core/render/plan/appliance.ts";
import { withForce } from "../core/render/plan/force.ts";
import { diffLab } from "../core/render/plan/diff.ts";
import type { Plan } from "../core/render/plan/plan.ts";
import { otherFile } from "../core/render/plan/lab-summary.ts";
import type { HeldFiles, Observed } from "../core/render/nodes/observed.ts";
import { withDigest, type Digest } from "../core/render/plan/options.ts";
import type { ContainerSpec, ProviderKeys } from "../core/render/nodes/spec.ts";
import type { ImageToBuild } from "./ports/engine-writer.ts";
import type { KeyStore } from "./ports/key-store.ts";
import { nodesOf, type Engines, type Seen } from "./agents/engines.ts";
import type { Node, SeenNode } from "./agents/node.ts";
import { askNodes } from "./status.ts";

export interface PlanPorts {
  readonly engines: Engines;
  readonly keys: KeyStore;
  readonly digest: Digest;
  readonly images: () => Promise<Record<ImageRole, ImageToBuild>>;
}

export interface PlanOptions {
  /** Absolute path of the lab file. */
  readonly labFile: string;
  readonly version: string;
  /** Only these providers; empty means all. */
  readonly only: readonly string[];
  /** `--force`: interfaces are taken whatever the host uses them for. */
  readonly force?: boolean;
  /** `--reset`: overrides are emptied; left out, they stay. */
  readonly reset?: boolean;
  /** `--partial`: nodes of engines that do not answer are left out. */
  readonly partial?: boolean;
  /** `--no-build`: the newest image of each role will do. */
  readonly build: boolean;
  /** Whether keys that are missing are made; a dry run makes none. */
  readonly makeKeys: boolean;
  readonly signal: AbortSignal;
}

export interface PlannedLab {
  /** The lab as it was planned: with what an earlier `--force` took. */
  readonly lab: Lab;
  readonly plan: Plan;
  readonly specs: ReadonlyMap<string, ContainerSpec>;
  readonly images: Record<ImageRole, ImageToBuild>;
  /** Each node that the lab is to have. */
  readonly nodes: ReadonlyMap<string, Node>;
  /** What was there. */
  readonly seen: Seen;
  /** Another file that the lab was started from. */
  readonly startedFrom: string | undefined;
  /** The engines on which it is brought up. */
  readonly engines: Engines;
  /** Nodes that are left out, because their engine does not answer. */
  readonly left: readonly string[];
}

/** Reads what is there and computes what `up` has to do. Changes nothing but missing keys. */
export async function planLab(lab: Lab, ports: PlanPorts, options: PlanOptions): Promise<PlannedLab> {
  const engines = await usable(ports.engines, options);
  const away = [...enginesOfNodes(lab).keys()].filter((name) => !engines.serves(name));
  const [all, images] = await Promise.all([
    engines.look(options.signal),
    ports.images(),
    engines.refuseTwins(options.signal),
  ]);
  const seen = without(all, lab.name, away);
  const { containers } = seen;
  const present = nodesOf(seen, lab.name);
  const [keys, foundInternet, held, { overrides, silent }, folders] = await Promise.all([
    providerKeys(lab, ports.keys, options.makeKeys),
    present.find(({ name }) => name === INTERNET_NAME)?.internet(options.signal),
    heldFiles(present, options.signal),
    readOverrides(present, options.signal),
    engineFolders(lab, engines, options.signal),
  ]);
  const forced = withForce(lab, options.force === true, containers);
  const whole = labContainers(forced, {
    keys,
    images: mapRoles((role) => images[role].reference),
    version: options.version,
    labFile: options.labFile,
    engineFolders: folders,
  });
  const current = whole.filter(({ name }) => !away.includes(name));
  const existing = await engines.imagesFor([...new Set(current.map(({ image }) => image))], options.signal);
  const desired = current
    .map((spec) => (options.build ? spec : { ...spec, image: newestImage(spec, existing) }))
    .map((spec) => withDigest(spec, ports.digest));
  const observed = {
    containers,
    images: new Set(existing),
    internet: foundInternet,
    held,
    overrides,
    silent,
  };
  const { only, reset = false } = options;
  const plan = diffLab({ lab: lab.name, desired, keys, observed, only, reset });
  return {
    lab: forced,
    plan,
    specs: new Map(desired.map((spec) => [spec.name, spec])),
    nodes: new Map(desired.map((spec) => [spec.name, engines.node(spec)])),
    images,
    seen,
    engines,
    left: whole.map(({ name }) => name).filter((name) => away.includes(name)),
    startedFrom: startedFromOther(seen, lab.name, options.labFile),
  };
}

/** The engines that a lab is brought up on. Throws HostError when one does not answer and the rest is not wanted. */
async function usable(engines: Engines, { partial = false, signal }: PlanOptions): Promise<Engines> {
  if (partial) return await engines.answering(signal);
  await engines.refuse("to bring up what is on the others: mhlab up --partial", signal);
  return engines;
}

/** What was seen, without nodes that are left as they are, wherever they run. */
function without(seen: Seen, lab: string, names: readonly string[]): Seen {
  const nodes = seen.nodes.filter((node) => node.lab !== lab || !names.includes(node.name));
  const left = new Set(
    seen.nodes.filter((node) => !nodes.includes(node)).map(({ containerId }) => containerId),
  );
  return { ...seen, nodes, containers: seen.containers.filter(({ id }) => !left.has(id)) };
}

/** Where the engines of keepers keep their data; it costs an engine more than other answers, so it is asked only where it serves. */
async function engineFolders(lab: Lab, engines: Engines, signal: AbortSignal): Promise<Map<string, string>> {
  const places = enginesOfNodes(lab);
  const keepers = attachedNodes(lab)
    .filter(({ name, link }) => containerTarget(link) !== undefined && engines.serves(name))
    .map(({ name }) => keeperName(places.get(name)));
  const found = await Promise.all(
    [...new Set(keepers)].map(async (name) => [name, await engines.dataFolder(name, signal)] as const),
  );
  return new Map(found.flatMap(([name, folder]) => (folder === undefined ? [] : [[name, folder] as const])));
}

/** Another file that the lab of a name was started from. */
export function startedFromOther(seen: Seen, lab: string, file: string): string | undefined {
  return otherFile(
    nodesOf(seen, lab).map(({ container }) => container),
    file,
  );
}

/** Asks the nodes that run and can have one. */
async function readOverrides(
  present: readonly SeenNode[],
  signal: AbortSignal,
): Promise<Required<Pick<Observed, "overrides" | "silent">>> {
  const stateful = present.filter(({ role }) => NODES[role].keepsState);
  const running = stateful.filter(({ runs, container }) => runs || container.state === "restarting");
  const answers = running.length === 0 ? [] : await askNodes({ nodes: running, signal });
  const overrides = new Map<string, RuntimeOverride>();
  const silent = new Set<string>();
  for (const { container, reply } of answers) {
    const value = reply?.kind === "answer" ? reply.value : undefined;
    if (value?.role !== "bng") silent.add(container.name);
    else if (value.override !== undefined && !isEmptyOverride(value.override))
      overrides.set(container.name, value.override);
  }
  return { overrides, silent };
}

async function heldFiles(present: readonly SeenNode[], signal: AbortSignal): Promise<Map<string, HeldFiles>> {
  const holders = present.filter(({ role }) => NODES[role].holdsFiles);
  const found = await Promise.all(
    holders.map(async (holder) => [holder.name, await holder.heldFiles(signal)] as const),
  );
  return new Map(found.flatMap(([name, keys]) => (keys === undefined ? [] : [[name, keys] as const])));
}

async function providerKeys(lab: Lab, store: KeyStore, make: boolean): Promise<Map<string, ProviderKeys>> {
  const wanted = lab.providers.map(({ name, wireguard }) => ({
    provider: name,
    bundled: wireguard.kind === "bundled",
    preshared: wireguard.presharedKey,
  }));
  return make
    ? await store.ensure(lab.name, wanted)
    : await store.publicKeys(
        lab.name,
        wanted.map(({ provider }) => provider),
      );
}

function mapRoles(of: (role: ImageRole) => string): Record<ImageRole, string> {
  return Object.fromEntries(IMAGE_ROLES.map((role) => [role, of(role)])) as Record<ImageRole, string>;
}

function newestImage({ image, imageFolder: role }: ContainerSpec, existing: readonly string[]): string {
  if (existing.includes(image)) return image;
  const newest = existing.find((reference) => reference.startsWith(`mhlab/${role}:`));
  if (newest !== undefined) return newest;
  throw new OperationError(
    "MHLAB_IMAGE_MISSING",
    `there is no image mhlab/${role} on this engine, and --no-build forbids to build it`,
    {
      hint: "leave --no-build out, or run: mhlab image build",
      state: "Nothing was changed.",
    },
  );
}
