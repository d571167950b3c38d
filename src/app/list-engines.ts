/** What `mhlab engine ls` tells of each engine. */
import { isPhysical } from "../core/model/host/network.ts";
import { BASE_IMAGE } from "../core/model/names.ts";
import { labContainersOf } from "../core/render/plan/labels.ts";
import type { Engines } from "./agents/engines.ts";
import { whySilent, type NamedEngine } from "./agents/reachable.ts";
import { probeHost } from "./probe-host.ts";

export interface Nic {
  readonly name: string;
  readonly mac: string | null;
  readonly mtu: number;
  readonly carrier: boolean;
}

/** The keys are a contract. What cannot be told is null. */
export interface EngineReport {
  readonly name: string | null;
  readonly host: string;
  readonly reachable: boolean;
  readonly problem: string | null;
  readonly version: string | null;
  readonly apiVersion: string | null;
  readonly operatingSystem: string | null;
  readonly kernel: string | null;
  readonly architecture: string | null;
  /** Load average of the last minute. */
  readonly load: number | null;
  readonly nics: readonly Nic[] | null;
  /** Whether its image of BNGs is that of this mhlab. */
  readonly images: "current" | "other" | "none" | null;
  /** Containers that run another version's image. */
  readonly outdated: readonly string[];
}

const UNKNOWN = {
  version: null,
  apiVersion: null,
  operatingSystem: null,
  kernel: null,
  architecture: null,
  load: null,
  nics: null,
  images: null,
  outdated: [],
} as const;

/** Looks at every engine, and by a short-lived container at its host; `current`: the references of this mhlab's images. */
export async function listEngines(
  engines: Engines,
  current: readonly string[],
  signal: AbortSignal,
): Promise<EngineReport[]> {
  const all = await engines.each(signal);
  return await Promise.all(all.map(async (one) => await reportOf(one, current, signal)));
}

async function reportOf(
  one: NamedEngine,
  current: readonly string[],
  signal: AbortSignal,
): Promise<EngineReport> {
  const { name = null, host, engine, failure } = one;
  const known = { name, host, reachable: failure === undefined, problem: whySilent(one) };
  if (failure !== undefined) return { ...known, ...UNKNOWN };
  const probe = await engine.probe();
  const [facts, images, containers, { load, nics }] = await Promise.all([
    probe.engine(signal),
    engine.reader.listImages(signal),
    engine.reader.listContainers(signal),
    hostOf(one, signal),
  ]);
  const { version, apiVersion, operatingSystem, kernel, architecture } = facts;
  const outdated = labContainersOf(containers).filter(({ image }) => !current.includes(image));
  return {
    ...known,
    version,
    apiVersion,
    operatingSystem,
    kernel,
    architecture,
    load,
    nics,
    images: stateOf(images, current),
    outdated: outdated.map(({ containerName }) => containerName),
  };
}

/** Whether the image of BNGs that an engine has is this mhlab's. */
export function stateOf(images: readonly string[], current: readonly string[]): "current" | "other" | "none" {
  const built = images.filter(isBng);
  if (built.length === 0) return "none";
  return current.some((image) => isBng(image) && built.includes(image)) ? "current" : "other";
}

/** Every lab has a BNG; images of other roles stay behind where no lab needs them any more. */
function isBng(image: string): boolean {
  return image.startsWith("mhlab/bng:");
}

/** Needs an image of which a container can be made; without one, nothing is known of the host. */
async function hostOf(
  { engine }: NamedEngine,
  signal: AbortSignal,
): Promise<Pick<EngineReport, "load" | "nics">> {
  const probe = await engine.probe();
  const { bng, base } = await probe.images(signal);
  const image = bng ?? (base ? BASE_IMAGE : undefined);
  if (image === undefined) return { load: null, nics: null };
  const { runOnce, sshAddress } = probe;
  const { room, network } = await probeHost({ runOnce, image, sshAddress, signal });
  const nics = network?.links.filter(isPhysical).map(({ ifname, address = null, mtu, flags }) => ({
    name: ifname,
    mac: address,
    mtu,
    carrier: flags.includes("LOWER_UP"),
  }));
  return { load: room.load ?? null, nics: nics ?? null };
}
